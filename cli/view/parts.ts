import { Box } from 'ink';
import { createElement as h, type ReactElement } from 'react';
import { countdown, timeOf, windowText } from '../times.ts';
import type { FunctionRow } from './functions.ts';
import { scrolled } from './layout.ts';
import type { LotteryRow } from './lotteries.ts';
import type { Count, ViewState, WinnerRow } from './model.ts';
import { type Column, type Look, line, table } from './table.ts';

/** From so many columns on there is room for more than the least. */
const WIDE = 110;

const looks: Readonly<Record<LotteryRow['state'], Look>> = {
  open: { color: 'green' },
  opens: { color: 'cyan' },
  ending: { color: 'yellow' },
  ended: { dimColor: true },
};

/** @param shown how many rows there is room for */
export function lotteries(
  { lotteries: all, at }: ViewState,
  { shown, selected, columns }: { shown: number; selected: string | undefined; columns: number },
): ReactElement {
  if (all.length === 0)
    return h(
      Box,
      { flexDirection: 'column' },
      line('LOTTERY', { dimColor: true }),
      line('None yet: s starts one'),
    );
  const first = scrolled(
    all.length,
    shown,
    Math.max(
      all.findIndex(({ id }) => id === selected),
      0,
    ),
  );
  const rows = all.slice(first, first + shown);
  const isWide = columns >= WIDE;
  const more =
    all.length > rows.length ? `LOTTERY (${first + 1}-${first + rows.length} of ${all.length})` : 'LOTTERY';
  return table(
    lotteryColumns(more, isWide),
    rows.map((row) => ({
      key: row.id,
      cells: lotteryCells(row, at, row.id === selected, isWide),
      ...(row.state === 'ended' && { look: looks.ended }),
    })),
  );
}

function lotteryColumns(heading: string, isWide: boolean): Column[] {
  return [
    { heading: '', width: 1 },
    { heading },
    { heading: 'RUN', width: 4, isRight: true },
    { heading: 'STATE', width: 6 },
    ...(isWide ? [{ heading: 'WINDOW (UTC)', width: 17 }] : []),
    { heading: 'ENDS IN', width: 10, isRight: true },
    { heading: 'ENTRIES', width: 9, isRight: true },
    { heading: 'DRAWING', width: 7, isRight: true },
    { heading: 'PRIZES', width: 6, isRight: true },
    { heading: 'WON', width: 5, isRight: true },
  ];
}

function lotteryCells(row: LotteryRow, now: number, isSelected: boolean, isWide: boolean) {
  const { name, run, state, windowStart, windowEnd, entries, waiting, prizesLeft, winners } = row;
  const ends =
    windowEnd === undefined ? '' : countdown((state === 'opens' ? (windowStart ?? now) : windowEnd) - now);
  return [
    { text: isSelected ? '>' : ' ', bold: true },
    { text: name, bold: isSelected },
    { text: String(run) },
    { text: state, ...looks[state] },
    ...(isWide ? [{ text: windowText(windowStart, windowEnd, now) }] : []),
    { text: ends },
    { text: state === 'open' ? number(entries) : '' },
    { text: waiting > 0 ? number(waiting) : '' },
    { text: prizesLeft === undefined ? '' : number(prizesLeft) },
    { text: number(winners) },
  ];
}

export function winners(all: readonly WinnerRow[], shown: number): ReactElement {
  const rows = all.slice(0, shown);
  return table(
    [
      { heading: 'WON', width: 8 },
      { heading: 'LOTTERY' },
      { heading: 'USER' },
      { heading: 'PRIZE' },
      { heading: 'OF', width: 5, isRight: true },
    ],
    rows.map(({ drawId, windowEnd, lotteryId, userId, prize = '', entries }) => ({
      key: drawId,
      cells: [timeOf(windowEnd), lotteryId, userId, prize, number(entries)].map((text) => ({ text })),
    })),
    { flexGrow: 1, flexBasis: 0 },
  );
}

/** @param isAsked a number before each, to choose one */
export function functions(
  all: readonly FunctionRow[],
  { shown, isAsked, prefix }: { shown: number; isAsked: boolean; prefix: string },
): ReactElement {
  return table(
    [
      { heading: all.length > shown ? `FUNCTION (${shown} of ${all.length})` : 'FUNCTION' },
      { heading: 'LAG', width: 7, isRight: true },
      { heading: 'UNDONE', width: 6, isRight: true },
      { heading: 'FAILED', width: 6, isRight: true },
    ],
    all.slice(0, shown).map((row, index) => {
      const name = row.name.startsWith(prefix) ? row.name.slice(prefix.length) : row.name;
      return {
        key: row.name,
        cells: [
          { text: isAsked ? `${index + 1} ${name}` : name, bold: isAsked },
          lagOf(row),
          { text: number(row.unfinished) },
          { text: number(row.failures), ...(row.failures > 0 && { color: 'red' }) },
        ],
      };
    }),
    { width: 38, flexShrink: 0 },
  );
}

function lagOf({ isPaused, behindMs }: FunctionRow) {
  if (isPaused) return { text: 'paused', color: 'yellow' };
  return { text: `${(behindMs / 1000).toFixed(1)} s`, ...(behindMs > 10_000 && { color: 'red' }) };
}

/** `3 NO_COUPON, 1 LOTTERY_INACTIVE`. */
export function counts(all: readonly Count[]): string {
  return all.length === 0 ? 'none' : all.map(([what, count]) => `${number(count)} ${what}`).join(', ');
}

export function number(count: number): string {
  return count.toLocaleString('en-US');
}

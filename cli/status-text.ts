import type { RunNow } from '../client/lotteries.ts';
import { isPaused } from '../client/mappings.ts';
import type { LotteryNow, PipelineNow } from '../client/status/status.ts';
import { printable } from './start/describe.ts';
import { table } from './table.ts';
import { countdown, momentText, timeOf, windowText } from './times.ts';

const order = { open: 0, opens: 1, ending: 2, ended: 3 } as const;

/** A line for each lottery: those that take clicks first. */
export function lotteriesText(lotteries: readonly RunNow[], now: number): string {
  if (lotteries.length === 0) return 'No lottery was ever started: lottery start ID';
  return table(
    ['LOTTERY', 'RUN', 'STATE', 'WINDOW (UTC)', 'ENDS IN', 'PRIZES LEFT'],
    lotteries.map(({ lotteryId, run, state, windowStart, windowEnd, prizesLeft }) => [
      String(lotteryId),
      run,
      state,
      windowText(windowStart, windowEnd, now),
      windowEnd === undefined || state === 'opens' ? undefined : countdown(windowEnd - now),
      prizesLeft === undefined ? 'no prizes' : String(prizesLeft.length),
    ]),
  );
}

export function inOrder(left: RunNow, right: RunNow): number {
  const byState = order[left.state] - order[right.state];
  if (byState !== 0) return byState;
  return String(left.lotteryId).localeCompare(String(right.lotteryId), 'en', { numeric: true });
}

export function lotteryText(lottery: LotteryNow, now: number): string {
  const { openDraws, lastWinners } = lottery;
  return [
    headOf(lottery, now),
    countedOf(lottery),
    ...(openDraws.length === 0 ? [] : ['', drawsTable(lottery, now)]),
    ...(lastWinners.length === 0 ? [] : ['', winnersTable(lottery, now)]),
  ].join('\n');
}

function headOf(
  { lotteryId, run, state, windowStart, windowEnd, prizesLeft }: LotteryNow,
  now: number,
): string {
  const name = `Lottery ${printable(String(lotteryId))}, run ${run}: ${state}`;
  const prizes =
    prizesLeft === undefined ? '' : `; prizes left: ${prizesLeft.map(printable).join(', ') || 'none'}`;
  if (windowStart === undefined || windowEnd === undefined) return `${name}${prizes}`;
  const when =
    state === 'opens'
      ? `in ${countdown(windowStart - now)}`
      : `window ${windowText(windowStart, windowEnd, now)} UTC, ends in ${countdown(windowEnd - now)}`;
  return `${name}, ${when}${prizes}`;
}

function countedOf({ windowStart, entries, openDraws, countedUpTo, isBehind, state }: LotteryNow): string {
  const current = openDraws.find((draw) => draw.windowStart === windowStart);
  const so =
    state === 'open' ? `${entries} ${entries === 1 ? 'entry' : 'entries'} so far` : 'No window is open';
  if (current?.isWhole === false) return `${so} at least: not all blocks were read`;
  if (!isBehind || countedUpTo === undefined) return `${so}: all that has come is counted`;
  return `${so}: clicks that came after ${timeOf(countedUpTo)} UTC may not be counted yet`;
}

function drawsTable({ openDraws }: LotteryNow, now: number): string {
  return table(
    ['OPEN DRAW', 'WINDOW (UTC)', 'ENTRIES', 'WAITS FOR'],
    openDraws.map(({ drawId, windowStart, windowEnd, entries, waitsFor }) => [
      drawId,
      windowText(windowStart, windowEnd, now),
      entries,
      waitsFor,
    ]),
  );
}

function winnersTable({ lastWinners }: LotteryNow, now: number): string {
  return table(
    ['LAST WINNERS', 'ENTRIES', 'WINDOW (UTC)', 'PRIZE'],
    lastWinners.map(({ userId, entries, windowStart, prize }) => [
      `user ${userId}`,
      entries,
      momentText(windowStart, now),
      prize,
    ]),
  );
}

/** A window and what comes behind it: for so long what is behind says something, ms. */
const RECENT_MS = 30_000;
const untold =
  'No draw waits, and a shard tells how far it is once a window: what is behind may be done (lottery doctor)';

/** Whether how far shards are was told lately, by who waits for a draw or in the window of now; or nothing tells, as it is paused. */
function isTold({ shards, mappings, queue }: PipelineNow): boolean {
  if (queue.visible + queue.inFlight > 0 || mappings.some(isPaused)) return true;
  return shards.every(({ behindMs }) => behindMs < RECENT_MS);
}

export function pipelineText({ shards, mappings, queue }: PipelineNow, now: number): string {
  return [
    table(
      ['SHARD', 'PROCESSED UP TO (UTC)', 'BEHIND'],
      shards.map(({ shard, watermark, behindMs }) => [
        shard,
        watermark === undefined ? 'nothing yet' : `${timeOf(watermark)}, ${countdown(now - watermark)} ago`,
        behindMs === 0 ? 'nothing waits' : countdown(behindMs),
      ]),
    ),
    ...(isTold({ shards, mappings, queue }) ? [] : [untold]),
    '',
    table(
      ['FUNCTION', 'READS', 'STATE'],
      mappings.map(({ functionName, source, state }) => [functionName, source, state]),
    ),
    '',
    `Ticks: ${queue.delayed} for later, ${queue.visible} due, ${queue.inFlight} in flight`,
  ].join('\n');
}

/**
 * Checks the draws of a file of output events, offline. Read in this order: hashes, merkle, beacon, checks, then this
 * file; events, proof, ledger and sheet only read what is given and sort it.
 */
import { Beacons } from './beacon.ts';
import { checkDraw, checkRun } from './checks.ts';
import { readLine } from './events.ts';
import { type Draw, Ledger, runLabel } from './ledger.ts';
import { ownLine } from './lines.ts';
import { sentenceOn } from './own-receipt.ts';
import { type Report, reportOn } from './report.ts';
import { readSheets } from './sheet.ts';
import type { SheetFile } from './sheet-text.ts';
import { standingsOf } from './standing.ts';

export type { Report, SheetFile };

export type Options = {
  /** The sheets of draws, in any order; those of draws that the file does not have are left out. */
  sheets?: AsyncIterable<SheetFile> | Iterable<SheetFile>;
  /** A player's own line: a ClickAcceptedEvent. */
  receipt?: string;
  /** Of somebody who checks many files: what was checked for one is known for the next. */
  beacons?: Beacons;
};

/**
 * @param lines the lines of both output streams, in any order, one JSON object a line
 * @throws ReceiptError where `receipt` is no receipt
 */
export async function verify(
  lines: AsyncIterable<string> | Iterable<string>,
  { sheets = [], receipt, beacons = new Beacons() }: Options = {},
): Promise<Report> {
  const ledger = new Ledger();
  const own = receipt === undefined ? undefined : receiptIn(receipt);
  if (own !== undefined) ledger.add(own);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    ledger.addLine(line, number);
  }
  const draws = [...ledger.draws.values()].sort(byRunAndWindow);
  await check(draws, ledger, sheets, beacons);
  const report = reportOn(draws, ledger);
  return own === undefined ? report : { ...report, receipt: sentenceOn(own, ledger) };
}

/** What is given as a receipt is none. */
export class ReceiptError extends Error {}

function receiptIn(text: string) {
  const read = readLine(text, ownLine);
  if (read.kind === 'malformed') throw new ReceiptError(read.reason);
  if (read.kind === 'event' && read.event.type === 'ClickAcceptedEvent') return read.event;
  throw new ReceiptError('it is no ClickAcceptedEvent');
}

async function check(
  draws: readonly Draw[],
  ledger: Ledger,
  sheets: NonNullable<Options['sheets']>,
  beacons: Beacons,
): Promise<void> {
  const { findings, starts, ends, signatures, entries } = ledger;
  const runs = new Set([...starts.keys(), ...ends.keys(), ...draws.map(runLabel)]);
  for (const run of runs) checkRun(run, ledger);
  await signatures.check(keysOf(ledger), findings);
  await readSheets(sheets, ledger);
  const standings = standingsOf(ledger);
  for (const draw of draws) {
    const standing = standings.get(draw);
    if (standing !== undefined) checkDraw(draw, standing, ledger, beacons);
  }
  checkSingleWins(draws, ledger);
  if (entries.size === 0) {
    findings.note(
      'no receipts (ClickAcceptedEvent): whether somebody who had one was left out is not checked',
      'all draws',
    );
  }
  if (!draws.some((draw) => draw.winner)) findings.note('no winner (LotteryWinnerEvent)', 'the whole file');
}

function keysOf({ starts }: Ledger): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [run, { receiptKey }] of starts) if (receiptKey !== undefined) keys.set(run, receiptKey);
  return keys;
}

/** An entry is in one draw, and wins once. */
function checkSingleWins(draws: readonly Draw[], ledger: Ledger): void {
  const wins = new Map<string, string>();
  for (const { drawId, winner } of draws) {
    if (winner === undefined) continue;
    const earlier = wins.get(winner.entryId);
    if (earlier !== undefined)
      ledger.findings.failNext(drawId, `entry ${winner.entryId} won ${earlier} as well`);
    wins.set(winner.entryId, drawId);
  }
}

function byRunAndWindow(a: Draw, b: Draw): number {
  if (a.lotteryId !== b.lotteryId) return a.lotteryId < b.lotteryId ? -1 : 1;
  return a.run - b.run || a.windowStart - b.windowStart;
}

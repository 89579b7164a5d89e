/** The checks of a draw's sheet: that it is the one that was named, whole, and says what the events say. */
import { bytesToHex } from './bytes.ts';
import type { Draw, Ledger } from './ledger.ts';
import { lineName } from './lines.ts';
import { rootOfHashes } from './merkle.ts';
import type { Sheet } from './sheet.ts';
import type { Standing } from './standing.ts';
import { isOfRun } from './windows.ts';

/** The one that the winner's event names, if it is there, else the first. */
export function sheetOf({ sheets, winner }: Draw): Sheet | undefined {
  return sheets.find(({ hash }) => hash !== undefined && hash === winner?.sheet) ?? sheets[0];
}

export function checkSheet(draw: Draw, { leftOut }: Standing, ledger: Ledger): void {
  const { findings } = ledger;
  const failNext = (reason: string) => findings.failNext(draw.drawId, reason);
  const [one, another] = draw.sheets;
  if (one && another) failNext(`two different sheets: ${one.name} and ${another.name}`);
  const sheet = sheetOf(draw);
  if (sheet === undefined) {
    checkWithout(draw, ledger);
    return;
  }
  const reasons = [
    ...hashReasons(draw, sheet),
    ...sheet.problems,
    ...ownReasons(sheet),
    ...closeReasons(draw, sheet),
    ...winnerReasons(draw, sheet),
  ];
  for (const reason of reasons) failNext(reason);
  const { first, others } = leftOut;
  if (first !== undefined) {
    const who = `entry ${first.entryId} of user ${first.userId}`;
    failNext(
      `${who} has a receipt (${lineName(first.line)}), was not refunded, and is in no block of the sheet${others}`,
    );
  }
  for (const { entryId } of draw.refunds.values()) {
    if (ledger.entries.isIn(entryId, sheet.number)) failNext(`refunded entry ${entryId} is in the sheet`);
  }
}

/** For want of the sheet by the receipts, which show what was closed where they have all of its blocks. */
function checkWithout(draw: Draw, ledger: Ledger): void {
  const { refunds, drawId } = draw;
  const { findings, entries } = ledger;
  if (isWhole(draw)) {
    for (const { entryId } of refunds.values()) {
      if (entries.get(entryId)?.draw === draw)
        findings.failNext(drawId, `entry ${entryId} is under the closed root, and was refunded`);
    }
    return;
  }
  if (draw.winner !== undefined)
    findings.note(
      'no sheet, and not all blocks in the file: whether each receipt is under the root of its draw is not checked',
      drawId,
    );
  if (refunds.size > 0 && isOfRun(draw, ledger))
    findings.note(
      'no sheet, and not all blocks in the file: whether refunded entries were in the draw is not checked',
      drawId,
    );
}

/** Each receipt of the draw in the file is under its closed root, and all of what is under that has its blocks there. */
export function isWhole(draw: Draw): boolean {
  return hasAllBlocks(draw) && draw.unproven.count === 0 && draw.astray.count === 0;
}

/** The receipts name as many blocks as were closed, with the root that was closed: each is in the draw, and no other. */
function hasAllBlocks({ close, roots }: Draw): boolean {
  if (close === undefined || close.blocks !== roots.size) return false;
  return bytesToHex(rootOfHashes([...roots])) === close.windowRoot;
}

function hashReasons({ winner }: Draw, { name, hash }: Sheet): string[] {
  if (winner?.sheet === undefined || hash === undefined || winner.sheet === hash) return [];
  return [`the sheet ${name} is not the one that the winner's event names: its SHA-256 is ${hash}`];
}

/** What its first line says of the rest. Nothing of one that was not read to its end. */
function ownReasons({ name, hash, header, blocks, entries, windowRoot, lowest }: Sheet): string[] {
  if (hash === undefined) return [];
  const says = differences(`the sheet ${name}`, [
    ['blocks', header.blocks, 'it has', blocks],
    ['windowRoot', header.windowRoot, 'its blocks have', windowRoot],
    ['entries', header.entries, 'it has', entries],
  ]);
  if (lowest === undefined) return says;
  const best = `entry ${lowest.entryId} of user ${lowest.userId}`;
  if (lowest.entryId !== header.winner.entryId)
    return [...says, `the sheet ${name}: ${best} has a lower priority than the winner`];
  // Without its receipt only its block says whose the winning entry is.
  return lowest.userId === header.winner.userId
    ? says
    : [...says, `the sheet ${name}: ${best} won, and its first line says user ${header.winner.userId}`];
}

function closeReasons({ close }: Draw, { name, header }: Sheet): string[] {
  if (close === undefined) return [];
  const it = 'the close says';
  return differences(`the sheet ${name}`, [
    ['windowRoot', header.windowRoot, it, close.windowRoot],
    ['blocks', header.blocks, it, close.blocks],
    ['windowSeedCommitment', header.windowSeedCommitment, it, close.commitment],
    ['closedAt', header.closedAt, it, close.closedAt],
    ['round', header.round, it, close.round],
    ['chainHash', header.chainHash, it, close.chainHash],
    ['windowEnd', header.windowEnd, it, close.windowEnd],
  ]);
}

function winnerReasons({ winner, ...draw }: Draw, { name, header }: Sheet): string[] {
  const it = "the winner's event says";
  const named = differences(`the sheet ${name}`, [
    ['lotteryId', header.lotteryId, 'its drawId says', draw.lotteryId],
    ['run', header.run, 'its drawId says', draw.run],
    ['windowStart', header.windowStart, 'its drawId says', draw.windowStart],
  ]);
  if (winner === undefined) return named;
  return [
    ...named,
    ...differences(`the sheet ${name}`, [
      ['windowEnd', header.windowEnd, it, winner.windowEnd],
      ['windowRoot', header.windowRoot, it, winner.windowRoot ?? header.windowRoot],
      ['windowSeed', header.windowSeed, it, winner.windowSeed],
      ['beaconSignature', header.beaconSignature, it, winner.beaconSignature],
      ['entries', header.entries, it, winner.entries],
      ['winner', header.winner.entryId, it, winner.entryId],
      ["winner's user", header.winner.userId, it, winner.userId],
      ['priority', header.winner.priority, it, winner.priority],
      ['prize', header.prize, it, winner.prize],
    ]),
  ];
}

type Value = string | number | undefined;

/** @param pairs what is compared, its value in the sheet, who else says it, and what */
function differences(where: string, pairs: readonly [string, Value, string, Value][]): string[] {
  return pairs
    .filter(([, own, , other]) => own !== other)
    .map(([what, own, who, other]) => `${where} says ${what} ${own ?? 'of none'}, ${who} ${other ?? 'none'}`);
}

/** The checks of one run of a lottery and of one draw. `docs/fairness.md` says why each holds. */
import type { Beacons } from './beacon.ts';
import { checkBeacon, checkClose, checkPromises } from './close.ts';
import type { Refund, Winner } from './events.ts';
import { drawSeed, priority, seedCommitment } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { lineName } from './lines.ts';
import { derivedSeed } from './seeds.ts';
import { checkSheet } from './sheets.ts';
import type { Standing } from './standing.ts';
import { checkWindow, isOfRun } from './windows.ts';

/** The seed against the commitment that was published before the first click. */
export function checkRun(run: string, ledger: Ledger): void {
  const { findings, starts, ends } = ledger;
  const start = starts.get(run);
  const end = ends.get(run);
  if (start === undefined) {
    findings.note(
      'no start (LotteryStartedEvent), so no commitment made before the clicks, no key of receipts, no windows, and no prizes',
      run,
    );
  }
  checkPromises(run, ledger);
  if (end === undefined) {
    findings.note('no end (LotteryEndedEvent): seed not revealed yet', run);
    return;
  }
  const commitment = seedCommitment(end.seed);
  if (start !== undefined && commitment !== start.commitment) {
    findings.failNext(run, 'the seed does not fit the seedCommitment published at the start');
  }
  if (commitment !== end.commitment)
    findings.failNext(run, 'the seed does not fit the seedCommitment beside it');
}

type Case = {
  readonly draw: Draw;
  readonly standing: Standing;
  readonly ledger: Ledger;
  readonly fail: (reason: string) => void;
  /** For the checks that rest on each other: `Findings.failNext`. */
  readonly failNext: (reason: string) => void;
};

export function checkDraw(draw: Draw, standing: Standing, ledger: Ledger, beacons: Beacons): void {
  const { findings } = ledger;
  const { winner } = draw;
  const fail = (reason: string) => findings.fail(draw.drawId, reason);
  const failNext = (reason: string) => findings.failNext(draw.drawId, reason);
  const subject: Case = { draw, standing, ledger, fail, failNext };
  checkWindow(draw, ledger);
  checkReceipts(subject);
  for (const refund of draw.refunds.values()) checkRefund(refund, subject);
  checkSeed(subject);
  checkClose(draw, ledger);
  checkBeacon(draw, ledger, beacons);
  checkSheet(draw, standing, ledger);
  if (winner === undefined) {
    checkUndrawn(subject);
    return;
  }
  checkWinner(winner, subject);
  checkUnbeaten(subject);
  checkEntries(winner, subject);
  checkPrize(winner, subject);
}

/** Each accepted click has a receipt that leads from it to the root that it names. */
function checkReceipts({ draw: { astray, unproven, drawId }, ledger, fail }: Case): void {
  if (astray.count > 0)
    fail(`the receipt on ${lineName(astray.first)} does not lead from its entry to its root${astray.others}`);
  if (unproven.count === 0) return;
  const draw = ledger.draws.get(drawId);
  if (draw && ledger.starts.get(runLabel(draw))?.receiptKey !== undefined)
    fail(`the click on ${lineName(unproven.first)} was accepted without a receipt${unproven.others}`);
  else ledger.findings.note('no receipt in accepted clicks: nothing proves them', drawId);
}

function checkSeed({ draw, ledger, failNext }: Case): void {
  const { winner } = draw;
  if (winner === undefined) return;
  const derived = derivedSeed(draw, ledger);
  if (derived !== undefined && winner.windowSeed !== derived)
    failNext('windowSeed does not come from the revealed seed');
  // Blamed on the lottery's seed, which is checked before.
  const run = runLabel(draw);
  if (derived === undefined && ledger.ends.has(run))
    ledger.findings.follow(run, `the windowSeed of draw ${draw.drawId} does not come from that seed`);
}

/** The winner's own numbers, and that it is an entry of this draw and of this user. */
function checkWinner(winner: Winner, { draw, ledger, failNext }: Case): void {
  const { entryId } = winner;
  const seed = drawSeed(winner.windowSeed, winner.beaconSignature);
  if (winner.priority !== priority(seed, entryId))
    failNext('priority is not SHA-256("<drawSeed>:<entryId>")');
  if (draw.refunds.has(entryId)) failNext(`entry ${entryId} won, and was also refunded`);
  const known = ledger.entries.get(entryId);
  if (known === undefined) {
    ledger.findings.note('no receipt of the winner: its user is not checked', draw.drawId);
  } else if (known.userId !== winner.userId) {
    failNext(`user ${winner.userId} won with an entry of user ${known.userId} (${lineName(known.line)})`);
  } else if (known.draw !== draw) {
    failNext(`entry ${entryId} has a receipt for another draw (${lineName(known.line)})`);
  }
}

/** No entry of the draw has a lower priority than the winner. Where there is a sheet, that says which are in the draw. */
function checkUnbeaten({ standing: { better }, failNext }: Case): void {
  const { first, others } = better;
  if (first === undefined) return;
  const who = `entry ${first.entryId} of user ${first.userId} (${lineName(first.line)})`;
  failNext(`${who} has a lower priority than the winner, and was not refunded${others}`);
}

/** How many entries have a receipt, but for those refunded. */
function receiptsOf(draw: Draw, { entries }: Ledger): number {
  const refunded = [...draw.refunds.keys()].filter((entryId) => entries.get(entryId)?.draw === draw);
  return draw.receipts - refunded.length;
}

/** The draw counts each entry once. Where it counts more than the file has, receipts may be missing there. */
function checkEntries({ entries }: Winner, { draw, ledger, failNext }: Case): void {
  const known = receiptsOf(draw, ledger);
  if (known > entries) failNext(`${entries} entries were counted, and ${known} have a receipt`);
  if (known < entries && known > 0)
    ledger.findings.note('fewer receipts in the file than entries were counted', draw.drawId);
}

/**
 * A note while the lottery runs, since the file may stop before the draw; a failure once the lottery has ended, which it
 * does after its draws. What is in no window of the run is refunded instead, which may be after that. What was closed is
 * drawn: nothing can be refunded from it, and whoever does not like its winner may not leave it.
 */
function checkUndrawn({ draw, ledger, failNext }: Case): void {
  const isClosed = draw.close !== undefined;
  if (!isClosed && receiptsOf(draw, ledger) === 0) return;
  if (!isClosed && !isOfRun(draw, ledger))
    ledger.findings.note('no refund in the file of entries that are in no window of their run', draw.drawId);
  else if (ledger.ends.has(runLabel(draw)) && !ledger.unreadable.has('LotteryWinnerEvent'))
    failNext(`${isClosed ? 'closed' : 'entries'} without a winner, and the lottery has ended`);
  else ledger.findings.note('no winner in the file for draws', draw.drawId);
}

/** Who was refunded had the entry. From a draw that was closed only what somebody processed after that is refunded. */
function checkRefund({ entryId, userId, line }: Refund, { draw, ledger, failNext }: Case): void {
  const { findings, entries } = ledger;
  const known = entries.get(entryId);
  if (known === undefined) findings.note('no receipt of a refunded entry', `${draw.drawId} (line ${line})`);
  else if (known.userId !== userId) failNext(`refunded entry ${entryId} changed its user (line ${line})`);
  else if (known.draw !== draw) failNext(`refunded entry ${entryId} was never in this draw (line ${line})`);
  if (isOfRun(draw, ledger))
    findings.note(
      'refunded from a window of its run: its operator says that it came after the close',
      `${draw.drawId} (line ${line})`,
    );
}

/** Prize i belongs to window i, counted from the first window. */
function checkPrize(winner: Winner, { draw, ledger, fail }: Case): void {
  const start = ledger.starts.get(runLabel(draw));
  if (start === undefined) return;
  const { prizes, firstWindowStart } = start;
  if (prizes === undefined) {
    if (winner.prize !== undefined) fail(`prize "${winner.prize}" in a lottery without prizes`);
  } else if (firstWindowStart === undefined) {
    ledger.findings.note('no firstWindowStart in the start: prizes not checked', runLabel(draw));
  } else {
    const window = (winner.windowStart - firstWindowStart) / start.windowMs;
    const promised = prizes[window];
    if (promised === undefined) fail(`no prize was promised for this window, number ${window} from 0`);
    else if (winner.prize !== promised)
      fail(`prize ${JSON.stringify(winner.prize)}, but "${promised}" was promised`);
  }
}

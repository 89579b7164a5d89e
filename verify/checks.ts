/** The checks of one run of a lottery and of one draw. `docs/fairness.md` says why each holds. */
import type { Receipt, Refund, Winner } from './events.ts';
import { priority, seedCommitment, windowSeed } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { checkWindow, isOfRun } from './windows.ts';

/** The seed against the commitment that was published before the first click. */
export function checkRun(run: string, { findings, starts, ends }: Ledger): void {
  const start = starts.get(run);
  const end = ends.get(run);
  if (start === undefined) {
    findings.note(
      'no start (LotteryStartedEvent), so no commitment made before the clicks, no windows, and no prizes',
      run,
    );
  }
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
  readonly ledger: Ledger;
  /** The window's seed: from the lottery's seed if that is revealed, else what the winner's event says. */
  readonly seed: string | undefined;
  readonly revealed: boolean;
  readonly fail: (reason: string) => void;
  /** For the checks that rest on each other: `Findings.failNext`. */
  readonly failNext: (reason: string) => void;
};

export function checkDraw(draw: Draw, ledger: Ledger): void {
  const { findings, ends } = ledger;
  const { winner } = draw;
  const fail = (reason: string) => findings.fail(draw.drawId, reason);
  const failNext = (reason: string) => findings.failNext(draw.drawId, reason);
  const derived = derivedSeed(draw, ledger);
  const seed = derived ?? winner?.windowSeed;
  const subject: Case = { draw, ledger, seed, revealed: ends.has(runLabel(draw)), fail, failNext };
  checkWindow(draw, ledger);
  for (const refund of draw.refunds.values()) checkRefund(refund, subject);
  if (winner === undefined) {
    checkUndrawn(subject);
    return;
  }
  if (derived !== undefined && winner.windowSeed !== derived)
    failNext('windowSeed does not come from the revealed seed');
  checkWinner(winner, subject);
  checkUnbeaten(winner, subject);
  checkEntries(winner, subject);
  checkPrize(winner, subject);
}

/**
 * What the window's seed must be. Nothing where the lottery's seed is not the one that was promised and does not give
 * the winner's either: that seed is to blame, once, and not every draw that it does not fit.
 */
function derivedSeed(draw: Draw, { ends, findings }: Ledger): string | undefined {
  const run = runLabel(draw);
  const end = ends.get(run);
  if (end === undefined) return undefined;
  const derived = windowSeed(end.seed, draw.lotteryId, draw.windowStart);
  const { winner } = draw;
  if (!findings.failures.has(run) || winner === undefined || winner.windowSeed === derived) return derived;
  findings.follow(run, `the windowSeed of draw ${draw.drawId} does not come from that seed`);
  return undefined;
}

/** The winner's own numbers, and that it is an entry of this draw and of this user. */
function checkWinner(winner: Winner, { draw, ledger, failNext: fail }: Case): void {
  const { entryId } = winner;
  if (winner.priority !== priority(winner.windowSeed, entryId)) {
    fail('priority is not SHA-256("<windowSeed>:<entryId>")');
  }
  if (draw.refunds.has(entryId)) fail(`entry ${entryId} won, and was also refunded`);
  const own = draw.receipts.get(entryId);
  const known = own ?? ledger.receipts.get(entryId);
  if (known === undefined) {
    ledger.findings.note('no receipt of the winner: its user is not checked', draw.drawId);
  } else if (known.userId !== winner.userId) {
    fail(`user ${winner.userId} won with an entry of user ${known.userId} (line ${known.line})`);
  } else if (own === undefined) {
    fail(`entry ${entryId} has a receipt for another draw (line ${known.line})`);
  }
}

/** No entry of the draw has a lower priority than the winner. */
function checkUnbeaten(winner: Winner, { draw, failNext: fail, seed = winner.windowSeed }: Case): void {
  const lowest = priority(seed, winner.entryId);
  const better = entriesOf(draw).filter(({ entryId }) => priority(seed, entryId) < lowest);
  const [first] = better;
  if (first === undefined) return;
  const who = `entry ${first.entryId} of user ${first.userId} (line ${first.line})`;
  const others = better.length > 1 ? `, and ${better.length - 1} more` : '';
  fail(`${who} has a lower priority than the winner, and was not refunded${others}`);
}

/** Its receipts, but for what was refunded. */
function entriesOf({ receipts, refunds }: Draw): Receipt[] {
  return [...receipts.values()].filter(({ entryId }) => !refunds.has(entryId));
}

/** The draw counts each entry once. Where it counts more than the file has, receipts may be missing there. */
function checkEntries({ entries }: Winner, { draw, ledger, fail }: Case): void {
  const { length } = entriesOf(draw);
  if (length > entries) fail(`${entries} entries were counted, and ${length} have a receipt`);
  if (length < entries && length > 0)
    ledger.findings.note('fewer receipts in the file than entries were counted', draw.drawId);
}

/**
 * A note while the lottery runs, since the file may stop before the draw; a failure once the lottery has ended, which it
 * does after its draws. What is in no window of the run is refunded instead, which may be after that.
 */
function checkUndrawn({ draw, ledger, revealed, failNext: fail }: Case): void {
  if (entriesOf(draw).length === 0) return;
  if (!isOfRun(draw, ledger))
    ledger.findings.note('no refund in the file of entries that are in no window of their run', draw.drawId);
  else if (revealed && !ledger.hasUnreadableWinner)
    fail('entries without a winner, and the lottery has ended');
  else ledger.findings.note('no winner in the file for draws', draw.drawId);
}

/** Who was refunded had the entry. From a draw that was made only what somebody processed after it is refunded. */
function checkRefund({ entryId, userId, line }: Refund, { draw, ledger, failNext: fail }: Case): void {
  const { findings } = ledger;
  const known = draw.receipts.get(entryId) ?? ledger.receipts.get(entryId);
  if (known === undefined) findings.note('no receipt of a refunded entry', `${draw.drawId} (line ${line})`);
  else if (known.userId !== userId) fail(`refunded entry ${entryId} changed its user (line ${line})`);
  else if (!draw.receipts.has(entryId))
    fail(`refunded entry ${entryId} was never in this draw (line ${line})`);
  if (isOfRun(draw, ledger))
    findings.note(
      'refunded from a window of its run: its operator says that it came after the draw',
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

/** The checks of one run of a lottery and of one draw. `docs/fairness.md` says why each holds. */
import type { Move, Receipt, Refund, Winner } from './events.ts';
import { priority, seedCommitment, windowSeed } from './hashes.ts';
import { type Contender, type Draw, type Ledger, runLabel } from './ledger.ts';

/** The seed against the commitment that was published before the first click. */
export function checkRun(run: string, { findings, starts, ends }: Ledger): void {
  const start = starts.get(run);
  const end = ends.get(run);
  if (start === undefined) {
    findings.note(
      'no start (LotteryStartedEvent), so no commitment made before the clicks, and no prizes',
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
  if (winner === undefined) {
    for (const late of draw.late.values()) checkLate(late, subject);
    checkUndrawn(subject);
    return;
  }
  if (derived !== undefined && winner.windowSeed !== derived)
    failNext('windowSeed does not come from the revealed seed');
  checkWinner(winner, subject);
  for (const late of draw.late.values()) checkLate(late, subject);
  checkUnbeaten(winner, subject);
  checkTimes(winner, subject);
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
  if (draw.late.has(entryId)) fail(`entry ${entryId} won, and was also moved or refunded as too late`);
  const contender = draw.contenders.get(entryId);
  const known = contender ?? ledger.receipts.get(entryId);
  if (known === undefined) {
    ledger.findings.note('no receipt of the winner: its user is not checked', draw.drawId);
  } else if (known.userId !== winner.userId) {
    fail(`user ${winner.userId} won with an entry of user ${known.userId} (line ${known.line})`);
  } else if (contender === undefined) {
    fail(
      `entry ${entryId} has a receipt for another draw (line ${known.line}) and was not moved to this one`,
    );
  }
}

/** No entry that was in the running has a lower priority than the winner. */
function checkUnbeaten(winner: Winner, subject: Case): void {
  const { failNext: fail, seed = winner.windowSeed } = subject;
  const lowest = priority(seed, winner.entryId);
  const better = inTheRunning(subject).filter(({ entryId }) => priority(seed, entryId) < lowest);
  const [first] = better;
  if (first === undefined) return;
  const who = `entry ${first.entryId} of user ${first.userId} (line ${first.line})`;
  const others = better.length > 1 ? `, and ${better.length - 1} more` : '';
  fail(`${who} has a lower priority than the winner, and was not moved or refunded${others}`);
}

/**
 * The entries that could have won: not the late ones, nor those with a higher priority than a late one. Such
 * an entry lost whatever the time: had all come in time, the late one would have won. The late one competes
 * in another draw or its coupon was given back, and nobody inherits its place.
 */
function inTheRunning({ draw, seed }: Case): Contender[] {
  const onTime = [...draw.contenders.values()].filter(({ entryId }) => !draw.late.has(entryId));
  if (seed === undefined || draw.late.size === 0) return onTime;
  const bestLate = [...draw.late.keys()]
    .map((entryId) => priority(seed, entryId))
    .reduce((low, next) => (next < low ? next : low));
  return onTime.filter(({ entryId }) => priority(seed, entryId) < bestLate);
}

/** The window's bounds, and that no click is later. */
function checkTimes(winner: Winner, subject: Case): void {
  const { windowStart, windowEnd } = winner;
  if (windowEnd <= windowStart || windowStart % (windowEnd - windowStart) !== 0) {
    subject.failNext(`windowEnd ${windowEnd} does not fit windowStart ${windowStart}`);
    return;
  }
  for (const entry of subject.draw.contenders.values()) {
    if (entry.type === 'ClickAcceptedEvent') checkTimestamp(entry, winner, subject);
  }
}

/** A click that arrived after its own window's grace is in the window of its arrival, a later one: never an earlier. */
function checkTimestamp(receipt: Receipt, { windowEnd }: Winner, { fail }: Case): void {
  if (receipt.timestamp < windowEnd) return;
  fail(`the click on line ${receipt.line} has timestamp ${receipt.timestamp}, which is after this window`);
}

/**
 * A note while the lottery runs, since the file may stop before the draw; a failure once the lottery has ended.
 * Entries that were all too late need no winner, but one that was moved did: it was too late for a drawn winner.
 */
function checkUndrawn(subject: Case): void {
  const { draw, ledger, revealed, failNext: fail } = subject;
  const moved = [...draw.late.values()].some(({ type }) => type === 'EntryMovedEvent');
  if (!moved && inTheRunning(subject).length === 0) return;
  if (revealed && !ledger.hasUnreadableWinner)
    fail(
      'entries without a winner, and the lottery has ended (the file may stop too early: a draw can follow the end)',
    );
  else ledger.findings.note('no winner in the file for draws', draw.drawId);
}

/** A late entry was in the draw that it missed. If it was moved: it would have won, and goes to a later draw. */
function checkLate(late: Move | Refund, { draw, ledger, seed, failNext: fail }: Case): void {
  const { entryId, line } = late;
  const known = draw.contenders.get(entryId) ?? ledger.receipts.get(entryId);
  if (known === undefined)
    ledger.findings.note('no receipt of a late entry', `${draw.drawId} (line ${line})`);
  else if (known.userId !== late.userId) fail(`late entry ${entryId} changed its user (line ${line})`);
  else if (!draw.contenders.has(entryId)) fail(`late entry ${entryId} was never in this draw (line ${line})`);
  if (late.type === 'CouponRefundedEvent') return;
  if (late.draw.windowStart <= draw.windowStart || late.draw.run !== draw.run) {
    fail(
      `entry ${entryId} was not moved to a later draw of its run but to ${late.draw.drawId} (line ${line})`,
    );
  }
  const { winner } = draw;
  if (winner && seed && priority(seed, entryId) > priority(seed, winner.entryId)) {
    fail(`entry ${entryId} lost here and got a second chance in ${late.draw.drawId} (line ${line})`);
  }
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
    const window = (winner.windowStart - firstWindowStart) / (winner.windowEnd - winner.windowStart);
    const promised = prizes[window];
    if (promised === undefined) fail(`no prize was promised for this window, number ${window} from 0`);
    else if (winner.prize !== promised)
      fail(`prize ${JSON.stringify(winner.prize)}, but "${promised}" was promised`);
  }
}

import type { SourcedEvent } from './decode.ts';
import type { LotteryEvent } from './events.ts';
import { idToWire, recordIdOf } from './ids.ts';
import type { LotteryRun } from './lottery.ts';
import type { LotteryOutcome } from './lottery-outcome.ts';
import type { Rejection, RejectionReason } from './reasons.ts';
import type { EventRejectedEvent } from './rejected-event.ts';
import { rejectedEvent } from './rejected-event.ts';

/** What the lottery-events function puts on lottery-events-output. */
export type LotteryOutput = LotteryStartedEvent | LotteryStoppedEvent | EventRejectedEvent;

export interface LotteryStartedEvent {
  readonly type: 'LotteryStartedEvent';
  readonly lotteryId: number | string;
  readonly run: number;
  /** SHA-256 of the run's seed, hex: the promise that the reveal at the end is checked against. */
  readonly seedCommitment: string;
  /** With prizes: the start of the window of the first one, ms; each window after it has the next. */
  readonly firstWindowStart?: number;
  readonly prizes?: readonly string[];
  readonly recordId: string;
}

export interface LotteryStoppedEvent {
  readonly type: 'LotteryStoppedEvent';
  readonly lotteryId: number | string;
  readonly run: number;
  /** The window in which it was stopped, ms: the last one. */
  readonly lastWindowStart: number;
  readonly recordId: string;
}

/**
 * @param run the run that a 'started' outcome speaks of; it may have been stopped or ended since
 * @throws Error when a 'started' outcome comes without its run
 */
export function lotteryOutput(
  sourced: SourcedEvent<LotteryEvent>,
  outcome: LotteryOutcome,
  run: LotteryRun | undefined,
): LotteryOutput {
  const lotteryId = idToWire(sourced.event.lotteryId);
  const recordId = recordIdOf(sourced.record.source);
  switch (outcome.kind) {
    case 'started':
      if (run?.run !== outcome.run) throw new Error(`Run ${outcome.run} of lottery ${lotteryId} is missing`);
      return {
        type: 'LotteryStartedEvent',
        lotteryId,
        run: outcome.run,
        seedCommitment: run.seedCommitment,
        ...(run.prizes && {
          firstWindowStart: run.firstWindowStart,
          prizes: run.prizes,
        }),
        recordId,
      };
    case 'stopped':
      return {
        type: 'LotteryStoppedEvent',
        lotteryId,
        run: outcome.run,
        lastWindowStart: outcome.lastWindowStart,
        recordId,
      };
    case 'rejected':
      return rejectedEvent({ ...sourced, rejection: rejectionOf(sourced.event, outcome.reason) });
    default:
      return outcome satisfies never;
  }
}

function rejectionOf(event: LotteryEvent, reason: RejectionReason): Rejection {
  return { reason, message: messageOf(event) };
}

function messageOf({ type, lotteryId }: LotteryEvent): string {
  switch (type) {
    case 'LotteryStartEvent':
      return `Cannot start already started lottery, lotteryId: ${lotteryId}`;
    case 'LotteryStopEvent':
      return `Cannot stop inactive lottery, lotteryId: ${lotteryId}`;
    default:
      return type satisfies never;
  }
}

import type { BeaconChain } from './beacon.ts';
import type { SourcedEvent } from './decode.ts';
import type { LotteryEvent } from './events.ts';
import { idToWire, recordIdOf } from './ids.ts';
import type { LotteryRun } from './lottery.ts';
import type { LotteryOutcome } from './lottery-outcome.ts';
import type { Rejection, RejectionReason } from './reasons.ts';
import { noRoomMessage } from './rejected.ts';
import type { EventRejectedEvent } from './rejected-event.ts';
import { rejectedEvent } from './rejected-event.ts';
import { inWords, isoOf } from './times-in-words.ts';

/** What the lottery-events function puts on lottery-events-output. */
export type LotteryOutput = LotteryStartedEvent | LotteryStoppedEvent | EventRejectedEvent;

export interface LotteryStartedEvent {
  readonly type: 'LotteryStartedEvent';
  readonly lotteryId: number | string;
  readonly run: number;
  /** SHA-256 of the run's seed, hex: the promise that the reveal at the end is checked against. */
  readonly seedCommitment: string;
  /** What receipts are checked with: SubjectPublicKeyInfo of an ECDSA P-256 key, base64. */
  readonly receiptKey: string;
  /** Whose rounds decide its draws, or, where there is none, that the seed alone does. */
  readonly beacon?: BeaconChain;
  readonly randomness?: 'seed';
  /** Of its windows, ms, and of their grace (docs/events.md). */
  readonly windowMs: number;
  readonly graceMs: number;
  /** The start of the first window, ms; with prizes that of the first one, and each window after it has the next. */
  readonly firstWindowStart?: number;
  /** Where old events are replayed: windows go by the clicks' own times alone. */
  readonly replay?: true;
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
        receiptKey: run.receiptKey,
        ...(run.beacon ? { beacon: run.beacon } : { randomness: 'seed' }),
        windowMs: run.windowMs,
        graceMs: run.graceMs,
        ...(run.firstWindowStart !== undefined && { firstWindowStart: run.firstWindowStart }),
        ...(run.prizes && { prizes: run.prizes }),
        ...(run.replay && { replay: run.replay }),
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
      return rejectedEvent({ ...sourced, rejection: rejectionOf(sourced, outcome.reason) });
    default:
      return outcome satisfies never;
  }
}

function rejectionOf({ event, record }: SourcedEvent<LotteryEvent>, reason: RejectionReason): Rejection {
  if (reason === 'TOO_MANY_IN_RECORD') return { reason, message: noRoomMessage };
  if (reason !== 'TIMESTAMP_OUT_OF_RANGE' || event.type !== 'LotteryStartEvent') {
    return { reason, message: messageOf(event) };
  }
  const { timestamp = 0 } = event;
  const limit = `must leave a window for a prize after its arrival at ${isoOf(record.arrival)}`;
  return { reason, message: `timestamp ${limit}, was ${inWords(timestamp)}`, field: 'timestamp' };
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

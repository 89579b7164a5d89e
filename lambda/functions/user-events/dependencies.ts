import type { SourcedEvent } from '../../core/decode.ts';
import type { UserEvent } from '../../core/events.ts';
import type { UserOutcome } from '../../core/user-outcome.ts';
import type {
  BlockWriter,
  Grants,
  LotteryRuns,
  ReceiptSigner,
  Refunds,
  StreamPublisher,
  UserStore,
} from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Watermarks } from '../watermarks.ts';
import type { ReplayClock } from './replay-clock.ts';

export interface UserEventsSettings {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance, as in a replay. */
  readonly toleranceMs: number | undefined;
  readonly marginMs: number;
  readonly retentionMs: number;
}

export interface UserEventsDependencies {
  readonly settings: UserEventsSettings;
  readonly users: UserStore;
  readonly lotteries: LotteryRuns;
  readonly refunds: Refunds;
  readonly grants: Grants;
  readonly blocks: BlockWriter;
  readonly signer: ReceiptSigner;
  readonly outputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly watermarks: Watermarks;
  /** There is one in a replay. */
  readonly replayClock: ReplayClock | undefined;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to below 1. */
  readonly random: () => number;
}

/** An outcome to publish; `undefined` outcomes (settled long ago) are left out before. */
export interface Settled {
  readonly sourced: SourcedEvent<UserEvent>;
  readonly outcome: UserOutcome;
}

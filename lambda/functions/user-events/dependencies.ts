import type { SourcedEvent } from '../../core/decode.ts';
import type { UserEvent } from '../../core/events.ts';
import type { UserOutcome } from '../../core/user-outcome.ts';
import type { ClickTiming } from '../../core/window.ts';
import type { LotteryRuns, Refunds, Seeds, StreamPublisher, UserStore } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TickRequests } from '../ticks/requests.ts';

export interface UserEventsSettings extends ClickTiming {
  readonly retentionMs: number;
  readonly parallelizationFactor: number;
}

export interface UserEventsDependencies {
  readonly settings: UserEventsSettings;
  readonly users: UserStore;
  readonly lotteries: LotteryRuns;
  readonly seeds: Seeds;
  readonly refunds: Refunds;
  readonly outputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly ticks: TickRequests;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** An outcome to publish; `undefined` outcomes (settled long ago) are left out before. */
export interface Settled {
  readonly sourced: SourcedEvent<UserEvent>;
  readonly outcome: UserOutcome;
}

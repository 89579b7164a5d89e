import type { DrawTiming } from '../../core/window.ts';
import type { DrawStore, LotteryEndings, LotteryRuns, Seeds, StreamPublisher } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TickRequests } from '../ticks/requests.ts';

/** What the draw function needs of the world. */
export interface DrawDependencies {
  readonly settings: DrawTiming;
  readonly lotteries: LotteryRuns & LotteryEndings;
  readonly seeds: Seeds;
  readonly draws: DrawStore;
  readonly lotteryOutputs: StreamPublisher;
  readonly userOutputs: StreamPublisher;
  readonly userInputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly ticks: TickRequests;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

/** How many items of a table are written at a time. */
export const writesInFlight = 16;

import type {
  Beacon,
  Blocks,
  ClosedDrawStore,
  DrawStore,
  LotteryEndings,
  LotteryRuns,
  OpenDrawStore,
  RefundStore,
  Seeds,
  SheetWriter,
  StreamPublisher,
  TickQueue,
} from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** What the draw function needs of the world. */
export interface DrawDependencies {
  /** Whether old events are replayed: windows are not due by the time of day. */
  readonly isReplay: boolean;
  readonly lotteries: LotteryRuns & LotteryEndings;
  readonly seeds: Seeds;
  readonly draws: DrawStore;
  readonly closedDraws: ClosedDrawStore;
  readonly refunds: RefundStore;
  readonly openDraws: OpenDrawStore;
  readonly blocks: Blocks;
  readonly sheets: SheetWriter;
  readonly beacon: Beacon;
  readonly lotteryOutputs: StreamPublisher;
  readonly userInputs: StreamPublisher;
  readonly ticks: TickQueue;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

/** How many runs are dealt with at a time. */
export const runsInFlight = 16;

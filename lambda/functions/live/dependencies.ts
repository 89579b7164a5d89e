import type { LiveList, LiveMessages, LiveParts, Publications, Snapshots } from '../../ports/live.ts';
import type { LotteryRuns } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

export interface LiveDependencies {
  readonly parts: LiveParts;
  readonly publications: Publications;
  readonly list: LiveList;
  readonly snapshots: Snapshots;
  readonly messages: LiveMessages;
  /** Where a run is looked up whose start the streams have no longer. Consistent reads. */
  readonly runs: Pick<LotteryRuns, 'byRun'>;
  readonly telemetry: Pick<Telemetry, 'count'>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

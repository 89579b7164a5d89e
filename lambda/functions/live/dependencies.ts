import type { LiveList, LiveMessages, LiveParts, Publications, Snapshots } from '../../ports/live.ts';

export interface LiveDependencies {
  readonly parts: LiveParts;
  readonly publications: Publications;
  readonly list: LiveList;
  readonly snapshots: Snapshots;
  readonly messages: LiveMessages;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

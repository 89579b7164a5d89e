import type { FailedBatch } from './failed-batches.ts';

/** What redriving a batch would do. */
export interface BatchPlan {
  /** Numbers by what is done with the records, for people. */
  counts: Readonly<Record<string, number>>;
  /** Records that are put on their stream again: their outcomes come under other ids. */
  replaced: readonly string[];
  /** Records of which nobody knows whether they were applied: they stay, and are named. */
  undecided: readonly string[];
  /**
   * Does it. Safe to be repeated after it failed anywhere.
   * @returns ids of records that have no outcome all the same
   * @throws Error when the function fails or a put does
   */
  redrive(): Promise<readonly string[]>;
}

/** One way to redrive, by function. */
export type Planner = (batch: FailedBatch) => Promise<BatchPlan>;

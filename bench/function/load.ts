/** What a function is put through: batches of clicks on one lottery, as one shard would deliver them. */
export interface Load {
  readonly clicks: number;
  readonly batchSize: number;
  /** Each user's next click comes after this many others': with 1 or more, n % users; else every click another user. */
  readonly users?: number;
  /** With it records are aggregated, of so many clicks each; and `batchSize` is of clicks all the same. */
  readonly perRecord?: number;
}

export interface LoadResult {
  /** CPU time of the process during invocations, its garbage collection included, µs. */
  readonly cpuMicroseconds: number;
  /** Time of the invocations, ms. */
  readonly milliseconds: number;
  /** The most memory that the process had so far, MB. */
  readonly peakMemoryMb: number;
}

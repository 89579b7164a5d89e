/** What a function is put through: batches of clicks, as one shard would deliver them. No click comes twice. */
export interface Load {
  readonly batches: number;
  /** Clicks of a batch. */
  readonly batchSize: number;
  /** How many users click, in turn; each of them is stored before it does. */
  readonly users: number;
  /** Clicks of each user in a batch. */
  readonly clicksPerUser: number;
  /** With it records are aggregated, of so many clicks each. */
  readonly perRecord?: number;
  /** Lotteries that are clicked on, in turn. Default: 1. */
  readonly lotteries?: number;
  /** Time goes by with the clicks, so many a second. Default: it is the time of day. */
  readonly clicksPerSecond?: number;
}

/** CPU times are those of the process, all its threads, the collector's too; what generator and stub do is not in them. */
export interface LoadResult {
  readonly clicks: number;
  /** CPU time from the text of the first payload to the text of the last response, µs. */
  readonly cpuMicroseconds: number;
  /** The part of it in which the payloads' JSON was parsed. */
  readonly parsingMicroseconds: number;
  /** Time of the same, ms. */
  readonly milliseconds: number;
  /** The most memory that the process had so far, MB (10^6 bytes). */
  readonly peakMemoryMb: number;
}

/** What is asked of the generator: the batch of a load that begins at a place in the shard, from 1. */
export interface BatchRequest {
  readonly load: Load;
  readonly first: number;
}

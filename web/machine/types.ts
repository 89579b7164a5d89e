/** What the API of a local run says: `cli/start/local-api.ts` serves it, the pages Play and Pipeline read it. */

export interface PlayAnswer {
  readonly recordId: string;
  /** The output event; absent where it did not come in time. */
  readonly outcome?: Readonly<Record<string, unknown>>;
}

export interface Problem {
  readonly message: string;
}

export interface PipelineState {
  /** ms since 1970. */
  readonly at: number;
  readonly streams: readonly StreamState[];
  readonly queues: readonly QueueState[];
  readonly functions: readonly FunctionState[];
  /** Names of tables and buckets. */
  readonly stores: readonly string[];
  readonly watermarks: readonly WatermarkState[];
  /** Draws that have entries and no winner yet. */
  readonly openDraws: number;
  /** Batches that a mapping gave up. */
  readonly failedBatches: number;
  /** Injected ones by kind; absent where none are injected. */
  readonly faults?: Readonly<Record<string, number>>;
}

export interface StreamState {
  readonly name: string;
  /** Of Kinesis, with shards, or of Kafka, with partitions. */
  readonly kind: 'stream' | 'topic';
  /** Events come in here, from outside. */
  readonly isInput: boolean;
  readonly shards: number;
  /** Records over the last seconds: those that it took, and those that its functions were given, each each time. */
  readonly inPerSecond: number;
  readonly outPerSecond: number;
}

export interface QueueState {
  readonly name: string;
  readonly waiting: number;
  readonly delayed: number;
  readonly inFlight: number;
}

export interface FunctionState {
  readonly name: string;
  /** Over the last seconds. */
  readonly recordsPerSecond: number;
  readonly invocationsPerSecond: number;
  /** Since the start. */
  readonly failed: number;
  readonly lastFailure?: { readonly at: number; readonly reason: string };
  readonly mappings: readonly MappingState[];
  /** Streams, queues, tables and buckets that it is told of. */
  readonly uses: readonly string[];
}

export interface MappingState {
  /** Of the stream or queue. */
  readonly source: string;
  readonly isEnabled: boolean;
  /** Age of the oldest record that is not finished. */
  readonly lagMs: number;
  readonly unfinished: number;
  readonly openWindows: number;
}

export interface WatermarkState {
  readonly shard: string;
  /** Up to when it is complete, ms since 1970. */
  readonly time: number;
}

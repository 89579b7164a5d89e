import type { Random } from '../../../local/faults/random.ts';
import type { StreamRecord } from '../../../local/stream-reader.ts';

export interface ServiceOptions {
  /** Time of the services' hosts, ms since the epoch. */
  readonly now: () => number;
  readonly random: Random;
  readonly region: string;
  readonly accountId: string;
  /** How far an eventually consistent read of DynamoDB may be behind, ms; 0: never. */
  readonly staleMs: number;
  /** How far the arrival stamps of a stream's shards may step back, ms. */
  readonly stampJitterMs: (stream: string) => number;
  /** How probable it is that PutRecords takes the records of a call in another order than theirs. Default 0.1. */
  readonly reorderChance?: number;
  /** How probable it is that SQS delivers a message and leaves it visible: it comes a second time. Default 0.02. */
  readonly redeliveryChance?: number;
  /** Told of each record that a stream has taken, at once. Default: nobody is. */
  readonly onRecord?: (record: StreamRecord) => void;
  /**
   * Callers whose reads of streams are not counted against what a shard gives, as those of consumers with enhanced
   * fan-out. Default: none.
   */
  readonly fanOut?: ReadonlySet<string>;
  /** Told what a shard of a stream, or a partition of a table, has no room for. Default: nobody is. */
  readonly onThrottled?: (throttled: Throttled) => void;
}

export interface Throttled {
  /** Of Kinesis, or on tables. */
  readonly operation: string;
  /** Records, items or calls. */
  readonly count: number;
}

/** With nothing left open. */
export type Settings = Required<ServiceOptions>;

export function settingsOf(options: ServiceOptions): Settings {
  const nobody = () => {};
  return {
    ...{ reorderChance: 0.1, redeliveryChance: 0.02, fanOut: new Set() },
    ...{ onRecord: nobody, onThrottled: nobody, ...options },
  };
}

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
  /** Kinesis' arrival stamps may step back by up to this, ms. */
  readonly stampJitterMs: number;
  /** How probable it is that PutRecords takes the records of a call in another order than theirs. Default 0.1. */
  readonly reorderChance?: number;
  /** How probable it is that SQS delivers a message and leaves it visible: it comes a second time. Default 0.02. */
  readonly redeliveryChance?: number;
  /** Whether a shard takes at most 1,000 records and 1 MiB a second. Default true. */
  readonly shardLimits?: boolean;
  /** Told of each record that a stream has taken, at once. Default: nobody is. */
  readonly onRecord?: (record: StreamRecord) => void;
}

/** With nothing left open. */
export type Settings = Required<ServiceOptions>;

export function settingsOf(options: ServiceOptions): Settings {
  return { reorderChance: 0.1, redeliveryChance: 0.02, shardLimits: true, onRecord: () => {}, ...options };
}

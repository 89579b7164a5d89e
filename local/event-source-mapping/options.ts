import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import type { FunctionHost } from '../function-host.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { Emulation } from './emulation.ts';
import type { Observer } from './events.ts';
import type { KafkaAccess } from './kafka/access.ts';

/** Whether Lambda lets a function be invoked by its own messages again and again (`AWS::Lambda::Function`). */
export type RecursiveLoop = 'Allow' | 'Terminate';

/** What both kinds of mapping take. */
interface MappingOptions {
  /** The mapping's UUID. Default: derived from the function and the source, so that a later run finds its checkpoint. */
  id?: string;
  functionName: string;
  host: FunctionHost;
  /** Default: the machine's. Kinesis stamps arrivals with its own clock: the two must agree where windows matter. */
  clock?: Clock;
  observer?: Observer;
  /** Settings that differ from `defaultEmulation`. */
  emulation?: Partial<Emulation>;
}

export interface KinesisMappingOptions extends MappingOptions {
  /** As in the template (`KinesisMappingInput`), with intrinsics resolved: checked when the mapping starts. */
  properties: unknown;
  /** `s3` and `sqs`: for an on-failure destination there. */
  clients: { kinesis: KinesisClient; s3?: S3Client; sqs?: SQSClient };
  /** The function's role, as it shows in each record. Default: one named after the function. */
  roleArn?: string;
  /** Default: in memory. */
  checkpoints?: CheckpointStore;
}

export interface SqsMappingOptions extends MappingOptions {
  /** As in the template (`SqsMappingInput`), with intrinsics resolved: checked when the mapping starts. */
  properties: unknown;
  clients: { sqs: SQSClient };
  /** Default: asked from SQS by the queue's name. */
  queueUrl?: string;
  /** The function's property. Default: `Terminate`, as on AWS. */
  recursiveLoop?: RecursiveLoop;
}

export interface KafkaMappingOptions extends MappingOptions {
  /** As in the template (`KafkaMappingInput`), with intrinsics resolved: checked when the mapping starts. */
  properties: unknown;
  /** `s3` and `sqs`: for an on-failure destination there. */
  clients: { s3?: S3Client; sqs?: SQSClient };
  /** The region and the account of functions whose source has no ARN. */
  region: string;
  accountId: string;
  /** `host:port,…`. Default: the template's; an MSK cluster has none there. */
  bootstrapServers?: string;
  /** Default: the mapping's id, as on AWS, unless its properties name one. Offsets are kept in the topic's cluster, by group. */
  groupId?: string;
  /** Default: the brokers themselves. */
  access?: KafkaAccess;
}

export interface EventSourceMapping {
  readonly id: string;
  /** Stops polling, waits for the invocations under way and keeps the position. */
  disable(): Promise<void>;
  /** Goes on from the checkpoint. @throws Error after `stop`. */
  enable(): void;
  status(): MappingStatus;
  /**
   * Resolves when everything that was in the source at the call has been processed, and polls at once to see. Open
   * windows may remain: see `status().openWindows`. While the mapping is disabled it waits.
   * @throws the signal's reason when it aborts; Error when the mapping is stopped.
   */
  drained(signal?: AbortSignal): Promise<void>;
  /** As `disable`, for good. */
  stop(): Promise<void>;
  /** Of a topic alone: see KafkaMapping. */
  rebalance?(): Promise<void>;
}

export interface StreamMapping extends EventSourceMapping {
  /** Something was written to the stream: the next poll comes soon. Without this it comes at its interval. */
  streamWritten(): void;
}

export interface KafkaMapping extends EventSourceMapping {
  readonly topic: string;
  /**
   * Has Lambda scale up and down: another poller joins the group, and the oldest is lost while its invocation runs on. Its
   * partitions go to others, and what it had under way counts for nothing. Resolves when that is done.
   */
  rebalance(): Promise<void>;
}

export interface MappingStatus {
  id: string;
  functionName: string;
  /** Of a topic of a self-managed cluster `kafka://<host:port,…>/<topic>`, as it has no ARN; of an MSK cluster with `/<topic>` behind. */
  sourceArn: string;
  state: 'Enabled' | 'Disabled';
  /**
   * At the last poll of each shard (or of the queue) nothing was unread, in flight or waiting to be tried again. What
   * was put after that poll is not covered: compare `caughtUpTo` with the time of the put, or use `drained()`.
   */
  caughtUp: boolean;
  /** Everything that arrived before this instant (ms since the epoch) is processed; null unless caught up. */
  caughtUpTo: number | null;
  /** Age in ms of the oldest record that was read and is not finished; 0: none. For a queue always 0. */
  behindMs: number;
  /** Tumbling windows that have not ended. */
  openWindows: number;
  /** Invocations under way. */
  inFlight: number;
  /** Records or messages read and not finished. */
  unfinished: number;
  /** Shards being read; 0 for a queue. */
  shards: number;
  /** Of a topic: records that are not finished, by `<topic>-<partition>`. */
  lag?: Readonly<Record<string, number>>;
}

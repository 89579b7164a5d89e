import type { InputStreams } from '../../lambda/ports/connector.ts';
import type { HeartbeatSender, InputShards } from '../../lambda/ports/ports.ts';
import type { Clock } from '../../local/clock.ts';
import type { ShardLink } from '../../local/shards.ts';
import type { StreamReaderOptions, StreamRecord } from '../../local/stream-reader.ts';
import type { StreamEvent } from '../aggregated.ts';

/** A record to be put. */
export interface PutRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** A decimal of 128 bits: the record goes to the shard that has this part of them, whatever its key says. */
  readonly explicitHashKey?: string | undefined;
}

/** Reads a stream from where it began, all shards of it, in order in each. */
export interface OuterReader {
  /** Takes its places in the shards: with `latest`, what comes from now on is read. Else the first poll does. */
  begin(): Promise<void>;
  /** What has come since the last poll; empty when there is nothing new. @throws the signal's reason when it is aborted */
  poll(signal?: AbortSignal): Promise<StreamRecord[]>;
  /** Whether all that came before a time has been read, ms. */
  hasReadUpTo(time: number): boolean;
}

/** A place on a shard. */
export interface ShardPlace {
  readonly stream: string;
  readonly shardId: string;
  /** The sequence number behind which to begin; undefined: at the oldest record. */
  readonly after: string | undefined;
}

/**
 * The streams that an environment and the world around it share, by their physical names: streams of Kinesis or topics of
 * Kafka. A topic's partitions are its shards (`<topic>-<partition>`), its offsets their sequence numbers.
 */
export interface OuterStreams {
  /**
   * Puts what one call takes, in order in each shard.
   * @returns the records' ids; undefined for what there is no room for now: it is not there, and what comes behind it may be
   * @throws Error when one is not taken for another reason
   */
  put(stream: string, records: readonly PutRecord[]): Promise<(string | undefined)[]>;
  reader(stream: string, clock: Clock, options?: StreamReaderOptions): OuterReader;
  /**
   * What is on a shard now behind a place, in order, aggregated records taken apart; it may be taken slowly.
   * @param page records that are asked for at a time, about
   */
  tail(place: ShardPlace, page?: number): AsyncGenerator<StreamEvent>;
  /** All that have records still, closed ones too. */
  shards(stream: string): Promise<ShardLink[]>;
  /** What the functions have of the inputs: their open shards, and heartbeats for them. */
  inputs(streams: InputStreams): InputShards & HeartbeatSender;
  /** How many records the stream has ever taken; undefined where it does not count them. */
  taken(stream: string): Promise<number | undefined>;
  /** How long records are kept. */
  retentionHours(stream: string): Promise<number>;
  /**
   * What of a stream is not as the functions need it, each in a line: a topic is not the app's own.
   * @param retentionHours how long records have to be kept
   */
  problems(stream: string, retentionHours: number): Promise<string[]>;
  /** Ends its connections. Those of clients that it was given stay. */
  close(): Promise<void>;
}

import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  PutRecordsCommand,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import { KinesisInputs } from '../../lambda/adapters/kinesis-inputs.ts';
import { type RetryPolicy, standardRetry } from '../../lambda/adapters/retry.ts';
import type { InputStreams } from '../../lambda/ports/connector.ts';
import type { HeartbeatSender, InputShards } from '../../lambda/ports/ports.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import { ShardReader } from '../../local/event-source-mapping/kinesis/reader.ts';
import { listShards, type ShardLink } from '../../local/shards.ts';
import { nextPage, StreamReader, type StreamReaderOptions } from '../../local/stream-reader.ts';
import { eventsOf, type StreamEvent } from '../aggregated.ts';
import type { OuterReader, OuterStreams, PutRecord, ShardPlace } from './outer-streams.ts';

/** Records of one read. */
const PAGE = 1_000;

/** On Kinesis. One call of `put` is one of PutRecords: 500 records at most. */
export class KinesisStreams implements OuterStreams {
  readonly #kinesis: KinesisClient;
  readonly #retry: RetryPolicy;

  /** @param retry of heartbeats */
  constructor(kinesis: KinesisClient, retry: RetryPolicy = standardRetry) {
    this.#kinesis = kinesis;
    this.#retry = retry;
  }

  async put(stream: string, records: readonly PutRecord[]): Promise<(string | undefined)[]> {
    const { Records = [] } = await this.#kinesis.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: records.map(({ partitionKey, data, explicitHashKey }) => ({
          PartitionKey: partitionKey,
          Data: data,
          ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
        })),
      }),
    );
    return records.map((_, index) => idOf(Records[index]));
  }

  reader(stream: string, clock: Clock, options?: StreamReaderOptions): OuterReader {
    return new StreamReader(this.#kinesis, stream, clock, options);
  }

  /** An answer without records does not mean the end of a shard: `MillisBehindLatest` tells (Kinesis API reference, GetRecords). */
  async *tail({ stream, shardId, after }: ShardPlace, page = PAGE): AsyncGenerator<StreamEvent> {
    const reader = new ShardReader(this.#kinesis, { stream, shardId, after, limit: page });
    for (;;) {
      const { records, ended, behindMs } = await nextPage(reader, systemClock);
      for (const record of records) {
        const { Data: data = new Uint8Array(), SequenceNumber: sequenceNumber = '' } = record;
        const arrival = record.ApproximateArrivalTimestamp?.getTime() ?? 0;
        const place = { stream, shardId, sequenceNumber, partitionKey: record.PartitionKey ?? '', arrival };
        yield* eventsOf({ ...place, data });
      }
      // A full page may be one of several, whatever it says of the rest.
      if (ended || (behindMs === 0 && records.length < page)) return;
    }
  }

  shards(stream: string): Promise<ShardLink[]> {
    return listShards(this.#kinesis, stream);
  }

  inputs(streams: InputStreams): InputShards & HeartbeatSender {
    return new KinesisInputs(this.#kinesis, streams, this.#retry);
  }

  async taken(): Promise<undefined> {}

  async retentionHours(stream: string): Promise<number> {
    const { StreamDescriptionSummary } = await this.#kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: stream }),
    );
    return StreamDescriptionSummary?.RetentionPeriodHours ?? 24;
  }

  async problems(): Promise<string[]> {
    return [];
  }

  async close(): Promise<void> {}
}

/** @returns undefined for what the shard had no room for: it is not there. @throws Error for another failure */
function idOf({ ShardId, SequenceNumber, ErrorCode }: PutRecordsResultEntry = {}): string | undefined {
  if (ErrorCode === 'ProvisionedThroughputExceededException') return undefined;
  if (ErrorCode !== undefined || ShardId === undefined) {
    throw new Error(`A record was not taken: ${ErrorCode ?? 'there is no answer for it'}`);
  }
  return `${ShardId}:${SequenceNumber}`;
}

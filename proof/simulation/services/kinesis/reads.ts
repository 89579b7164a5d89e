import { z } from 'zod';
import {
  BYTES_OF_A_READ,
  bytesOfBase64,
  rateExceeded,
  THROTTLED,
  type Throttled,
} from '../../../../local/limits/shard-limits.ts';
import { ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { rangeJson } from './hash-keys.ts';
import { iteratorText, parseIterator } from './iterators.ts';
import type { Shard, StoredRecord } from './shard.ts';
import type { Stream } from './stream.ts';
import { type StreamNamed, streamName } from './stream-name.ts';

/** Kinesis API reference, GetRecords. */
const RECORDS_OF_A_CALL = 10_000;

/** How often the last records of a closed shard come with word of its end, and not one call before that. */
const END_WITH_RECORDS = 0.5;

const position = z.strictObject({
  ...streamName,
  ShardId: z.string(),
  ShardIteratorType: z.enum([
    'AT_SEQUENCE_NUMBER',
    'AFTER_SEQUENCE_NUMBER',
    'TRIM_HORIZON',
    'LATEST',
    'AT_TIMESTAMP',
  ]),
  StartingSequenceNumber: z.string().optional(),
  /** Seconds. */
  Timestamp: z.number().optional(),
});

/** Requests: made once, and not with each account. */
const schemas = {
  GetRecords: z.strictObject({
    ShardIterator: z.string(),
    Limit: z.int().min(1).max(RECORDS_OF_A_CALL).default(RECORDS_OF_A_CALL),
    StreamARN: z.string().optional(),
  }),
};

export function readOperations(
  find: (named: StreamNamed) => Stream,
  { now, random, accountId, fanOut, onThrottled }: Settings,
): Record<string, Operation> {
  return {
    GetShardIterator: operation(position, (input, { caller }) => {
      const stream = find(input);
      const shard = stream.shard(input.ShardId);
      if (!fanOut.has(caller)) {
        const { iterators } = shard.limits;
        if (!iterators.hasRoom(0, now())) throw refusal('GetShardIterator', stream, shard);
        iterators.take(0, now());
      }
      const start = { stream: stream.name, shardId: shard.id, issuedAt: now() };
      return { ShardIterator: iteratorText({ ...start, position: positionIn(shard, input, now()) }) };
    }),
    GetRecords: operation(schemas.GetRecords, ({ ShardIterator, Limit }, { caller }) => {
      const at = now();
      const iterator = parseIterator(ShardIterator, at);
      const stream = find({ StreamName: iterator.stream });
      const shard = stream.shard(iterator.shardId);
      const isCounted = !fanOut.has(caller);
      if (isCounted && !shard.limits.isReadable(at)) throw refusal('GetRecords', stream, shard);
      // What has expired meanwhile is passed over.
      const start = Math.max(iterator.position, shard.oldest);
      const records = shard.read(start, Limit, BYTES_OF_A_READ);
      if (isCounted) shard.limits.reads.take(bytesOf(records), at);
      const next = start + records.length;
      const isRead = !shard.isOpen && next === shard.end;
      const isEnd = isRead && (records.length === 0 || random.chance(END_WITH_RECORDS));
      const nextRecord = shard.at(next);
      return {
        Records: records.map((record) => recordJson(record, shard)),
        MillisBehindLatest: nextRecord === undefined ? 0 : Math.max(1, at - nextRecord.arrival),
        ...(isEnd
          ? { ChildShards: childrenOf(shard, stream) }
          : { NextShardIterator: iteratorText({ ...iterator, position: next, issuedAt: at }) }),
      };
    }),
  };

  function refusal(operation: Throttled['operation'], { name }: Stream, { id }: Shard): ServiceError {
    onThrottled({ operation, count: 1 });
    return new ServiceError(THROTTLED, rateExceeded(id, name, accountId));
  }
}

function bytesOf(records: readonly StoredRecord[]): number {
  return records.reduce((sum, { data }) => sum + bytesOfBase64(data), 0);
}

function recordJson({ count, partitionKey, data, arrival }: StoredRecord, shard: Shard) {
  return {
    SequenceNumber: shard.sequenceNumber(count),
    ApproximateArrivalTimestamp: arrival / 1000,
    Data: data,
    PartitionKey: partitionKey,
  };
}

function childrenOf(shard: Shard, { shards }: Stream) {
  const children = shards.filter(({ parents }) => parents.includes(shard.id));
  return children.map(({ id, parents, range }) => ({
    ShardId: id,
    ParentShards: parents,
    HashKeyRange: rangeJson(range),
  }));
}

function positionIn(
  shard: Shard,
  { ShardIteratorType: type, StartingSequenceNumber: number, Timestamp }: z.output<typeof position>,
  now: number,
): number {
  switch (type) {
    case 'TRIM_HORIZON':
      return shard.oldest;
    case 'LATEST':
      return shard.end;
    case 'AT_TIMESTAMP': {
      const time = (Timestamp ?? Number.NaN) * 1000;
      if (!(time <= now)) throw refused('The timestamp is missing, or lies in the future.');
      return shard.positionAt(time);
    }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      if (number === undefined || !shard.hasGiven(number)) {
        throw refused(`StartingSequenceNumber ${number} did not come from shard ${shard.id}.`);
      }
      return shard.positionOf(number, type === 'AFTER_SEQUENCE_NUMBER');
    default:
      return type satisfies never;
  }
}

function refused(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

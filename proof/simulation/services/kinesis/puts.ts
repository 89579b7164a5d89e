import { z } from 'zod';
import { bytesOfBase64, rateExceeded, THROTTLED } from '../../../../local/limits/shard-limits.ts';
import { invalid, ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { parseHashKey } from './hash-keys.ts';
import type { NewRecord } from './shard.ts';
import type { Stream } from './stream.ts';
import { type StreamNamed, streamName } from './stream-name.ts';

/** Kinesis API reference, PutRecords, and Developer Guide, "Quotas and limits" (a stream's default of 1 MiB a record). */
const RECORDS_OF_A_CALL = 500;
const BYTES_OF_A_CALL = 10 * 1024 * 1024;
const BYTES_OF_A_RECORD = 1024 * 1024;
const CHARACTERS_OF_A_KEY = 256;

const record = z.strictObject({
  /** Base64: that of the SDK, which is not looked at again. */
  Data: z.string(),
  PartitionKey: z.string().min(1).max(CHARACTERS_OF_A_KEY),
  ExplicitHashKey: z.string().optional(),
});

type RecordJson = z.output<typeof record>;

/** Requests: made once, and not with each account. */
const schemas = {
  PutRecord: record.extend(streamName),
  PutRecords: z.strictObject({ ...streamName, Records: z.array(record).min(1).max(RECORDS_OF_A_CALL) }),
};

export function putOperations(
  find: (named: StreamNamed) => Stream,
  { random, reorderChance, accountId, onThrottled }: Settings,
): Record<string, Operation> {
  return {
    PutRecord: operation(schemas.PutRecord, (input) => {
      const stream = find(input);
      const { shardId, sequenceNumber } = stream.put(newRecord(input));
      if (sequenceNumber !== undefined) return { ShardId: shardId, SequenceNumber: sequenceNumber };
      onThrottled({ operation: 'PutRecord', count: 1 });
      throw new ServiceError(THROTTLED, rateExceeded(shardId, stream.name, accountId));
    }),
    PutRecords: operation(schemas.PutRecords, (input) => {
      const stream = find(input);
      const records = input.Records.map(newRecord);
      const bytes = records.reduce(
        (sum, { data, partitionKey }) => sum + bytesOfBase64(data) + partitionKey.length,
        0,
      );
      if (bytes > BYTES_OF_A_CALL) throw invalid('Records size exceeds 10 MB limit');
      const indexes = [...records.keys()];
      // The order of a call's records is not promised (Kinesis API reference, PutRecords).
      return putAll(stream, records, random.chance(reorderChance) ? random.shuffled(indexes) : indexes);
    }),
  };

  /** @param order in which they are taken, by index. @returns the answer, in the order of the records */
  function putAll(stream: Stream, records: readonly NewRecord[], order: readonly number[]): object {
    const answers = new Array<object>(records.length);
    let failed = 0;
    for (const index of order) {
      const record = records[index];
      if (record === undefined) continue;
      const { shardId, sequenceNumber } = stream.put(record);
      if (sequenceNumber !== undefined) {
        answers[index] = { SequenceNumber: sequenceNumber, ShardId: shardId };
        continue;
      }
      failed += 1;
      onThrottled({ operation: 'PutRecords', count: 1 });
      answers[index] = { ErrorCode: THROTTLED, ErrorMessage: rateExceeded(shardId, stream.name, accountId) };
    }
    return { FailedRecordCount: failed, Records: answers };
  }
}

function newRecord({ Data: data, PartitionKey: partitionKey, ExplicitHashKey: key }: RecordJson): NewRecord {
  if (bytesOfBase64(data) > BYTES_OF_A_RECORD) {
    throw invalid(`Member data must have length less than or equal to ${BYTES_OF_A_RECORD}`);
  }
  return { partitionKey, data, explicitHashKey: key === undefined ? undefined : parseHashKey(key) };
}

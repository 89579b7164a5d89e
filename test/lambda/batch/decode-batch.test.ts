import { describe, expect, test } from 'vitest';
import { doneOf, firstFailedOf } from '../../../lambda/batch/decode-batch.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { kinesisEvent, sequenceNumber, sourced } from '../../support/records.ts';

const click = { type: 'UserClickEvent', timestamp: 0, userId: '1', lotteryId: '1' } as const;
const at = (shard: string, n: number) => sourced(n, click, { shard });
const places = (records: readonly { source: { shardId: string; sequenceNumber: string } }[]) =>
  records.map(({ source }) => [source.shardId, source.sequenceNumber]);

describe('an invocation with records of several shards', () => {
  const [a1, b7, a2, b8, a3] = [at('a', 1), at('b', 7), at('a', 2), at('b', 8), at('a', 3)];
  const records = [a1, b7, a2, b8, a3].map(({ record }) => record);

  test('is told the first of each that failed, whatever their order', () => {
    const failed = firstFailedOf([{ events: [a3] }, { events: [a2, b8] }]);
    expect(failed).toEqual([a2.record.source, b8.record.source]);
    expect(firstFailedOf([])).toEqual([]);
  });

  test('is done in each up to there, and to its end in those where nothing failed', () => {
    expect(places(doneOf(records, firstFailedOf([{ events: [a2] }])))).toEqual(
      places([a1.record, b7.record, b8.record]),
    );
    expect(doneOf(records, [])).toEqual(records);
    // A low position of one shard says nothing of another one.
    expect(places(doneOf(records, [b7.record.source]))).toEqual(places([a1.record, a2.record, a3.record]));
  });
});

describe('the records of Kinesis', () => {
  test('name their stream, and what failed of them is answered by its sequence number', () => {
    const [first, second] = kinesisSource.records(kinesisEvent([{}, {}]));
    expect(first?.stream).toBe('test');
    expect(kinesisSource.response(second ? [second.source] : [])).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    expect(kinesisSource.response([])).toEqual({ batchItemFailures: [] });
  });
});

import { describe, expect, test } from 'vitest';
import { batchFunction } from '../../../lambda/batch/batch-function.ts';
import { firstFailedOf } from '../../../lambda/batch/decode-batch.ts';
import { kafkaSource } from '../../../lambda/batch/kafka-source.ts';
import type { InputRecord } from '../../../lambda/core/decode.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';

function record(partition: number, offset: number) {
  const [topic, timestampType] = ['t', 'LOG_APPEND_TIME'];
  return { topic, partition, offset, timestamp: 0, timestampType, key: '', value: '' };
}

const event = {
  records: { 't-0': [record(0, 7), record(0, 8), record(0, 9)], 't-1': [record(1, 1), record(1, 2)] },
};

/** Work that does up to so many records of each shard, and fails at one for ever. It notes what it is given. */
function workOf(most: number, broken?: string) {
  const given: string[][] = [];
  const work = async (records: readonly InputRecord[]) => {
    given.push(records.map(({ source }) => recordIdOf(source)));
    const places = new Map<string, number>();
    const failed = records.filter(({ source }) => {
      const place = (places.get(source.shardId) ?? 0) + 1;
      places.set(source.shardId, place);
      return place > most || recordIdOf(source) === broken;
    });
    return firstFailedOf([{ events: failed.map((each) => ({ record: each })) }]);
  };
  return { given, work };
}

describe('a batch that has no room at once', () => {
  test('is gone on with where Lambda would bring all of it again', async () => {
    const { given, work } = workOf(1);
    await batchFunction(kafkaSource({ reportsFailures: false }), work)(event);
    expect(given).toEqual([
      ['t-0:7', 't-0:8', 't-0:9', 't-1:1', 't-1:2'],
      ['t-0:8', 't-0:9', 't-1:2'],
      ['t-0:9'],
    ]);
  });

  test('is told where Lambda brings the rest', async () => {
    const { given, work } = workOf(1);
    const { batchItemFailures } = await batchFunction(kafkaSource({ reportsFailures: true }), work)(event);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      { partition: 't-0', offset: 8 },
      { partition: 't-1', offset: 2 },
    ]);
    expect(given).toHaveLength(1);
  });

  test('fails once nothing of it gets done any more', async () => {
    const { given, work } = workOf(2, 't-0:8');
    await expect(batchFunction(kafkaSource({ reportsFailures: false }), work)(event)).rejects.toThrow(
      'records failed from t-0:8 on',
    );
    expect(given).toEqual([
      ['t-0:7', 't-0:8', 't-0:9', 't-1:1', 't-1:2'],
      ['t-0:8', 't-0:9'],
    ]);
  });
});

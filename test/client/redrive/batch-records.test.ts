import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { TopicRecords } from '../../../client/redrive/batch-records.ts';
import { FailedBatches, recordsOf } from '../../../client/redrive/failed-batches.ts';
import { invokeWith } from '../../../client/redrive/invoke.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';

function record(partition: number, offset: number) {
  const [topic, timestampType] = ['t', 'LOG_APPEND_TIME'];
  return { topic, partition, offset, timestamp: 0, timestampType, key: 'Nw==', value: '' };
}

const all = [record(0, 7), record(0, 8), record(1, 1), record(1, 2)];
const failed = (...places: readonly (readonly [string, number])[]) => ({
  batchItemFailures: places.map(([partition, offset]) => ({ itemIdentifier: { partition, offset } })),
});

/** A function that answers so, one invocation after the other; it notes the ids that it is given. */
function functionThat(...answers: readonly unknown[]) {
  const given: string[][] = [];
  const left = [...answers];
  const invoke = async (_: string, event: object) => {
    const { records } = event as ReturnType<TopicRecords['invocation']>;
    given.push(
      Object.entries(records).flatMap(([group, of]) => of.map(({ offset }) => `${group}:${offset}`)),
    );
    return left.shift();
  };
  return { given, functions: { variablesOf: async () => ({}), invoke } };
}

describe('the records of a topic’s failed batch', () => {
  it('are read from what its mapping has left, whichever partitions it mixes', async () => {
    const payload = {
      eventSource: 'SelfManagedKafka',
      records: { 't-0': all.slice(0, 2), 't-1': all.slice(2) },
    };
    const invocation = {
      requestContext: {
        functionArn: 'arn:aws:lambda:r:1:function:dev-user-events',
        condition: 'RetryAttemptsExhausted',
      },
      KafkaBatchInfo: { batchSize: 4, recordsInfo: { 't-0': {}, 't-1': {} } },
      payload: JSON.stringify(payload),
    };
    const send = async () => ({ Body: { transformToString: async () => JSON.stringify(invocation) } });
    const batch = await new FailedBatches({ send } as unknown as S3Client, 'bucket').read('key');
    expect(batch).toMatchObject({
      ...{ key: 'key', functionName: 'dev-user-events', condition: 'RetryAttemptsExhausted' },
      ...{ stream: 't', shardId: 't-0, t-1', records: [] },
    });
    expect(
      recordsOf(batch)
        .events()
        .map(({ source }) => recordIdOf(source)),
    ).toEqual([...['t-0:7', 't-0:8', 't-1:1', 't-1:2']]);
  });

  it('are given to the function as far as they hold what is wanted, and then what it left', async () => {
    const { given, functions } = functionThat(failed(['t-0', 8]), failed());
    const wanted = new TopicRecords(all).holding(new Set(['t-0:7', 't-0:8', 't-1:2']));
    await invokeWith(functions, 'f', wanted);
    expect(given).toEqual([['t-0:7', 't-0:8', 't-1:2'], ['t-0:8']]);
  });

  it.each([
    [
      'the first of all partitions',
      [
        ['t-0', 7],
        ['t-1', 1],
      ] as const,
    ],
    ['one that it was not given', [['t-5', 1]] as const],
  ])('end where the function fails at %s', async (_, places) => {
    const { given, functions } = functionThat(failed(...places));
    await expect(invokeWith(functions, 'f', new TopicRecords(all))).rejects.toThrow(
      'f could not apply everything from t-0:7 on',
    );
    expect(given).toHaveLength(1);
  });
});

import type { PutRecordsCommandInput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KinesisPublisher } from '../../../lambda/adapters/kinesis-publisher.ts';
import { PublishError } from '../../../lambda/adapters/publish-error.ts';
import { kinesisAnswering, noWaiting } from '../../support/sdk-clients.ts';

const record = (n: number, padding = '') => ({ partitionKey: `key ${n}`, value: { n, padding } });
const records = (count: number, padding?: string) =>
  Array.from({ length: count }, (_, n) => record(n, padding));
const success: PutRecordsResultEntry = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
const throttled: PutRecordsResultEntry = {
  ErrorCode: 'ProvisionedThroughputExceededException',
  ErrorMessage: 'slow',
};

const numbersOf = ({ Records = [] }: PutRecordsCommandInput): number[] =>
  Records.map(({ Data }) => JSON.parse(Buffer.from(Data ?? []).toString('utf8')).n);

/** A stream that answers each record as told; it notes the calls. */
function streamThat(answer: (n: number, call: number) => PutRecordsResultEntry) {
  const calls: PutRecordsCommandInput[] = [];
  const retry = noWaiting();
  const client = kinesisAnswering((input) => {
    calls.push(input);
    return { Records: numbersOf(input).map((n) => answer(n, calls.length)) };
  });
  return { calls, retry, publisher: new KinesisPublisher(client, 'entries', retry) };
}

describe('the limits of PutRecords', () => {
  test('records go out as JSON under their partition keys', async () => {
    const { calls, publisher } = streamThat(() => success);
    await publisher.publish([{ partitionKey: 'a', value: { type: 'Tick', lotteryId: 'é' } }]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ StreamName: 'entries', Records: [{ PartitionKey: 'a' }] });
    expect(Buffer.from(calls[0]?.Records?.[0]?.Data ?? []).toString()).toBe(
      '{"type":"Tick","lotteryId":"é"}',
    );
  });

  test('a call has at most 500 records, and every record goes out once', async () => {
    const { calls, publisher } = streamThat(() => success);
    await publisher.publish(records(1201));
    expect(calls.map(({ Records }) => Records?.length)).toEqual([500, 500, 201]);
    const sent = calls.flatMap(numbersOf).toSorted((a, b) => a - b);
    expect(sent).toEqual(Array.from({ length: 1201 }, (_, n) => n));
  });

  test('records are made as calls go out, not all at once', async () => {
    let made = 0;
    const madeAtCall: number[] = [];
    const { publisher } = streamThat((n) => {
      if (n % 500 === 0) madeAtCall.push(made);
      return success;
    });
    function* making() {
      for (const each of records(20_000)) {
        made += 1;
        yield each;
      }
    }
    await publisher.publish(making());
    expect(made).toBe(20_000);
    // Four calls are under way, and one record of the next one is known.
    for (const [call, count] of madeAtCall.entries()) expect(count).toBeLessThanOrEqual((call + 8) * 500);
  });

  test('a call has at most 5 MiB, half of what it may have, keys included', async () => {
    const { calls, publisher } = streamThat(() => success);
    await publisher.publish(records(40, 'é'.repeat(250_000)));
    const sizes = calls.map(({ Records = [] }) =>
      Records.reduce(
        (sum, { Data, PartitionKey = '' }) => sum + (Data?.length ?? 0) + Buffer.byteLength(PartitionKey),
        0,
      ),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(calls.flatMap(numbersOf)).toHaveLength(40);
    expect(calls.length).toBeLessThanOrEqual(5);
  });

  test('nothing makes no call', async () => {
    const { calls, publisher } = streamThat(() => success);
    await publisher.publish([]);
    expect(calls).toEqual([]);
  });
});

describe('a shard that takes 1,000 records a second', () => {
  /** It notes how often it has taken each record, and answers at the time that is. */
  function throttledShard(perSecond: number) {
    const taken = new Map<number, number>();
    let second = -1;
    let room = 0;
    const client = kinesisAnswering((input) => {
      if (Math.floor(Date.now() / 1000) > second) room = perSecond;
      second = Math.floor(Date.now() / 1000);
      return {
        Records: numbersOf(input).map((n) => {
          if (room === 0) return throttled;
          room -= 1;
          taken.set(n, (taken.get(n) ?? 0) + 1);
          return success;
        }),
      };
    });
    return { taken, publisher: new KinesisPublisher(client, 'outputs') };
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is given 10,000: each is put once, in little more than 10 s', async () => {
    const { taken, publisher } = throttledShard(1000);
    await Promise.all([publisher.publish(records(10_000)), vi.runAllTimersAsync()]);
    expect(taken.size).toBe(10_000);
    expect(new Set(taken.values())).toEqual(new Set([1]));
    expect(Date.now()).toBeLessThan(20_000);
  });

  test('and one that takes nothing is an error after some seconds', async () => {
    const { publisher } = throttledShard(0);
    const published = publisher.publish(records(10_000));
    const refused = expect(published).rejects.toThrow(
      '500 records could not be put on outputs: nothing got through in 8 attempts, ProvisionedThroughputExceededException',
    );
    await vi.runAllTimersAsync();
    await refused;
    expect(Date.now()).toBeGreaterThan(6_000);
    expect(Date.now()).toBeLessThan(13_000);
  });
});

describe('a put that fails in part', () => {
  test('is made again with what failed, and nothing else', async () => {
    const { calls, retry, publisher } = streamThat((n, call) =>
      call === 1 && n % 2 === 1 ? throttled : success,
    );
    await publisher.publish(records(6));
    expect(calls.map(numbersOf)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [1, 3, 5],
    ]);
    expect(retry.pauses).toEqual([150]);
  });

  test('is given up after attempts in which nothing got through, with an error that says where and why', async () => {
    const { calls, retry, publisher } = streamThat((n) => (n === 2 ? throttled : success));
    const error = await publisher.publish(records(4)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PublishError);
    expect(String(error)).toContain(
      '1 records could not be put on entries: nothing got through in 4 attempts, ProvisionedThroughputExceededException',
    );
    expect(calls.map(numbersOf)).toEqual([[0, 1, 2, 3], [2], [2], [2], [2]]);
    expect(retry.pauses).toEqual([150, 150, 300, 600]);
  });

  test('goes on as long as one record of a call gets through, or one of another call', async () => {
    let done = 0;
    let lastCall = 0;
    const { publisher, retry } = streamThat((n, call) => {
      // Of the second call nothing gets through before all of the first has, one record at a time.
      if (n >= 500) return done === 500 ? success : throttled;
      if (call === lastCall) return throttled;
      lastCall = call;
      done += 1;
      return success;
    });
    await publisher.publish(records(501));
    expect(done).toBe(500);
    expect(retry.pauses.length).toBeGreaterThan(500);
  });

  test('an answer that lacks results is no success of what it lacks', async () => {
    const calls: number[][] = [];
    const client = kinesisAnswering((input) => {
      calls.push(numbersOf(input));
      return { Records: [success] };
    });
    await new KinesisPublisher(client, 'entries', noWaiting()).publish(records(3));
    expect(calls).toEqual([[0, 1, 2], [1, 2], [2]]);
  });

  test('an error of the call itself goes to the caller', async () => {
    const client = kinesisAnswering(() => {
      throw new Error('no such stream');
    });
    await expect(new KinesisPublisher(client, 'entries', noWaiting()).publish(records(2))).rejects.toThrow(
      'no such stream',
    );
  });
});

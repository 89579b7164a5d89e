import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { delaySeconds, SqsTickQueue } from '../../../lambda/adapters/sqs-tick-queue.ts';
import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import { noWaiting, sqsAnswering } from '../../support/sdk-clients.ts';

const now = 1_000_000;
const url = 'http://127.0.0.1/queue';
const tick = (at: number, lotteryId = '1'): TickMessage => ({
  at,
  dueAt: 12_251,
  tick: { lotteryId, run: 1, windowStart: 0 },
});
const sent = (Id = '') => ({ Id, MessageId: 'm', MD5OfMessageBody: '' });

describe('the delay of a message', () => {
  test.each([
    [now, 0],
    [now - 60_000, 0],
    [now + 999, 0],
    [now + 1000, 1],
    [now + 1999, 1],
    [now + 899_999, 899],
    [now + 900_000, 900],
    [now + 900_001, 900],
    [now + 86_400_000, 900],
  ])('until %d is %d whole seconds: rounded down, and no more than SQS takes', (at, seconds) => {
    expect(delaySeconds(at, now)).toBe(seconds);
  });
});

describe('the ticks queue', () => {
  function queueThat(
    answer: (input: SendMessageBatchCommandInput, call: number) => readonly (string | undefined)[],
  ) {
    const calls: SendMessageBatchCommandInput[] = [];
    const client = sqsAnswering((input) => {
      calls.push(input);
      return { Successful: answer(input, calls.length).map(sent) };
    });
    return { calls, queue: new SqsTickQueue(client, url, () => now, noWaiting()) };
  }
  const idsOf = ({ Entries = [] }: SendMessageBatchCommandInput) => Entries.map(({ Id }) => Id);

  test('takes 10 messages a call, each with its delay', async () => {
    const { calls, queue } = queueThat(idsOf);
    await queue.send(Array.from({ length: 23 }, (_, n) => tick(now + n * 1000)));
    expect(calls.map(({ Entries }) => Entries?.length)).toEqual([10, 10, 3]);
    const entries = calls.flatMap(({ Entries = [] }) => Entries);
    expect(entries.map(({ DelaySeconds }) => DelaySeconds)).toEqual(Array.from({ length: 23 }, (_, n) => n));
    expect(JSON.parse(entries[22]?.MessageBody ?? '')).toEqual(tick(now + 22_000));
    expect(calls.every(({ QueueUrl }) => QueueUrl === url)).toBe(true);
  });

  test('is given ASCII alone: SQS refuses characters that an id may have, or changes them', async () => {
    const { calls, queue } = queueThat(idsOf);
    const lotteryId = '\uffff\ufffe é 🎟 \u007f';
    const message = tick(now, lotteryId);
    await queue.send([message]);
    const body = calls[0]?.Entries?.[0]?.MessageBody ?? '';
    expect(body).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(body)).toEqual(message);
  });

  test('is sent again what did not get through, and nothing else', async () => {
    const { calls, queue } = queueThat((input, call) => (call === 1 ? ['0', '2'] : idsOf(input)));
    await queue.send([1, 2, 3].map((at) => tick(at)));
    expect(calls.map(idsOf)).toEqual([['0', '1', '2'], ['1']]);
  });

  test('is sent as many calls as it needs as long as one message gets through', async () => {
    const { calls, queue } = queueThat((input) => idsOf(input).slice(0, 1));
    await queue.send(Array.from({ length: 10 }, (_, n) => tick(n)));
    expect(calls).toHaveLength(10);
  });

  test('that takes nothing is an error after all attempts', async () => {
    const { calls, queue } = queueThat(() => []);
    await expect(queue.send([tick(1)])).rejects.toThrow('1 ticks could not be queued');
    expect(calls).toHaveLength(4);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { processTicks } from '../../../lambda/functions/ticks/process.ts';
import { TickRequests, tickTime } from '../../../lambda/functions/ticks/requests.ts';
import { graceMs, windowMs } from '../../support/events.ts';
import { MemoryStream, MemoryTicks } from '../../support/fakes/memory-streams.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import { sqsEvent, sqsRecord } from '../../support/records.ts';

const timing = { windowMs, graceMs };
const draw = (windowStart: number, lotteryId = '1') => ({ lotteryId, run: 1, windowStart });

describe('the time of a tick', () => {
  test('is a second after the draw is due', () => {
    expect(tickTime(0, 4000, timing)).toBe(13_000);
    expect(tickTime(0, 50_000, timing)).toBe(53_000);
  });
});

describe('requests for ticks', () => {
  let queue: MemoryTicks;
  let requests: TickRequests;

  beforeEach(() => {
    queue = new MemoryTicks();
    requests = new TickRequests(queue, timing);
  });

  test('are made once for each draw', async () => {
    await requests.request([draw(0), draw(10_000), draw(0, '2')], 1000);
    await requests.request([draw(0), draw(10_000), draw(0, '2')], 9000);
    expect(queue.messages.map(({ at, record }) => [at, record.lotteryId])).toEqual([
      [13_000, '1'],
      [23_000, '1'],
      [13_000, '2'],
    ]);
  });

  test('are made again when the draw is due later than the last tick', async () => {
    for (const now of [50_000, 50_400, 50_501]) await requests.request([draw(0)], now);
    expect(queue.messages.map(({ at }) => at)).toEqual([53_000, 53_501]);
  });

  test('that failed are made again', async () => {
    queue.error = new Error('no queue');
    await expect(requests.request([draw(0)], 0)).rejects.toThrow('no queue');
    queue.error = undefined;
    await requests.request([draw(0)], 0);
    expect(queue.messages).toHaveLength(1);
  });

  test('are forgotten, oldest first, after 10,000 others', async () => {
    await requests.request([draw(0)], 0);
    await requests.request(
      Array.from({ length: 9_999 }, (_, n) => draw((n + 1) * windowMs)),
      0,
    );
    queue.messages = [];
    await requests.request([draw(0)], 0);
    expect(queue.messages).toEqual([]);
    await requests.request([draw(10_000 * windowMs)], 0);
    await requests.request([draw(0)], 0);
    expect(queue.messages).toHaveLength(2);
  });

  test('for nothing make no call', async () => {
    queue.error = new Error('called');
    await requests.request([], 0);
    await requests.send([]);
    expect(queue.messages).toEqual([]);
  });
});

describe('the ticks function', () => {
  const entries = () => new MemoryStream('entries');
  const dependencies = (now: number) => ({
    entries: entries(),
    queue: new MemoryTicks(),
    telemetry: new MemoryTelemetry(),
    now: () => now,
  });
  const tick = (at: number) => ({ at, record: { type: 'Tick', lotteryId: '1' } });

  test('puts what is due on the entries stream, and the rest back on the queue', async () => {
    const ports = dependencies(100_000);
    const ending = { type: 'Ending', lotteryId: '2', run: 1, lastWindowStart: 0, since: 10_000 };
    const messages = [tick(100_050), tick(100_051), { at: 5, record: ending }].map((body, n) =>
      sqsRecord(`${n}`, body),
    );
    expect(await processTicks(sqsEvent(messages), ports)).toEqual({ batchItemFailures: [] });
    expect(ports.entries.records).toEqual([
      { partitionKey: '1', value: { type: 'Tick', lotteryId: '1' } },
      { partitionKey: '2', value: ending },
    ]);
    expect(ports.queue.messages).toEqual([tick(100_051)]);
  });

  test('reports what it cannot read, and does the rest', async () => {
    const ports = dependencies(10);
    const bodies = ['no json', tick(1), { at: 1, record: { type: 'PartialDraw' } }, '{}'];
    const event = sqsEvent(bodies.map((body, n) => sqsRecord(`${n}`, body)));
    expect(await processTicks(event, ports)).toEqual({
      batchItemFailures: ['0', '2', '3'].map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(ports.entries.records).toHaveLength(1);
    expect(ports.telemetry.counts).toEqual({ recordsIgnored: 3 });
  });

  test('reports what could not be put or queued', async () => {
    const ports = dependencies(10);
    ports.entries.error = new Error('no stream');
    ports.queue.error = new Error('no queue');
    const event = sqsEvent([sqsRecord('due', tick(1)), sqsRecord('early', tick(1_000_000))]);
    const { batchItemFailures } = await processTicks(event, ports);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'due' }, { itemIdentifier: 'early' }]);
  });
});

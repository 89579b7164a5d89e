import { beforeEach, describe, expect, test } from 'vitest';
import { priority, seedCommitment, windowSeed } from '../../../lambda/core/fairness.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, graceMs, secondRun, seed, windowMs } from '../../support/events.ts';
import { partialWithPriority } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord } from '../../support/records.ts';

const dueAt = windowMs + graceMs;
const tick = { type: 'Tick', lotteryId: '1' };
const ending = { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: 0 };

let pipeline: Pipeline;
let position = 0;

/** A record of the entries stream that arrives at a time. */
const arrives = (arrival: number, value: object | string) => {
  position += 1;
  return kinesisRecord(position, value, { arrival });
};

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

describe('a draw', () => {
  test('waits in the state until it is due, then is stored and announced', async () => {
    const first = await pipeline.draw([
      arrives(1000, partialWithPriority('5')),
      arrives(1500, partialWithPriority('3')),
    ]);
    expect(pipeline.lotteryOutputs.values).toEqual([]);
    expect(first.state.draws['1@0']).toMatchObject({ since: 1000, entries: 2 });
    pipeline.now = dueAt + 250;
    const second = await pipeline.draw([arrives(dueAt, tick)], { state: first.state });
    expect(second.state.draws).toEqual({});
    expect(pipeline.lotteryOutputs.values).toMatchObject([
      {
        type: 'LotteryWinnerEvent',
        drawId: '1@0',
        entryId: 'shard:3',
        entries: 2,
        windowSeed: windowSeed(seed, '1', 0),
      },
    ]);
    expect(pipeline.journal).toEqual(['write 1@0', 'publish lottery outputs']);
    expect(pipeline.telemetry.delays).toEqual([graceMs + 250]);
  });

  test('is announced again when it was stored, but not published: the stored winner, no other', async () => {
    const { state } = await pipeline.draw([arrives(1000, partialWithPriority('5'))]);
    pipeline.lotteryOutputs.error = new Error('died');
    const last = arrives(dueAt, tick);
    await expect(pipeline.draw([last], { state })).rejects.toThrow('died');
    pipeline.lotteryOutputs.error = undefined;
    // It comes again with a partial more, which lost.
    await pipeline.draw([last, arrives(dueAt + 1, partialWithPriority('9'))], { state });
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ entryId: 'shard:5', entries: 1 }]);
    expect(pipeline.telemetry.counts.drawsMade).toBeUndefined();
  });

  test('is announced again, and moves nothing, for a partial that lost or is the winner itself', async () => {
    const { state } = await pipeline.draw([arrives(1000, partialWithPriority('5'))]);
    await pipeline.draw([arrives(dueAt, tick)], { state });
    const [winner] = pipeline.lotteryOutputs.take();
    for (const digit of ['5', '6']) {
      await pipeline.draw([arrives(20_000, partialWithPriority(digit)), arrives(20_000 + graceMs, tick)]);
    }
    expect(pipeline.lotteryOutputs.values).toEqual([winner, winner]);
    expect(pipeline.entries.values).toEqual([]);
    expect(pipeline.userInputs.values).toEqual([]);
    expect(pipeline.userOutputs.values).toEqual([]);
  });

  test('of a run that no lottery has is no draw: a defect that is counted, and stops nothing', async () => {
    const records = [partialWithPriority('1', { lotteryId: '9' }), partialWithPriority('2')].map((each) =>
      arrives(0, each),
    );
    await pipeline.draw([...records, arrives(dueAt, tick)]);
    expect(pipeline.lotteryOutputs.values.map(({ lotteryId }) => lotteryId)).toEqual([1]);
    expect(pipeline.telemetry.counts.recordsIgnored).toBe(1);
  });

  test('is not kept from others by records that cannot be read', async () => {
    const { state } = await pipeline.draw([
      arrives(0, 'no json'),
      arrives(0, '{}'),
      arrives(5, partialWithPriority('1')),
    ]);
    expect(Object.keys(state.draws)).toEqual(['1@0']);
    expect(pipeline.telemetry.counts.recordsIgnored).toBe(2);
    expect(pipeline.telemetry.warnings).toHaveLength(2);
  });

  test('has the prize of its window', async () => {
    pipeline.lotteries.set(activeRun({ prizes: ['a', 'b'], firstWindowStart: 0, lastWindowStart: 10_000 }));
    const late = partialWithPriority('5', { windowStart: 10_000 });
    await pipeline.draw([
      arrives(0, partialWithPriority('1')),
      arrives(0, late),
      arrives(10_000 + dueAt, tick),
    ]);
    expect(pipeline.lotteryOutputs.values.map(({ prize }) => prize)).toEqual(['a', 'b', undefined]);
  });
});

describe('the end of Lambda’s window', () => {
  test('is a clock: what is due by it is drawn without another record', async () => {
    const { state } = await pipeline.draw([arrives(1000, partialWithPriority('5'))]);
    await pipeline.draw([], { state, final: true, windowEnd: dueAt });
    expect(pipeline.lotteryOutputs.values).toHaveLength(1);
    expect(pipeline.entries.values).toEqual([]);
  });

  test('carries what is not due over, with its first arrival, and empties the state', async () => {
    const future = partialWithPriority('7', { windowStart: 50_000 });
    const { state } = await pipeline.draw([
      arrives(1000, partialWithPriority('5')),
      arrives(1100, future),
      arrives(1200, { ...ending, lastWindowStart: 50_000 }),
    ]);
    const { state: after } = await pipeline.draw([], { state, final: true, windowEnd: dueAt });
    expect(after).toEqual({ draws: {}, endings: {}, clock: 0 });
    expect(pipeline.entries.records.map(({ partitionKey }) => partitionKey)).toEqual(['1', '1']);
    expect(pipeline.entries.values).toEqual([
      { ...future, since: 1100 },
      { ...ending, lastWindowStart: 50_000, since: 1200 },
    ]);
    const carried = pipeline.arrivals(13_000);
    const { state: next } = await pipeline.draw(carried);
    expect(next.draws['1@50000']).toMatchObject({ since: 1100 });
  });

  test('a window cut short goes by the last arrival, not by the end that it did not reach', async () => {
    for (const final of [true, false]) {
      const { state } = await pipeline.draw([arrives(1000, partialWithPriority('5'))]);
      const { state: after } = await pipeline.draw([], { state, final, early: true, windowEnd: dueAt });
      expect(pipeline.lotteryOutputs.values).toEqual([]);
      expect(after.draws).toEqual({});
      expect(pipeline.entries.take()).toEqual([{ ...partialWithPriority('5'), since: 1000 }]);
    }
  });

  test('a carry-over that failed comes again, with the draws announced again', async () => {
    const { state } = await pipeline.draw([
      arrives(0, partialWithPriority('5')),
      arrives(0, partialWithPriority('6', { windowStart: 20_000 })),
    ]);
    pipeline.entries.error = new Error('throttled');
    const options = { state, final: true, windowEnd: dueAt };
    await expect(pipeline.draw([], options)).rejects.toThrow('throttled');
    pipeline.entries.error = undefined;
    await pipeline.draw([], options);
    expect(pipeline.lotteryOutputs.values.map(({ entryId }) => entryId)).toEqual(['shard:5', 'shard:5']);
    expect(pipeline.entries.values).toHaveLength(1);
  });
});

describe('the end of a lottery', () => {
  const ended = (run: number) => ({
    type: 'LotteryEndedEvent',
    lotteryId: 1,
    run,
    seed,
    seedCommitment: seedCommitment(seed),
  });

  test('a stopped one reveals its seed after its open windows are drawn', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
    const { state } = await pipeline.draw([arrives(500, partialWithPriority('5')), arrives(1000, ending)]);
    expect(Object.keys(state.endings)).toEqual(['1#1']);
    await pipeline.draw([arrives(dueAt, tick)], { state });
    expect(pipeline.lotteryOutputs.values.map(({ type }) => type)).toEqual([
      'LotteryWinnerEvent',
      'LotteryEndedEvent',
    ]);
    expect(pipeline.lotteryOutputs.values[1]).toEqual(ended(1));
    expect((await pipeline.lotteries.current(['1'])).get('1')?.status).toBe('ended');
  });

  test('waits for a draw that came late, and is still open', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
    const { state } = await pipeline.draw([arrives(1000, ending), arrives(dueAt, partialWithPriority('5'))]);
    expect(pipeline.lotteryOutputs.values).toEqual([]);
    await pipeline.draw([arrives(dueAt + graceMs, tick)], { state });
    expect(pipeline.lotteryOutputs.values.map(({ type }) => type)).toEqual([
      'LotteryWinnerEvent',
      'LotteryEndedEvent',
    ]);
  });

  test('comes with the draw of the last prize, and with no other', async () => {
    pipeline.lotteries.set(activeRun({ prizes: ['a', 'b'], firstWindowStart: 0, lastWindowStart: 10_000 }));
    await pipeline.draw([arrives(0, partialWithPriority('1')), arrives(dueAt, tick)]);
    const [first] = pipeline.lotteryOutputs.take();
    expect(first).toMatchObject({ type: 'LotteryWinnerEvent', prize: 'a' });
    await pipeline.draw([
      arrives(dueAt, partialWithPriority('2', { windowStart: 10_000 })),
      arrives(10_000 + dueAt, tick),
    ]);
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ prize: 'b' }, ended(1)]);
  });

  test('comes by its own record when nobody clicked', async () => {
    pipeline.lotteries.set(activeRun({ prizes: ['a'], firstWindowStart: 0, lastWindowStart: 0 }));
    await pipeline.draw([arrives(dueAt, { ...ending, since: windowMs })]);
    expect(pipeline.lotteryOutputs.values).toEqual([ended(1)]);
  });

  test('is revealed again after a crash, for the run that ended, not for the one that runs now', async () => {
    await pipeline.draw([arrives(0, ending), arrives(dueAt, tick)]);
    const restarted = { version: 2, cursors: {}, run: secondRun() };
    await pipeline.lotteries.write([{ key: '1', state: restarted }]);
    await pipeline.draw([arrives(0, ending), arrives(dueAt, tick)]);
    expect(pipeline.lotteryOutputs.values).toEqual([ended(1), ended(1)]);
    expect((await pipeline.lotteries.current(['1'])).get('1')).toMatchObject({ run: 2, status: 'active' });
  });
});

test('the winner is the entry whose hash is lowest, as anyone computes it', async () => {
  const users = Array.from({ length: 20 }, (_, n) => n);
  const purchases = users.map((n) => buy(n, 1));
  const clicks = users.map((n) => click(n, n));
  await pipeline.userEvents(pipeline.batch([...purchases, ...clicks]));
  const receipts = pipeline.userOutputs.values.filter(({ type }) => type === 'ClickAcceptedEvent');
  const lowest = receipts
    .map(({ entryId }) => priority(windowSeed(seed, '1', 0), String(entryId)))
    .toSorted()[0];
  await pipeline.draw([...pipeline.arrivals(500), arrives(dueAt, tick)]);
  expect(pipeline.lotteryOutputs.values).toMatchObject([{ priority: lowest, entries: 20 }]);
});

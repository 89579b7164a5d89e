import { beforeEach, describe, expect, test } from 'vitest';
import { priority, seedCommitment, windowSeed } from '../../../lambda/core/fairness.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, graceMs, secondRun, seed, windowMs } from '../../support/events.ts';
import { dueAtOf, partialWith, tickOf, winnerAmong } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

const partial = (entries: readonly number[], fields: Parameters<typeof partialWith>[2] = {}) =>
  partialWith(pipeline.blocks, entries, fields);
const draw = (values: readonly unknown[], options: Parameters<Pipeline['draw']>[1] = {}) =>
  pipeline.draw(pipeline.records(values), options);
const idsOf = (entries: readonly number[]) => entries.map((n) => `shard:${n}`);
const winners = () => pipeline.announced().map(({ type, drawId }) => drawId ?? type);

describe('a draw', () => {
  test('waits in the state for its tick, then is stored and announced', async () => {
    const partials = [await partial([1, 2]), await partial([2, 3])];
    pipeline.journal.length = 0;
    const first = await draw(partials);
    expect(pipeline.announced()).toEqual([]);
    pipeline.now = dueAtOf(0) + 250;
    const second = await draw([tickOf()], { state: first.state });
    expect(second.state.draws).toEqual({});
    expect(pipeline.announced()).toMatchObject([
      {
        ...{ type: 'LotteryWinnerEvent', drawId: '1@0', entryId: winnerAmong(idsOf([1, 2, 3])), entries: 3 },
        ...{ windowEnd: windowMs, windowSeed: windowSeed(seed, '1', 0) },
      },
    ]);
    const steps = [
      'close 1@0',
      'publish lottery outputs',
      'put sheet',
      'write 1@0',
      'publish lottery outputs',
    ];
    expect(pipeline.journal).toEqual(['send ticks', ...steps]);
    expect(pipeline.telemetry.delays).toEqual([pipeline.now - windowMs]);
  });

  test('is made by nothing but a tick: neither the time nor the end of Lambda’s window', async () => {
    pipeline.now = 10 * dueAtOf(0);
    const { state } = await draw([await partial([1])]);
    await draw([], { state, final: true, windowEnd: pipeline.now });
    expect(pipeline.announced()).toEqual([]);
  });

  test('asks for its tick where it comes new, and for no other one in Lambda’s window', async () => {
    const other = { windowStart: 10_000 };
    const first = await draw([await partial([1]), await partial([2])]);
    const dueAt = dueAtOf(0);
    expect(pipeline.queue.take()).toEqual([
      { at: dueAt, dueAt, tick: { lotteryId: '1', run: 1, windowStart: 0 } },
    ]);
    pipeline.now = 50_000;
    const values = [await partial([3]), await partial([3], other)];
    const second = await draw(values, { state: first.state });
    expect(pipeline.queue.take()).toMatchObject([{ at: 50_000, dueAt: dueAtOf(10_000), tick: other }]);
    await draw([await partial([4])], { state: second.state });
    expect(pipeline.queue.messages).toEqual([]);
  });

  test('that comes with its tick asks for none', async () => {
    await draw([await partial([1]), tickOf()]);
    expect(pipeline.queue.messages).toEqual([]);
    expect(winners()).toEqual(['1@0']);
  });

  test('is made with all windows of its run up to that of the tick, and with no later one', async () => {
    pipeline.lotteries.set(activeRun({ lotteryId: '2' }));
    const starts = [30_000, 0, 20_000, 10_000];
    const partials = await Promise.all(starts.map((windowStart) => partial([1], { windowStart })));
    const others = [await partial([1], { lotteryId: '2' }), await partial([1], { run: 2 })];
    const { state } = await draw([...partials, ...others, tickOf({ windowStart: 20_000 })]);
    expect(winners()).toEqual(['1@0', '1@10000', '1@20000']);
    expect(Object.keys(state.draws).toSorted()).toEqual(['1@0#2', '1@30000', '2@0']);
  });

  test('is that of the latest of several ticks, in any order', async () => {
    const partials = [await partial([1]), await partial([1], { windowStart: 10_000 })];
    const ticks = [tickOf({ windowStart: 10_000 }), tickOf()];
    await draw([...partials, ...ticks]);
    expect(winners()).toEqual(['1@0', '1@10000']);
  });

  test('has the prize of its window', async () => {
    pipeline.lotteries.set(activeRun({ prizes: ['a', 'b'], firstWindowStart: 0, lastWindowStart: 10_000 }));
    const values = [await partial([1]), await partial([1], { windowStart: 10_000 })];
    await draw([...values, tickOf({ windowStart: 10_000 })]);
    expect(pipeline.announced().map(({ prize }) => prize)).toEqual(['a', 'b', undefined]);
  });

  test('that was made is announced again, as it is stored, for each tick that meets its entries', async () => {
    const again = await partial([1, 2]);
    await draw([again, tickOf()]);
    const [winner] = pipeline.takeAnnounced();
    await draw([again, tickOf()]);
    await draw([tickOf()]);
    expect(pipeline.announced()).toEqual([winner]);
    expect(pipeline.telemetry.counts.drawsMade).toBe(1);
    expect(pipeline.userInputs.values).toEqual([]);
  });

  test('of a run that no lottery has is no draw: its entries stay, it is counted, and stops nothing', async () => {
    const lost = { lotteryId: '9', run: 1, windowStart: 0 };
    const values = [await partial([1], lost), await partial([2])];
    const first = await draw(values);
    pipeline.queue.take();
    pipeline.now = 77_000;
    const { state } = await draw([tickOf(lost), tickOf()], first);
    expect([winners(), Object.keys(state.draws)]).toEqual([['1@0'], ['9@0']]);
    expect(pipeline.telemetry.counts.recordsIgnored).toBe(1);
    expect(pipeline.queue.take()).toEqual([{ at: 137_000, dueAt: dueAtOf(0), tick: lost }]);
    // Somebody puts the run back.
    pipeline.lotteries.set(activeRun({ lotteryId: '9' }));
    const { state: after } = await draw([tickOf(lost)], { state });
    expect([winners(), after.draws]).toEqual([['1@0', '9@0'], {}]);
  });

  test('is not kept from others by records that cannot be read', async () => {
    const { state } = await draw(['no json', '{}', await partial([1])]);
    expect(Object.keys(state.draws)).toEqual(['1@0']);
    expect(pipeline.telemetry.counts.recordsIgnored).toBe(2);
    expect(pipeline.telemetry.warnings).toHaveLength(2);
  });
});

describe('the end of Lambda’s window', () => {
  test.each([
    ['final', { final: true }],
    ['early', { early: true }],
    ['both', { final: true, early: true }],
  ])('keeps what is open in the table, and empties the state: %s', async (_, end) => {
    const { state } = await draw([await partial([1])]);
    const { state: after } = await draw([await partial([2], { run: 2 })], { state, ...end });
    expect(after).toEqual({ draws: {} });
    expect(pipeline.draws.waiting.get('1#1')).toEqual(state.draws);
    expect(Object.keys(pipeline.draws.waiting.get('1#2') ?? {})).toEqual(['1@0#2']);
    expect(pipeline.entries.values).toEqual([]);
  });

  test('joins what was kept before; a tick then finds the table’s and the state’s together', async () => {
    for (const entries of [[1, 2], [3]]) await draw([await partial(entries)], { final: true });
    const { state } = await draw([await partial([4]), await partial([1], { windowStart: 10_000 })]);
    const { state: after } = await draw([tickOf()], { state });
    expect(pipeline.announced()).toMatchObject([{ entries: 4, entryId: winnerAmong(idsOf([1, 2, 3, 4])) }]);
    expect(Object.keys(after.draws)).toEqual(['1@10000']);
    expect(pipeline.draws.waiting.get('1#1')).toEqual({});
  });

  test('loses nothing where the state is lost with it: a tick finds it all in the table', async () => {
    await draw([await partial([1]), await partial([1], { windowStart: 10_000 })], { final: true });
    await draw([tickOf()]);
    expect(winners()).toEqual(['1@0']);
    expect(Object.keys(pipeline.draws.waiting.get('1#1') ?? {})).toEqual(['1@10000']);
  });

  test('that failed comes again, from the same state', async () => {
    const { state } = await draw([await partial([1])]);
    const last = pipeline.records([await partial([2])]);
    pipeline.effects.dieAt({ at: 1, when: 'after' });
    await expect(pipeline.draw(last, { state, final: true })).rejects.toThrow('Died');
    await pipeline.draw(last, { state, final: true });
    expect(pipeline.draws.waiting.get('1#1')?.['1@0']?.blocks).toHaveLength(2);
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
  const statusOf = async () => (await pipeline.lotteries.current(['1'])).get('1')?.status;

  test('comes with the tick of its last window, after its draws', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 10_000 }));
    const values = [await partial([1]), await partial([1], { windowStart: 10_000 })];
    const { state } = await draw([...values, tickOf()]);
    expect([winners(), await statusOf()]).toEqual([['1@0'], 'stopped']);
    await draw([tickOf({ windowStart: 10_000 })], { state });
    expect(winners()).toEqual(['1@0', '1@10000', 'LotteryEndedEvent']);
    expect(pipeline.announced()[2]).toEqual(ended(1));
    expect([await statusOf(), pipeline.telemetry.counts.lotteriesEnded]).toEqual(['ended', 1]);
  });

  test('comes when nobody clicked, with the last prize as with a stop', async () => {
    pipeline.lotteries.set(activeRun({ prizes: ['a'], firstWindowStart: 0, lastWindowStart: 0 }));
    await draw([tickOf()]);
    expect(pipeline.announced()).toEqual([ended(1)]);
  });

  test('does not come with a tick before the last window, nor without one', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 10_000 }));
    await draw([tickOf(), await partial([1])], { final: true });
    pipeline.lotteries.set(activeRun());
    await draw([tickOf({ windowStart: 90_000 })]);
    expect(winners()).toEqual(['1@0']);
  });

  test('waits for what the table holds of its last windows', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 10_000 }));
    await draw([await partial([1]), await partial([1], { windowStart: 10_000 })], { final: true });
    await draw([tickOf({ windowStart: 10_000 })]);
    expect(winners()).toEqual(['1@0', '1@10000', 'LotteryEndedEvent']);
  });

  test('is revealed again by each tick that comes after, for the run that ended, not the one that runs now', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
    await draw([tickOf()]);
    const version = pipeline.lotteries.store.items.get('1')?.version ?? 0;
    await pipeline.lotteries.write([{ key: '1', state: { version, cursors: {}, run: secondRun() } }]);
    await draw([tickOf()]);
    expect(pipeline.announced()).toEqual([ended(1), ended(1)]);
    expect((await pipeline.lotteries.current(['1'])).get('1')).toMatchObject({ run: 2, status: 'active' });
    expect(pipeline.telemetry.counts.lotteriesEnded).toBe(1);
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
  pipeline.now = windowMs + graceMs;
  await pipeline.draw([...pipeline.arrivals(), ...pipeline.records([tickOf()])]);
  expect(pipeline.announced()).toMatchObject([{ priority: lowest, entries: 20 }]);
});

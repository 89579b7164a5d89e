import { beforeEach, describe, expect, test } from 'vitest';
import { blockRef, nameOf } from '../../../lambda/core/block.ts';
import type { EntriesRecord, TickMessage } from '../../../lambda/core/entries-records.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, secondRun, seed, windowMs } from '../../support/events.ts';
import { dueAtOf, partialWith, tickOf, winnerAmong } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

/** Lottery 1's seed or a block is taken away, or changed, by hand; lottery 2 has others and must not notice. */

const other = { lotteryId: '2', run: 2 };
const lookAgain = {
  at: 77_000 + 60_000,
  dueAt: dueAtOf(0),
  tick: { lotteryId: '1', run: 1, windowStart: 0 },
};

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.now = 77_000;
  pipeline.lotteries.set(activeRun());
  pipeline.lotteries.set(secondRun({ lotteryId: '2' }));
});

const draw = (values: readonly unknown[], options: Parameters<Pipeline['draw']>[1] = {}) =>
  pipeline.draw(pipeline.records(values), options);
const partials = async () => [
  await partialWith(pipeline.blocks, [1, 2, 3]),
  await partialWith(pipeline.blocks, [4, 5], other),
];
const ticks = [tickOf(), tickOf(other)];
const drawn = () => pipeline.takeAnnounced().map(({ type, lotteryId }) => [type, lotteryId]);
const statusOf = async () => (await pipeline.lotteries.current(['1'])).get('1')?.status;

interface Taken {
  readonly name: string;
  readonly count: 'seedsMissing' | 'blocksMissing';
  take(): void | Promise<void>;
  giveBack(): void | Promise<void>;
}

let texts: [string, string][] = [];
/** The partials that name them. */
let waiting: EntriesRecord[] = [];
const blockOf = (drawId: string) => texts.find(([, text]) => text.includes(`"${drawId}"`)) ?? ['', ''];

const cases: readonly Taken[] = [
  {
    ...{ name: 'a seed that is missing', count: 'seedsMissing' },
    take: () => pipeline.seeds.forget(seed),
    giveBack: () => pipeline.seeds.keep([seed]),
  },
  {
    ...{ name: 'a block that is missing', count: 'blocksMissing' },
    take: () => void pipeline.blocks.texts.delete(blockOf('1@0')[0]),
    giveBack: () => void pipeline.blocks.texts.set(...blockOf('1@0')),
  },
  {
    ...{ name: 'a block that was changed', count: 'blocksMissing' },
    take() {
      const [name, text] = blockOf('1@0');
      pipeline.blocks.texts.set(name, text.replace('shard:1', 'shard:9'));
    },
    giveBack: () => void pipeline.blocks.texts.set(...blockOf('1@0')),
  },
];

describe.each(cases)('a draw with $name', ({ count, take, giveBack }) => {
  beforeEach(async () => {
    waiting = await partials();
    texts = [...pipeline.blocks.texts];
    await take();
  });

  test('waits for it, is looked for again, and is then made; another lottery is drawn', async () => {
    const { state } = await draw(waiting);
    pipeline.queue.take();
    const { state: after } = await draw(ticks, { state });
    expect(drawn()).toEqual([['LotteryWinnerEvent', 2]]);
    expect(Object.keys(after.draws)).toEqual(['1@0']);
    expect(pipeline.telemetry.counts[count]).toBe(1);
    expect(pipeline.queue.messages).toEqual([lookAgain]);
    await giveBack();
    await draw([tickOf()], { state: after });
    expect(pipeline.announced()).toMatchObject([
      { lotteryId: 1, entries: 3, entryId: winnerAmong(['shard:1', 'shard:2', 'shard:3']) },
    ]);
  });

  test('waits in the table as well', async () => {
    await draw(waiting, { final: true });
    pipeline.queue.take();
    await draw(ticks, { final: true });
    expect(drawn()).toEqual([['LotteryWinnerEvent', 2]]);
    expect(Object.keys(pipeline.draws.waiting.get('1#1') ?? {})).toEqual(['1@0']);
    expect(pipeline.queue.messages).toEqual([lookAgain]);
    await giveBack();
    await draw([tickOf()]);
    expect(drawn()).toEqual([['LotteryWinnerEvent', 1]]);
    expect(pipeline.draws.waiting.get('1#1')).toEqual({});
  });

  test('keeps its run from its end, and no other', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
    pipeline.lotteries.set(secondRun({ lotteryId: '2', status: 'stopped', lastWindowStart: 0 }));
    const { state } = await draw([...waiting, ...ticks]);
    expect(drawn()).toEqual([
      ['LotteryWinnerEvent', 2],
      ['LotteryEndedEvent', 2],
    ]);
    expect(await statusOf()).toBe('stopped');
    await giveBack();
    await draw([tickOf()], { state });
    expect(drawn()).toEqual([
      ['LotteryWinnerEvent', 1],
      ['LotteryEndedEvent', 1],
    ]);
    expect(await statusOf()).toBe('ended');
  });
});

test('a run without a seed to reveal is not ended, though nobody clicked', async () => {
  pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
  pipeline.seeds.forget(seed);
  await draw([tickOf()]);
  expect([drawn(), await statusOf()]).toEqual([[], 'stopped']);
  expect(pipeline.queue.messages).toMatchObject([{ at: 137_000, tick: lookAgain.tick }]);
  await pipeline.seeds.keep([seed]);
  await draw([tickOf()]);
  expect(drawn()).toEqual([['LotteryEndedEvent', 1]]);
});

test('what is missing for long is looked for by a few ticks, not by one of each window since', async () => {
  pipeline.lotteries.set(activeRun());
  pipeline.seeds.forget(seed);
  pipeline.now = 0;
  const windows = 60;
  let due: TickMessage[] = [];
  let most = 0;
  for (let window = 0; window < windows; window += 1) {
    const windowStart = window * windowMs;
    await draw([await partialWith(pipeline.blocks, [1], { windowStart })], { final: true });
    pipeline.now = windowStart + windowMs;
    due = [...due, ...pipeline.queue.take()];
    for (const { tick } of due.filter(({ at }) => at <= pipeline.now)) await draw([tickOf(tick)]);
    due = [...due.filter(({ at }) => at > pipeline.now), ...pipeline.queue.take()];
    most = Math.max(most, due.length);
  }
  // A minute has six windows.
  expect(most).toBeLessThanOrEqual(10);
  await pipeline.seeds.keep([seed]);
  for (const { tick } of due) await draw([tickOf(tick)]);
  expect(pipeline.draws.draws.size).toBe(windows);
});

test('a draw with a list of blocks that is missing waits for it, and is then made', async () => {
  await draw(
    [await partialWith(pipeline.blocks, [1, 2, 3]), await partialWith(pipeline.blocks, [1], other)],
    {
      final: true,
    },
  );
  const { '1@0': open } = pipeline.draws.waiting.get('1#1') ?? {};
  const list = 'f'.repeat(64);
  if (open === undefined) throw new Error('Nothing is open');
  pipeline.draws.waiting.set('1#1', { '1@0': { ...open, blocks: [], lists: [list] } });
  pipeline.queue.take();
  await draw(ticks);
  expect(drawn()).toEqual([['LotteryWinnerEvent', 2]]);
  expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
  expect(pipeline.queue.messages).toEqual([lookAgain]);
  pipeline.blocks.lists.set(list, open.blocks);
  await draw(ticks);
  expect(pipeline.draws.waiting.get('1#1')).toEqual({});
  expect(drawn()).toEqual([['LotteryWinnerEvent', 1]]);
});

test('what is open of a run and cannot be read keeps that run waiting, with what comes, and no other', async () => {
  await draw(await partials(), { final: true });
  pipeline.queue.take();
  pipeline.draws.withoutList.add('1#1/open');
  const more = await partialWith(pipeline.blocks, [6]);
  const { state } = await draw([more, ...ticks]);
  expect(drawn()).toEqual([['LotteryWinnerEvent', 2]]);
  expect(Object.keys(state.draws)).toEqual(['1@0']);
  expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
  expect(pipeline.queue.take()).toContainEqual(lookAgain);
  await draw([], { state, final: true });
  pipeline.draws.withoutList.clear();
  await draw([tickOf()]);
  expect(pipeline.announced()).toMatchObject([{ lotteryId: 1, entries: 4 }]);
});

test('other windows of the run are drawn beside one that waits for its block', async () => {
  const [gone, there] = [
    await partialWith(pipeline.blocks, [1]),
    await partialWith(pipeline.blocks, [1], { windowStart: 10_000 }),
  ];
  const [name = ''] = pipeline.blocks.texts.keys();
  pipeline.blocks.texts.delete(name);
  const { state } = await draw([gone, there, tickOf({ windowStart: 10_000 })]);
  expect(pipeline.announced()).toMatchObject([{ drawId: '1@10000' }]);
  expect(Object.keys(state.draws)).toEqual(['1@0']);
});

test('clicks need no seed: user-events knows none', async () => {
  pipeline.seeds.forget(seed);
  const reads = pipeline.seeds.reads;
  await pipeline.userEvents(pipeline.batch([buy(1, 9), click(1, 77_000)]));
  expect(pipeline.userOutputs.values.map(({ type }) => type)).toEqual([
    'CouponsBoughtEvent',
    'ClickAcceptedEvent',
  ]);
  expect(pipeline.seeds.reads).toBe(reads);
});

test('what is named as a block and is none keeps its own draw waiting, and is told by its name', async () => {
  const text = 'nothing of ours';
  const name = nameOf(text);
  await pipeline.blocks.put(name, text);
  const named = await partialWith(pipeline.blocks, [1]);
  const ref = blockRef(name, '0'.repeat(64));
  const { state } = await draw([...(await partials()), { ...named, block: ref }, ...ticks]);
  expect(drawn()).toEqual([['LotteryWinnerEvent', 2]]);
  expect(Object.keys(state.draws)).toEqual(['1@0']);
  expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
  expect(pipeline.telemetry.details).toEqual([{ drawId: '1@0', missing: [ref] }]);
  expect(pipeline.queue.messages).toContainEqual(lookAgain);
});

import { beforeEach, describe, expect, test } from 'vitest';
import { objectOf, parseBlock, rootOf } from '../../../lambda/core/block.ts';
import { buy, click, start } from '../../support/client-events.ts';
import { activeRun, beacon, receiptKey } from '../../support/events.ts';
import { isProven, rootsOf } from '../../support/merkle.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { receiptsOf } from '../../support/receipts.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  for (const lotteryId of ['1', '2', '10']) pipeline.lotteries.set(activeRun({ lotteryId }));
});

const receipts = () => receiptsOf(pipeline.userOutputs.values);

/** The roots of the blocks that the draws will be made of, by draw. */
const rootsOnEntries = () =>
  pipeline.entries.values.map(({ lotteryId, windowStart, block }) => [
    `${lotteryId}@${windowStart}`,
    rootOf(String(block)),
  ]);

describe('the receipts of a batch', () => {
  test('on one draw need no second path: the block’s root is the data of the batch’s only leaf', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1), click(1, 1), buy(2), click(2, 2), click(1, 3)]));
    const all = receipts();
    expect(all.map(({ receipt: { index, size, batch } }) => [index, size, batch])).toEqual(
      [0, 2, 1].map((index) => [index, 3, undefined]),
    );
    expect(all.map((each) => isProven(each, receiptKey))).toEqual([true, true, true]);
    expect(pipeline.receipts.texts).toHaveLength(1);
  });

  test('on many draws have one signature: batch places by draw ids as texts', async () => {
    const clicks = ['2', '1', '10'].map((lotteryId) => click(1, 1, lotteryId));
    await pipeline.userEvents(pipeline.batch([buy(1), ...clicks]));
    const all = receipts();
    const places = all.map(({ drawId, receipt }) => [drawId, receipt.batch?.index, receipt.batch?.size]);
    expect(Object.fromEntries(places.map(([drawId, index]) => [drawId, index]))).toEqual({
      '10@0': 0,
      '1@0': 1,
      '2@0': 2,
    });
    expect(all.map((each) => isProven(each, receiptKey))).toEqual([true, true, true]);
    expect(new Set(all.map(({ receipt }) => receipt.signature)).size).toBe(1);
    const [batch] = all.map((each) => rootsOf(each).batch);
    expect(pipeline.receipts.texts).toEqual([`lottery-streams receipt v1\n${batch}`]);
  });

  test('are of the blocks that go into the draws, whose entries stand in the order of the stream', async () => {
    const others = [buy(2), buy(1), click(2, 1), click(1, 2), click(2, 3), click(1, 4, '2')];
    await pipeline.userEvents(pipeline.batch(others));
    const said = receipts().map(({ drawId, receipt }) => [drawId, receipt.root]);
    expect(new Set(said.map(String))).toEqual(new Set(rootsOnEntries().map(String)));
    const [ref] = pipeline.entries.values.map(({ block }) => String(block));
    const block = parseBlock(pipeline.blocks.texts.get(objectOf(ref ?? '')) ?? '');
    expect(block['1@0']?.map(([, userId]) => userId)).toEqual(['2', '1', '2']);
  });

  test('change with any of what they prove', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1), click(1, 1), click(1, 2)]));
    const [first, second] = receipts();
    if (first === undefined || second === undefined) throw new Error('Two receipts were expected');
    const forged = [
      { ...first, userId: '2' },
      { ...first, entryId: second.entryId },
      { ...first, drawId: '1@10000' },
      { ...first, receipt: second.receipt },
      { ...first, receipt: { ...first.receipt, root: '0'.repeat(64) } },
      { ...first, receipt: { ...first.receipt, index: 1 } },
      { ...first, receipt: { ...first.receipt, signature: 'A'.repeat(86) } },
    ];
    expect(forged.map((each) => isProven(each, receiptKey))).toEqual(forged.map(() => false));
  });

  test('keep a record below 1,024 bytes: a batch of 1,000 clicks on one lottery, ids of 12 characters', async () => {
    const [lotteryId, user] = ['l'.repeat(12), 'u'.repeat(8)];
    pipeline = new Pipeline();
    pipeline.now = 1_700_000_000_000;
    pipeline.lotteries.set(activeRun({ lotteryId, run: 99 }));
    const users = Array.from({ length: 1_000 }, (_, n) => `${user}${String(n).padStart(4, '0')}`);
    await pipeline.userEvents(pipeline.batch(users.map((userId) => buy(userId, 1_000_000))));
    pipeline.userOutputs.take();
    await pipeline.userEvents(pipeline.batch(users.map((userId) => click(userId, pipeline.now, lotteryId))));
    const sizes = pipeline.userOutputs.values.map((value) => Buffer.byteLength(JSON.stringify(value)));
    expect(sizes).toHaveLength(1_000);
    expect(Math.max(...sizes)).toBeLessThan(1_024);
    expect(receipts().filter(({ receipt }) => receipt.size === 1_000)).toHaveLength(1_000);
  });
});

describe('when KMS does not sign', () => {
  test('nothing is told, the watermark stays, and the batch comes again as it was', async () => {
    const batch = pipeline.batch([buy(1), click(1, 1)]);
    pipeline.receipts.error = new Error('KMS is out of reach');
    await expect(pipeline.userEvents(batch)).rejects.toThrow('KMS is out of reach');
    expect([pipeline.userOutputs.values, pipeline.watermarks.shards.size]).toEqual([[], 0]);
    pipeline.receipts.error = undefined;
    await pipeline.userEvents(batch);
    expect(receipts().map((each) => isProven(each, receiptKey))).toEqual([true]);
    expect(pipeline.users.items.get('1')?.coupons).toBe(99);
  });

  test('the batch fails after its block and its entries are put: nothing goes on behind it', async () => {
    const put = pipeline.blocks.put.bind(pipeline.blocks);
    pipeline.blocks.put = async (name, text) => {
      await new Promise((resolve) => setImmediate(resolve));
      await put(name, text);
    };
    pipeline.receipts.error = new Error('KMS is out of reach');
    const batch = pipeline.batch([buy(1), click(1, 1)]);
    await expect(pipeline.userEvents(batch)).rejects.toThrow('KMS is out of reach');
    expect([pipeline.blocks.texts.size, pipeline.entries.values.length]).toEqual([1, 1]);
  });

  test('batches without an accepted click are none of its business', async () => {
    pipeline.receipts.error = new Error('KMS is out of reach');
    await pipeline.userEvents(pipeline.batch([buy(1), click(2, 1)]));
    expect(pipeline.userOutputs.values.map(({ type }) => type)).toEqual([
      'CouponsBoughtEvent',
      'EventRejectedEvent',
    ]);
  });
});

describe('a start', () => {
  test('tells the key of its receipts and its beacon, which its run keeps', async () => {
    pipeline = new Pipeline();
    pipeline.beacon = beacon;
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ receiptKey, beacon }]);
    expect((await pipeline.lotteries.current(['1'])).get('1')).toMatchObject({ receiptKey, beacon });
  });

  test('without a beacon says so', async () => {
    pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ receiptKey, randomness: 'seed' }]);
  });

  test('whose key cannot be had starts nothing, and comes again', async () => {
    pipeline = new Pipeline();
    const batch = pipeline.batch([start()]);
    pipeline.receipts.error = new Error('KMS is out of reach');
    await expect(pipeline.lotteryEvents(batch)).rejects.toThrow('KMS is out of reach');
    expect([pipeline.lotteries.store.items.size, pipeline.watermarks.shards.size]).toEqual([0, 0]);
    pipeline.receipts.error = undefined;
    await pipeline.lotteryEvents(batch);
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ type: 'LotteryStartedEvent', receiptKey }]);
  });

  test('only asks for the key: a stop and a heartbeat need none', async () => {
    const events = [{ type: 'LotteryStopEvent', lotteryId: 1 }, { type: 'Heartbeat' }];
    await pipeline.lotteryEvents(pipeline.batch(events));
    expect(pipeline.receipts.keyReads).toBe(0);
  });
});

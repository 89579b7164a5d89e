import { afterAll, beforeAll, expect, it } from 'vitest';
import { start } from '../../support/client-events.ts';
import { RedriveFixture } from './support/fixture.ts';

let fixture: RedriveFixture;

const users = [1, 2, 3, 4, 5, 6];

beforeAll(async () => {
  fixture = await RedriveFixture.start();
  const lotteries = [1, 2, 3];
  for (const lotteryId of lotteries) await fixture.put(start(lotteryId));
  for (const lotteryId of lotteries)
    await fixture.output(
      `start of ${lotteryId}`,
      (event) => event.type === 'LotteryStartedEvent' && event.lotteryId === lotteryId,
    );
  for (const userId of users) await fixture.buy(userId);
  for (const userId of users)
    await fixture.output(
      `purchase of ${userId}`,
      (event) => event.type === 'CouponsBoughtEvent' && event.userId === userId,
    );
});

afterAll(() => fixture?.stop());

const receipt = (entryId: string) =>
  fixture.ofType('ClickAcceptedEvent', (event) => event.entryId === entryId);

const winner = (ofDraw: string) => fixture.ofType('LotteryWinnerEvent', ({ drawId }) => drawId === ofDraw);

const outcomesOf = (entryId: string) =>
  fixture.outputs.filter((event) => event.type === 'ClickAcceptedEvent' && event.entryId === entryId);

/** A click whose batch is given up. */
async function failedClick(userId: number, how: 'before' | 'after', lotteryId = 1): Promise<string> {
  fixture.breakFor('dev-user-events', userId, how);
  const id = await fixture.click(userId, lotteryId);
  await fixture.failedBatchOf(id);
  fixture.repair();
  return id;
}

it('redrives what was given up, and nothing twice; what comes after its draw gets its coupon back', async () => {
  // Both arrive at a time, so that they are of one window: its draw is made without the first.
  fixture.breakFor('dev-user-events', 1, 'before');
  const [overdue = '', drawn = ''] = await fixture.clicks(1, 4);
  await fixture.failedBatchOf(overdue);
  fixture.repair();
  const { drawId } = await receipt(drawn);
  const applied = await failedClick(2, 'after');
  const passed = await failedClick(3, 'before');
  await receipt(await fixture.click(3));
  const alone = await failedClick(5, 'before', 2);
  // Those that came in time may have been of the same window.
  expect((await winner(drawId)).userId).not.toBe(1);
  const before = { 1: 10, 2: 9, 3: 9, 4: 9, 5: 10, 6: 10 };
  expect(await fixture.coupons()).toEqual(before);

  const keys = await fixture.keys();
  expect(keys).toHaveLength(4);
  const dry = await fixture.redrive(true);
  expect(dry).toMatchObject({ batches: 4, removed: 0, left: 0 });
  expect(dry.lines).toEqual([
    expect.stringContaining('1 records (1 to apply): would be redriven'),
    expect.stringContaining('1 records (1 to publish again): would be redriven'),
    expect.stringContaining('1 records (1 undecided): would be left'),
    expect.stringContaining(`undecided: ${passed}`),
    expect.stringContaining('1 records (1 to apply): would be redriven'),
  ]);
  expect(await fixture.keys()).toEqual(keys);
  expect(await fixture.coupons()).toEqual(before);

  const first = await fixture.redrive();
  expect(first).toMatchObject({ batches: 4, removed: 3, left: 1 });
  expect(first.lines).toContainEqual(expect.stringContaining(`undecided: ${passed}`));
  expect(await receipt(overdue)).toMatchObject({ drawId, availableCoupons: 9 });
  const refund = await fixture.ofType('CouponRefundedEvent', ({ entryId }) => entryId === overdue);
  expect(refund).toMatchObject({ userId: 1, drawId, availableCoupons: 10 });
  expect(await winner((await receipt(alone)).drawId)).toMatchObject({ userId: 5, entries: 1 });
  const after = { ...before, 5: 9 };
  expect(await fixture.coupons()).toEqual(after);
  // Published again it is of another block, and signed again.
  const said = outcomesOf(applied).map((event) => JSON.stringify({ ...event, receipt: undefined }));
  expect(new Set(said).size).toBe(1);
  expect(outcomesOf(passed)).toEqual([]);

  const second = await fixture.redrive();
  expect(second).toMatchObject({ batches: 1, removed: 0, left: 1 });
  expect(await fixture.coupons()).toEqual(after);

  // Once somebody has decided: the object is removed, and nothing is left to redrive.
  const [left = ''] = await fixture.keys();
  expect(await fixture.object(left)).toContain(passed);
});

it('puts a batch of the draw on its stream again: the winner is announced', async () => {
  fixture.breakAll('dev-draw');
  const { entryId, drawId, windowStart } = await receipt(await fixture.click(6, 3));
  await fixture.failedBatchOf(JSON.stringify({ lotteryId: '3', run: 1, windowStart }).slice(1, -1));
  fixture.repair();
  const { lines } = await fixture.redrive();
  expect(lines).toContainEqual(expect.stringMatching(/dev-draw.*to put again.*: redriven/));
  expect(await winner(drawId)).toMatchObject({ userId: 6, entryId });
});

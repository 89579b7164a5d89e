import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { OutputEvent } from '../../../client/output-events.ts';
import { start } from '../../support/client-events.ts';
import { RedriveFixture } from './support/fixture.ts';

let fixture: RedriveFixture;

beforeAll(async () => {
  fixture = await RedriveFixture.start();
  for (const lotteryId of [1, 2]) {
    await fixture.put(start(lotteryId));
    await fixture.output(
      `start of ${lotteryId}`,
      (event) => event.type === 'LotteryStartedEvent' && event.lotteryId === lotteryId,
    );
  }
  for (const userId of [1, 2, 3, 4]) await fixture.buy(userId);
  for (const userId of [1, 2, 3, 4])
    await fixture.output(`purchase of ${userId}`, isOf('CouponsBoughtEvent', userId));
});

afterAll(() => fixture?.stop());

function isOf(type: OutputEvent['type'], userId: number) {
  return (event: OutputEvent) => event.type === type && 'userId' in event && event.userId === userId;
}

const receipt = (entryId: string) =>
  fixture.output(
    `receipt ${entryId}`,
    (event) => event.type === 'ClickAcceptedEvent' && event.entryId === entryId,
  );

const outcomesOf = (entryId: string) =>
  fixture.outputs.filter((event) => event.type === 'ClickAcceptedEvent' && event.entryId === entryId);

/** A click whose batch is given up. */
async function failedClick(userId: number, how: 'before' | 'after'): Promise<string> {
  fixture.broken.set('dev-user-events', how);
  const id = await fixture.click(userId);
  await fixture.failedBatchOf(id);
  fixture.broken.delete('dev-user-events');
  return id;
}

it('redrives what was given up, and nothing twice', async () => {
  const unapplied = await failedClick(1, 'before');
  const applied = await failedClick(2, 'after');
  const passed = await failedClick(3, 'before');
  const later = await fixture.click(3);
  await receipt(later);
  expect(await fixture.coupons()).toEqual({ 1: 10, 2: 9, 3: 9, 4: 10 });

  const keys = await fixture.keys();
  expect(keys).toHaveLength(3);
  const dry = await fixture.redrive(true);
  expect(dry).toMatchObject({ batches: 3, removed: 0, left: 0 });
  expect(dry.lines).toEqual([
    expect.stringContaining('1 records (1 to apply): would be redriven'),
    expect.stringContaining('1 records (1 to publish again): would be redriven'),
    expect.stringContaining('1 records (1 undecided): would be left'),
    expect.stringContaining(`undecided: ${passed}`),
  ]);
  expect(await fixture.keys()).toEqual(keys);
  expect(await fixture.coupons()).toEqual({ 1: 10, 2: 9, 3: 9, 4: 10 });

  const first = await fixture.redrive();
  expect(first).toMatchObject({ batches: 3, removed: 2, left: 1 });
  expect(first.lines).toContainEqual(expect.stringContaining(`undecided: ${passed}`));
  await receipt(unapplied);
  expect(await fixture.coupons()).toEqual({ 1: 9, 2: 9, 3: 9, 4: 10 });
  await fixture.read();
  expect(new Set(outcomesOf(applied).map((event) => JSON.stringify(event))).size).toBe(1);
  expect(outcomesOf(passed)).toEqual([]);

  const second = await fixture.redrive();
  expect(second).toMatchObject({ batches: 1, removed: 0, left: 1 });
  expect(await fixture.coupons()).toEqual({ 1: 9, 2: 9, 3: 9, 4: 10 });

  // Once somebody has decided: the object is removed, and nothing is left to redrive.
  const [left = ''] = await fixture.keys();
  expect(await fixture.object(left)).toContain(passed);
});

it('puts a batch of the draw on its stream again: the winner is announced', async () => {
  fixture.broken.set('dev-draw', 'before');
  const entryId = await fixture.click(4, 2);
  const { drawId } = z.object({ drawId: z.string() }).parse(await receipt(entryId));
  await fixture.failedBatchOf(entryId);
  fixture.broken.delete('dev-draw');
  const { lines } = await fixture.redrive();
  expect(lines).toContainEqual(expect.stringMatching(/dev-draw.*to put again.*: redriven/));
  const winner = await fixture.output(
    `winner ${entryId}`,
    (event) => event.type === 'LotteryWinnerEvent' && event.entryId === entryId,
  );
  expect(winner).toMatchObject({ userId: 4, drawId });
});

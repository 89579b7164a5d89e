import { expect, it } from 'vitest';
import type { OutputEvent } from '../../../client/output-events.ts';
import { lastTicksOf } from '../../../client/redrive/last-ticks.ts';
import { blockOfReceipts } from '../../../client/redrive/receipts.ts';
import { entriesTree } from '../../../lambda/core/batch-trees.ts';
import { blockRef, type Entry, nameOf } from '../../../lambda/core/block.ts';
import { lotteriesWith, runOf } from './support.ts';

function receipt(entryId: string, drawId: string, userId: string | number = 7): OutputEvent {
  return {
    ...{ type: 'ClickAcceptedEvent', userId, lotteryId: 1, entryId, drawId, availableCoupons: 1 },
    ...{ timestamp: 0, arrival: 0, windowStart: 20_000, windowEnd: 30_000 },
  };
}

const bought: OutputEvent = {
  ...{ type: 'CouponsBoughtEvent', userId: 7, purchasedCoupons: 1, availableCoupons: 1, recordId: 's:9' },
};

it('makes a block and its partials of receipts, by the windows of the runs that gave them', async () => {
  const lotteries = lotteriesWith(runOf(), runOf({ run: 2, windowMs: 5_000, graceMs: 1_000 }));
  const events = [
    receipt('s:2', '1@20000'),
    bought,
    receipt('s:1', '1@20000', 'x'),
    receipt('s:3', '1@20000#2'),
  ];
  const block = await blockOfReceipts(events, lotteries, 250);
  const entries: Record<string, Entry[]> = {
    '1@20000': [
      ['s:2', '7'],
      ['s:1', 'x'],
    ],
    '1@20000#2': [['s:3', '7']],
  };
  const text = JSON.stringify(entries);
  const draw = { lotteryId: '1', windowStart: 20_000 };
  const ref = (drawId: string) => blockRef(nameOf(text), entriesTree(drawId, entries[drawId] ?? []).root);
  expect(block).toMatchObject({
    ...{ name: nameOf(text), text },
    partials: [
      { ...draw, run: 1, dueAt: 32_251, block: ref('1@20000') },
      { ...draw, run: 2, dueAt: 26_251, block: ref('1@20000#2') },
    ],
  });
});

it('makes none without receipts, of a run that is not stored, or that the draw function could not read', async () => {
  expect(await blockOfReceipts([bought], lotteriesWith(), 250)).toBeUndefined();
  const unknown = blockOfReceipts([receipt('s:1', '1@20000#3')], lotteriesWith(runOf()), 250);
  await expect(unknown).rejects.toThrow('Run 3 of lottery 1 is not stored');
  const forged = blockOfReceipts([receipt('s:1', '1@20000', 'x'.repeat(129))], lotteriesWith(runOf()), 250);
  await expect(forged).rejects.toThrow();
});

function stopped(run: number, recordId: string): OutputEvent {
  return { type: 'LotteryStoppedEvent', lotteryId: 1, run, lastWindowStart: 70_000, recordId };
}

function started(run: number, recordId: string): OutputEvent {
  return {
    ...{ type: 'LotteryStartedEvent', lotteryId: 1, run, seedCommitment: 'c', recordId },
    ...{ windowMs: 10_000, graceMs: 2_000 },
  };
}

it('asks once for the tick of the last window of each run that has one', async () => {
  const lotteries = lotteriesWith(runOf({ lastWindowStart: 70_000 }), runOf({ run: 2 }));
  const events = [started(1, 's:1'), stopped(1, 's:2'), started(2, 's:3')];
  const settings = { marginMs: 250, isReplay: false, now: 80_000 };
  const tick = { lotteryId: '1', run: 1, windowStart: 70_000 };
  expect(await lastTicksOf(events, lotteries, settings)).toEqual([{ at: 82_251, dueAt: 82_251, tick }]);
  expect(await lastTicksOf(events, lotteries, { ...settings, now: 90_000 })).toEqual([
    { at: 90_000, dueAt: 82_251, tick },
  ]);
  const replayed = lotteriesWith(runOf({ lastWindowStart: 70_000, replay: true }));
  expect(await lastTicksOf([stopped(1, 's:2')], replayed, { ...settings, isReplay: true })).toEqual([
    { at: 80_000, dueAt: 82_001, tick },
  ]);
  await expect(lastTicksOf([stopped(3, 's:4')], lotteries, settings)).rejects.toThrow(
    'Run 3 of lottery 1 is not stored',
  );
});

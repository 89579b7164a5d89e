import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { blockRef } from '../../../lambda/core/block.ts';
import { couponRefundEvent, lotteryEndedEvent, winnerEvent } from '../../../lambda/core/draw-outputs.ts';
import {
  entriesRecordSchema,
  partialRecord,
  tickMessageSchema,
} from '../../../lambda/core/entries-records.ts';
import { priority, seedCommitment, windowSeed } from '../../../lambda/core/fairness.ts';
import { EntriesTally } from '../../../lambda/core/sheet.ts';
import { latestTime } from '../../../lambda/core/window.ts';
import { wholeDraw } from '../../support/draws.ts';
import { seed, seededRun } from '../../support/events.ts';
import { signatureOfRound } from '../../support/fakes/memory-beacon.ts';
import { tickOf, winnerAmong } from '../../support/partials.ts';

const ids = Array.from({ length: 20 }, (_, n) => `shard:${n}`);
const entries = ids.map((id, n) => [id, String(n)] as const);

describe('a draw', () => {
  test('is won by the entry whose hash is lowest, as anyone computes it, in any order', () => {
    const { draw } = wholeDraw(seededRun(), 10_000, [entries]);
    const entryId = winnerAmong(ids, 10_000);
    const rank = priority(windowSeed(seed, '1', 10_000), entryId);
    const userId = entryId.slice('shard:'.length);
    expect(draw.winner).toEqual({ entryId, userId, priority: rank });
    expect(draw.entries).toBe(20);
    // In other blocks, which overlap.
    const turned = [entries.slice(7), entries.toReversed(), entries.slice(3, 9)];
    expect(wholeDraw(seededRun(), 10_000, turned).draw).toMatchObject({ winner: draw.winner, entries: 20 });
  });

  test('is won by another one where it has a beacon, whatever its seed', () => {
    const winners = Array.from({ length: 40 }, (_, n) => {
      const { draw } = wholeDraw(seededRun({ beacon: quicknet }), n * 10_000, [entries]);
      const { round = 0, signature } = draw.beacon ?? {};
      expect(signature).toBe(signatureOfRound(round));
      const rank = hash(
        'sha256',
        `${hash('sha256', `${draw.windowSeed}:${signature}`)}:${draw.winner.entryId}`,
      );
      expect(draw.winner.priority).toBe(rank);
      return draw.winner.entryId === winnerAmong(ids, n * 10_000);
    });
    expect(winners.filter((isSame) => !isSame).length).toBeGreaterThan(20);
  });

  test('has another order in another window', () => {
    const winners = Array.from({ length: 40 }, (_, n) => wholeDraw(seededRun(), n * 10_000, [entries]).draw);
    expect(new Set(winners.map(({ winner }) => winner.entryId)).size).toBeGreaterThan(10);
  });

  test('announces all that is needed to check it', () => {
    const { closed, draw, sheet } = wholeDraw(seededRun(), 10_000, [[['shard:0', '7']]]);
    expect(winnerEvent(draw)).toEqual({
      type: 'LotteryWinnerEvent',
      drawId: '1@10000',
      lotteryId: 1,
      run: 1,
      userId: 7,
      windowStart: 10_000,
      windowEnd: 20_000,
      entries: 1,
      entryId: 'shard:0',
      priority: priority(windowSeed(seed, '1', 10_000), 'shard:0'),
      windowSeed: windowSeed(seed, '1', 10_000),
      windowRoot: closed.windowRoot,
      sheet: hash('sha256', sheet),
    });
  });

  test('with a beacon announces its round and signature too', () => {
    const { closed, draw } = wholeDraw(seededRun({ beacon: quicknet }), 10_000, [entries], 5_000);
    const round = closed.beacon?.round ?? 0;
    expect(winnerEvent(draw)).toMatchObject({ round, beaconSignature: signatureOfRound(round) });
  });

  test('has the prize of its window, and windows as long as its run’s', () => {
    const windows = { firstWindowStart: 10_000, lastWindowStart: 15_000, windowMs: 5_000 };
    const { draw } = wholeDraw(seededRun({ ...windows, prizes: ['bike', 'car'] }), 15_000, [entries]);
    expect(winnerEvent(draw)).toMatchObject({ prize: 'car', windowEnd: 20_000 });
  });

  test('of a second run has another name', () => {
    expect(wholeDraw(seededRun({ run: 2 }), 10_000, [entries]).draw.drawId).toBe('1@10000#2');
  });

  test('without entries is none', () => {
    expect(() => new EntriesTally(seed).winner()).toThrow('A draw without entries');
  });

  test('the end reveals the seed beside the commitment', () => {
    expect(lotteryEndedEvent(seededRun())).toEqual({
      type: 'LotteryEndedEvent',
      lotteryId: 1,
      run: 1,
      seed,
      seedCommitment: seedCommitment(seed),
    });
  });

  test('a refund is asked for with its draw and entry', () => {
    const named = { userId: '7', lotteryId: '1', drawId: '1@0', entryId: 'shard:1' };
    expect(couponRefundEvent({ ...named, run: 1, grantedAt: 5 })).toEqual({
      type: 'CouponRefundEvent',
      ...named,
    });
  });
});

describe('records of the entries stream', () => {
  const block = blockRef('a'.repeat(64), 'b'.repeat(64));
  const partial = partialRecord({ lotteryId: '1', run: 1, windowStart: 10_000, dueAt: 22_251, block });

  test.each([partial, tickOf()])('%j comes back as it was put', (record) => {
    expect(entriesRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  test.each([
    { type: 'Click' },
    { type: 'Tick' },
    { type: 'Tick', lotteryId: '1' },
    { ...tickOf(), lotteryId: '' },
    { ...tickOf(), lotteryId: 'x'.repeat(129) },
    { ...tickOf(), lotteryId: '\ud800' },
    { ...tickOf(), run: 0 },
    { ...tickOf(), windowStart: 4 * latestTime + 1 },
    { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: 0 },
    { ...partial, lotteryId: '' },
    { ...partial, windowStart: -1 },
    { ...partial, windowStart: Number.MAX_SAFE_INTEGER },
    { ...partial, run: 2 ** 53 },
    { ...partial, dueAt: 1e308 },
    { ...partial, dueAt: undefined },
    { ...partial, block: block.toUpperCase() },
    { ...partial, block: 'a'.repeat(64) },
    { ...partial, block: `../${'a'.repeat(61)}/${'b'.repeat(64)}` },
  ])('%j is none', (record) => {
    expect(entriesRecordSchema.safeParse(record).success).toBe(false);
  });

  const message = { at: 1, dueAt: 2, tick: { lotteryId: '1', run: 1, windowStart: 0 } };

  test('the ticks queue takes ticks, with the time that they wait for', () => {
    expect(tickMessageSchema.parse(message)).toEqual(message);
    expect(tickMessageSchema.safeParse({ ...message, tick: { lotteryId: '1' } }).success).toBe(false);
  });

  test.each([-1, 0.5, 1e308, '1', null])('the ticks queue takes no tick of %j', (time) => {
    expect(tickMessageSchema.safeParse({ ...message, at: time }).success).toBe(false);
    expect(tickMessageSchema.safeParse({ ...message, dueAt: time }).success).toBe(false);
  });
});

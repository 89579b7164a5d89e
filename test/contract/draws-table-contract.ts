import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { DrawsTable } from '../../lambda/adapters/draws-table.ts';
import type { LateEntry } from '../../lambda/core/draw.ts';
import { drawFrom } from '../../lambda/core/draw.ts';
import { seededRun, windowMs } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';

const drawOf = (entryId: string, windowStart = 0) =>
  drawFrom(
    {
      lotteryId: '1',
      run: 1,
      windowStart,
      best: { entryId, userId: 'anna', priority: 'a'.repeat(64) },
      entries: 12,
    },
    seededRun({ prizes: ['bike'], firstWindowStart: 0, lastWindowStart: 0 }),
    windowMs,
  );

const late = (fields: Partial<LateEntry> = {}): LateEntry => ({
  entryId: 'shardId-000000000000:7',
  userId: 'anna',
  lotteryId: '1',
  run: 1,
  drawId: '1@0',
  settledAt: 35_000,
  ...fields,
});

export function drawsTableContract(tables: StateTables): void {
  describe('draws', () => {
    let draws: DrawsTable;

    beforeEach(async () => {
      draws = new DrawsTable(tables.client(), await tables.draws());
    });

    test('are stored once: whoever comes later gets the first', async () => {
      const first = drawOf('shard:1');
      expect(await draws.putDrawIfAbsent(first)).toEqual({ stored: first, isNew: true, late: [] });
      expect(await draws.putDrawIfAbsent(drawOf('shard:2'))).toEqual({
        stored: first,
        isNew: false,
        late: [],
      });
      expect((await draws.putDrawIfAbsent(drawOf('shard:2', 10_000))).isNew).toBe(true);
    });

    test('put at the same time have one winner', async () => {
      const puts = await Promise.all([1, 2, 3, 4].map((n) => draws.putDrawIfAbsent(drawOf(`shard:${n}`))));
      expect(puts.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(puts.map(({ stored }) => stored.winner.entryId)).size).toBe(1);
    });

    test('and late entries: each is settled once, and stays where it was moved', async () => {
      const draw = drawOf('shard:1');
      await draws.putDrawIfAbsent(draw);
      const moved = late({ movedTo: 30_000 });
      expect(await draws.putLateEntryIfAbsent(moved)).toEqual({ stored: moved, isNew: true });
      const again = late({ movedTo: 90_000, settledAt: 95_000 });
      expect(await draws.putLateEntryIfAbsent(again)).toEqual({ stored: moved, isNew: false });
      const other = late({ entryId: 'shardId-000000000000:8' });
      expect((await draws.putLateEntryIfAbsent(other)).isNew).toBe(true);
      const known = await draws.putDrawIfAbsent(drawOf('shard:2'));
      expect(known).toEqual({ stored: draw, isNew: false, late: expect.arrayContaining([moved, other]) });
    });

    test('take no late entry before they are made', async () => {
      await expect(draws.putLateEntryIfAbsent(late())).rejects.toThrow(ConditionalCheckFailedException);
    });

    test('grant the refunds of late entries that were not moved, and no others', async () => {
      await draws.putDrawIfAbsent(drawOf('shard:1'));
      const refunded = late();
      const moved = late({ entryId: 'shardId-000000000000:8', movedTo: 30_000 });
      await draws.putLateEntryIfAbsent(refunded);
      await draws.putLateEntryIfAbsent(moved);
      const unknown = { drawId: '1@0', entryId: 'shardId-000000000000:9' };
      const granted = await draws.granted([refunded, refunded, moved, unknown]);
      expect(granted).toEqual(
        new Map([['1@0/shardId-000000000000:7', { userId: 'anna', lotteryId: '1', grantedAt: 35_000 }]]),
      );
      expect(await draws.granted([])).toEqual(new Map());
    });
  });
}

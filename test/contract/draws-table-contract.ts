import { beforeEach, describe, expect, test } from 'vitest';
import { ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { DrawsTable } from '../../lambda/adapters/draws-table.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { drawFrom, type StoredDraw } from '../../lambda/core/draw.ts';
import { seededRun } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';
import { itemSize } from './support/dynamo-item-size.ts';

const drawOf = (entryId: string, windowStart = 0, blocks: readonly string[] = ['a'.repeat(64)]): StoredDraw =>
  drawFrom(
    seededRun({ prizes: ['bike'], firstWindowStart: 0, lastWindowStart: 0 }),
    windowStart,
    new Map([[entryId, 'anna']]),
    blocks,
  );

export function drawsTableContract(tables: StateTables): void {
  describe('draws', () => {
    let table: DynamoTable;
    let draws: DrawsTable;

    beforeEach(async () => {
      table = new DynamoTable(tables.client(), await tables.draws());
      draws = new DrawsTable(
        table,
        new LongTexts(new ContentBucket(await tables.bucket(), 'draws', 'lists')),
      );
    });

    test('are stored once: whoever comes later gets the first', async () => {
      const first = drawOf('shard:1');
      expect(await draws.putDrawIfAbsent(first)).toEqual({ stored: first, isNew: true });
      expect(await draws.putDrawIfAbsent(drawOf('shard:2'))).toEqual({ stored: first, isNew: false });
      expect((await draws.putDrawIfAbsent(drawOf('shard:2', 10_000))).isNew).toBe(true);
    });

    test('are found by their ids, as soon as they are there', async () => {
      expect(await draws.drawOf('1@0')).toBeUndefined();
      await draws.putDrawIfAbsent(drawOf('shard:1'));
      expect(await draws.drawOf('1@0')).toEqual(drawOf('shard:1'));
    });

    test('put at the same time have one winner', async () => {
      const puts = await Promise.all([1, 2, 3, 4].map((n) => draws.putDrawIfAbsent(drawOf(`shard:${n}`))));
      expect(puts.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(puts.map(({ stored }) => stored.winner.entryId)).size).toBe(1);
    });

    test('of more blocks than an item holds name a list of them', async () => {
      const blocks = Array.from({ length: 8_000 }, (_, n) => String(n).padStart(64, '0'));
      const draw = drawOf('shard:1', 0, blocks);
      expect((await draws.putDrawIfAbsent(draw)).isNew).toBe(true);
      expect(itemSize((await table.get({ drawId: '1@0' })) ?? {})).toBeLessThan(1_024);
      expect(await draws.drawOf('1@0')).toEqual(draw);
      expect(await draws.putDrawIfAbsent(drawOf('shard:2'))).toEqual({ stored: draw, isNew: false });
    });
  });
}

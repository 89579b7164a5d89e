import { beforeEach, describe, expect, test } from 'vitest';
import { ClosedDraws } from '../../lambda/adapters/closed-draws.ts';
import { ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { DrawsTable } from '../../lambda/adapters/draws-table.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { quicknet } from '../../lambda/contract/quicknet.ts';
import { blockRef } from '../../lambda/core/block.ts';
import { wholeDraw } from '../support/draws.ts';
import { seededRun } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';
import { itemSize } from './support/dynamo-item-size.ts';

const run = seededRun({
  ...{ prizes: ['bike'], firstWindowStart: 0, lastWindowStart: 0 },
  beacon: quicknet,
});
const wholeOf = (entryId: string, windowStart = 0) => wholeDraw(run, windowStart, [[[entryId, 'anna']]]);
const drawOf = (entryId: string, windowStart = 0) => wholeOf(entryId, windowStart).draw;
/** More than an item holds. */
const manyBlocks = Array.from({ length: 8_000 }, (_, n) =>
  blockRef('f'.repeat(64), String(n).padStart(64, '0')),
);

export function drawsTableContract(tables: StateTables): void {
  describe('draws', () => {
    let table: DynamoTable;
    let draws: DrawsTable;
    let closed: ClosedDraws;

    beforeEach(async () => {
      table = new DynamoTable(tables.client(), await tables.draws());
      const texts = new LongTexts(new ContentBucket(await tables.bucket(), 'draws', 'lists'));
      draws = new DrawsTable(table, texts);
      closed = new ClosedDraws(table, texts);
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
      const draw = { ...drawOf('shard:1'), blocks: manyBlocks };
      expect((await draws.putDrawIfAbsent(draw)).isNew).toBe(true);
      expect(itemSize((await table.get({ drawId: '1@0' })) ?? {})).toBeLessThan(1_024);
      expect(await draws.drawOf('1@0')).toEqual(draw);
      expect(await draws.putDrawIfAbsent(drawOf('shard:2'))).toEqual({ stored: draw, isNew: false });
    });

    test('are closed once: whoever comes later gets what was closed', async () => {
      const { closed: first } = wholeOf('shard:1');
      const { closed: second } = wholeOf('shard:2');
      expect(second.windowRoot).not.toBe(first.windowRoot);
      expect(await closed.closedOf('1@0')).toBeUndefined();
      expect(await closed.closeIfAbsent(first)).toEqual(first);
      for (const again of [first, second, { ...first, closedAt: 99_000 }])
        expect(await closed.closeIfAbsent(again)).toEqual(first);
      expect(await closed.closedOf('1@0')).toEqual(first);
      expect(await closed.closedOf('1@10000')).toBeUndefined();
      // It is no draw, and none is made by it.
      expect(await draws.drawOf('1@0')).toBeUndefined();
      expect((await draws.putDrawIfAbsent(drawOf('shard:1'))).isNew).toBe(true);
      expect(await closed.closedOf('1@0')).toEqual(first);
    });

    test('closed at the same time have one close', async () => {
      const entryIds = ['shard:1', 'shard:2', 'shard:3'];
      const all = await Promise.all(entryIds.map((id) => closed.closeIfAbsent(wholeOf(id).closed)));
      expect(new Set(all.map(({ windowRoot }) => windowRoot)).size).toBe(1);
    });

    test('closed without a beacon have none; with more blocks than an item holds they name a list of them', async () => {
      const { closed: first } = wholeDraw(seededRun(), 0, [[['shard:1', 'anna']]]);
      const draw = { ...first, blocks: manyBlocks };
      await closed.closeIfAbsent(draw);
      expect(itemSize((await table.get({ drawId: '1@0/closed' })) ?? {})).toBeLessThan(1_024);
      expect(await closed.closedOf('1@0')).toEqual(draw);
      expect(await closed.closeIfAbsent(first)).toEqual(draw);
      expect(draw.beacon).toBeUndefined();
    });
  });
}

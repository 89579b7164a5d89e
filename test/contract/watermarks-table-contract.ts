import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { WatermarksTable } from '../../lambda/adapters/watermarks-table.ts';
import type { ShardKey } from '../../lambda/ports/ports.ts';
import { sequenceNumber } from '../support/records.ts';
import type { StateTables } from './state-tables-contract.ts';

const shard: ShardKey = { input: 'user', shardId: 'shardId-000000000000' };

export function watermarksTableContract(tables: StateTables): void {
  describe('watermarks', () => {
    let watermarks: WatermarksTable;

    beforeEach(async () => {
      const name = await tables.watermarks();
      watermarks = new WatermarksTable(tables.client(), new DynamoTable(tables.client(), name));
    });

    const progress = (n: number, fields: { watermark?: number; clock?: number } = {}) => ({
      ...{ watermark: n, position: sequenceNumber(n), ...fields },
    });

    test('of a shard are none, then the furthest that was told', async () => {
      expect(await watermarks.progressOf([shard])).toEqual([undefined]);
      await watermarks.advance(shard, progress(5));
      await watermarks.advance(shard, progress(7, { clock: 3 }));
      expect(await watermarks.progressOf([shard])).toEqual([progress(7, { clock: 3 })]);
    });

    test('never go back: whoever is behind, or where they were, changes nothing', async () => {
      await watermarks.advance(shard, progress(7, { clock: 3 }));
      await watermarks.advance(shard, progress(6, { watermark: 99, clock: 99 }));
      await watermarks.advance(shard, progress(7, { watermark: 99, clock: 99 }));
      expect(await watermarks.progressOf([shard])).toEqual([progress(7, { clock: 3 })]);
    });

    test('go by positions as numbers, however long they are', async () => {
      for (const position of ['9', '10', `1${'0'.repeat(55)}`, '0']) {
        await watermarks.advance(shard, { watermark: position.length, position });
      }
      expect(await watermarks.progressOf([shard])).toEqual([
        { watermark: 56, position: `1${'0'.repeat(55)}` },
      ]);
      const other = { ...shard, shardId: 'other' };
      await watermarks.advance(other, { watermark: 1, position: '0' });
      expect(await watermarks.progressOf([other])).toEqual([{ watermark: 1, position: '0' }]);
    });

    test('told at the same time leave the furthest', async () => {
      await Promise.all([3, 9, 1, 5].map((n) => watermarks.advance(shard, progress(n))));
      expect(await watermarks.progressOf([shard])).toEqual([progress(9)]);
    });

    test('of hundreds of shards come in the order that they were asked for, of each input its own', async () => {
      const shards = Array.from({ length: 120 }, (_, n) => `s-${n}`).flatMap((shardId) =>
        (['user', 'lottery'] as const).map((input): ShardKey => ({ input, shardId })),
      );
      const known = shards.filter((_, n) => n % 3 === 0);
      await Promise.all(known.map((key, n) => watermarks.advance(key, progress(n))));
      const found = await watermarks.progressOf(shards);
      expect(found).toEqual(shards.map((_, n) => (n % 3 === 0 ? progress(n / 3) : undefined)));
      expect(await watermarks.progressOf([])).toEqual([]);
    });
  });

  describe('what is known of all shards', () => {
    let watermarks: WatermarksTable;
    let ofReplay: WatermarksTable;

    beforeEach(async () => {
      const table = new DynamoTable(tables.client(), await tables.watermarks());
      watermarks = new WatermarksTable(tables.client(), table);
      ofReplay = new WatermarksTable(tables.client(), table, 'clock');
    });

    test('of arrivals says nothing of the clicks’ own time in a replay, nor the other way', async () => {
      const never = await watermarks.known();
      const far = { ...never, watermark: 8e12, lookedAt: 2, heartbeatAt: 3, slowest: 'user/shardId-0' };
      expect(await ofReplay.replace(far)).toBe(true);
      expect(await watermarks.known()).toEqual(never);
      expect(await watermarks.replace({ ...far, watermark: 5 })).toBe(true);
      expect(await ofReplay.known()).toEqual({ ...far, version: 1 });
    });

    test('is nothing before anybody has looked', async () => {
      expect(await watermarks.known()).toEqual({
        watermark: 0,
        lookedAt: 0,
        heartbeatAt: 0,
        slowest: '',
        version: 0,
      });
    });

    test('is what was put, a version higher, where nobody else has put meanwhile', async () => {
      const first = { watermark: 1, lookedAt: 2, heartbeatAt: 3, slowest: 'user/shardId-0', version: 0 };
      expect(await watermarks.replace(first)).toBe(true);
      expect(await watermarks.known()).toEqual({ ...first, version: 1 });
      expect(await watermarks.replace(first)).toBe(false);
      expect(await watermarks.replace({ ...first, watermark: 9, version: 1 })).toBe(true);
      expect(await watermarks.replace({ ...first, watermark: 7, version: 1 })).toBe(false);
      expect(await watermarks.known()).toEqual({ ...first, watermark: 9, version: 2 });
    });

    test('is put by one of many at the same time', async () => {
      const puts = [1, 2, 3, 4].map((watermark) =>
        watermarks.replace({ watermark, lookedAt: 0, heartbeatAt: 0, slowest: '', version: 0 }),
      );
      expect((await Promise.all(puts)).filter((isMine) => isMine)).toHaveLength(1);
    });

    test('is no shard', async () => {
      const known = { watermark: 1, lookedAt: 2, heartbeatAt: 3, slowest: 'user/shardId-0', version: 0 };
      for (const each of [watermarks, ofReplay]) await each.replace(known);
      const names = ['all', 'all/arrival', 'all/clock', 'arrival', 'clock'];
      const found = await watermarks.progressOf(names.map((shardId) => ({ input: 'user', shardId })));
      expect(found).toEqual(names.map(() => undefined));
    });
  });
}

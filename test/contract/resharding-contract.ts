import { describe, expect, test } from 'vitest';
import type { TestStream } from './support/test-stream.ts';

/** Half of the hash keys. */
const MIDDLE = (2n ** 127n).toString();
const HIGHEST = (2n ** 128n - 1n).toString();

const idsOf = (shards: Awaited<ReturnType<TestStream['shards']>>) =>
  shards.map(({ ShardId = '' }) => ShardId);

/** What splitting and merging shards means, for who writes and who reads meanwhile. */
export function reshardingContract(create: (shards?: number) => Promise<TestStream>): void {
  describe('that are resharded', () => {
    test('by a split have two children in the place of the shard, which keeps its records and ends', async () => {
      const stream = await create();
      const [parent = ''] = idsOf(await stream.shards());
      await stream.put('before');
      await stream.split(parent, MIDDLE);
      await stream.put('low', 'key', '0');
      await stream.put('high', 'key', HIGHEST);
      const [closed, ...children] = await stream.shards();
      expect(closed?.SequenceNumberRange?.EndingSequenceNumber).toMatch(/^\d{56}$/);
      expect(
        children.map(({ ParentShardId, AdjacentParentShardId }) => [ParentShardId, AdjacentParentShardId]),
      ).toEqual([
        [parent, undefined],
        [parent, undefined],
      ]);
      expect(children.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
        { StartingHashKey: '0', EndingHashKey: (BigInt(MIDDLE) - 1n).toString() },
        { StartingHashKey: MIDDLE, EndingHashKey: HIGHEST },
      ]);
      const [lower = '', upper = ''] = idsOf(children);
      expect(await stream.texts(parent)).toEqual(['before']);
      expect(await stream.texts(lower)).toEqual(['low']);
      expect(await stream.texts(upper)).toEqual(['high']);
    });

    test('by a merge have one child with two parents', async () => {
      const stream = await create(2);
      const [lower = '', upper = ''] = idsOf(await stream.shards());
      await stream.put('low', 'key', '0');
      await stream.put('high', 'key', HIGHEST);
      await stream.merge(lower, upper);
      const [child, ...others] = await stream.openShards();
      expect(others).toEqual([]);
      expect(child).toMatchObject({
        ParentShardId: lower,
        AdjacentParentShardId: upper,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: HIGHEST },
      });
      await stream.put('after');
      expect(await stream.texts(child?.ShardId ?? '')).toEqual(['after']);
      expect(await stream.texts(lower)).toEqual(['low']);
      expect(await stream.texts(upper)).toEqual(['high']);
    });

    test('give no iterator any more once a closed shard has been read', async () => {
      const stream = await create();
      const [parent = ''] = idsOf(await stream.shards());
      const { sequenceNumber } = await stream.put('before');
      const open = await stream.get(await stream.iterator(parent, { ShardIteratorType: 'TRIM_HORIZON' }));
      expect(open.NextShardIterator).toEqual(expect.any(String));
      await stream.put('last');
      await stream.split(parent, MIDDLE);
      let iterator: string | undefined = await stream.iterator(parent, {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: sequenceNumber,
      });
      const texts = [];
      for (let reads = 0; iterator !== undefined && reads < 10; reads += 1) {
        const { Records = [], NextShardIterator } = await stream.get(iterator);
        texts.push(...Records.map(({ Data = [] }) => Buffer.from(Data).toString()));
        iterator = NextShardIterator ?? undefined;
      }
      expect(texts).toEqual(['last']);
      expect(iterator).toBeUndefined();
    });

    test('under way lose nothing, and keep the order of each key from a parent to its children', async () => {
      const stream = await create();
      const keys = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fritz'];
      let isDone = false;
      const put = new Map(keys.map((key) => [key, 0]));
      const writers = keys.map(async (key) => {
        for (let n = 0; n < 8 || !isDone; n += 1) {
          await stream.put(`${key} ${n}`, key);
          put.set(key, n + 1);
        }
      });
      const [first = ''] = idsOf(await stream.openShards());
      await stream.split(first, MIDDLE);
      const [lower = '', upper = ''] = idsOf(await stream.openShards());
      await stream.split(upper, (BigInt(MIDDLE) + 2n ** 126n).toString());
      const [, left = '', right = ''] = idsOf(await stream.openShards());
      await stream.merge(left, right);
      const merged = idsOf(await stream.openShards()).find((id) => id !== lower) ?? '';
      await stream.merge(lower, merged);
      isDone = true;
      await Promise.all(writers);
      const total = [...put.values()].reduce((sum, count) => sum + count, 0);
      const records = await stream.all(total);
      const texts = records.map(({ data }) => Buffer.from(data).toString());
      for (const key of keys) {
        const own = texts.filter((text) => text.startsWith(`${key} `));
        expect(own).toEqual(Array.from({ length: put.get(key) ?? 0 }, (_, n) => `${key} ${n}`));
      }
      expect(records).toHaveLength(total);
    });

    test('also read to their end where a shard was closed before anything came', async () => {
      const stream = await create();
      const [parent = ''] = idsOf(await stream.shards());
      await stream.split(parent, MIDDLE);
      await stream.put('child', 'key', '0');
      expect((await stream.all(1)).map(({ data }) => Buffer.from(data).toString())).toEqual(['child']);
    });

    test('refuse what cannot be split or merged', async () => {
      const stream = await create(3);
      const [first = '', second = '', third = ''] = idsOf(await stream.shards());
      const refused = { name: 'InvalidArgumentException' };
      await expect(stream.split(first, '0')).rejects.toMatchObject(refused);
      await expect(stream.split(first, HIGHEST)).rejects.toMatchObject(refused);
      await expect(stream.merge(first, third)).rejects.toMatchObject(refused);
      await expect(stream.split('shardId-000000000007', MIDDLE)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
      expect(idsOf(await stream.openShards())).toEqual([first, second, third]);
    });
  });
}

import { createHash } from 'node:crypto';
import { PutRecordsCommand, ResourceNotFoundException } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputsContract } from './inputs-contract.ts';
import { reshardingContract } from './resharding-contract.ts';
import type { ServiceBackend } from './support/service-backends.ts';
import { TestStream, textsOf } from './support/test-stream.ts';

/** What the system relies on in Kinesis, whatever plays it: to be run on each. */
export function streamsContract(name: string, start: () => Promise<ServiceBackend>): void {
  describe(`streams on ${name}`, () => {
    let backend: ServiceBackend | undefined;

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());

    const running = () => {
      if (backend === undefined) throw new Error(`${name} did not start`);
      return backend;
    };
    const create = (shards = 1) => TestStream.create(running().kinesis, running().pass, shards);

    test('give the records of a shard in the order of their puts, as they were put', async () => {
      const stream = await create();
      const before = running().now();
      const puts = [];
      for (const text of ['one', 'two', 'three', 'ü\u0000'])
        puts.push(await stream.put(text, `key of ${text}`));
      const [{ shardId } = { shardId: '' }] = puts;
      const { Records = [], MillisBehindLatest } = await stream.get(
        await stream.iterator(shardId, { ShardIteratorType: 'TRIM_HORIZON' }),
      );
      expect(textsOf({ Records })).toEqual(['one', 'two', 'three', 'ü\u0000']);
      expect(Records.map(({ PartitionKey }) => PartitionKey)).toEqual(
        ['one', 'two', 'three', 'ü\u0000'].map((text) => `key of ${text}`),
      );
      expect(Records.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
        puts.map(({ sequenceNumber }) => sequenceNumber),
      );
      expect(MillisBehindLatest).toBe(0);
      for (const { ApproximateArrivalTimestamp } of Records) {
        const arrival = ApproximateArrivalTimestamp?.getTime() ?? 0;
        // Some stamp whole seconds.
        expect(arrival).toBeGreaterThanOrEqual(before - 1000);
        expect(arrival).toBeLessThanOrEqual(running().now());
      }
    });

    test('have sequence numbers of 56 digits, which increase', async () => {
      const stream = await create();
      const numbers = [];
      for (let n = 0; n < 20; n += 1) numbers.push((await stream.put(String(n))).sequenceNumber);
      for (const number of numbers) expect(number).toMatch(/^\d{56}$/);
      expect(numbers).toEqual([...new Set(numbers)].toSorted());
    });

    test('answer for each record of a call where it lies', async () => {
      const stream = await create(3);
      const texts = Array.from({ length: 40 }, (_, n) => `record ${n}`);
      const { Records = [], FailedRecordCount } = await stream.putAll(texts);
      expect(FailedRecordCount).toBe(0);
      const found = await stream.all(40);
      const byPlace = new Map(found.map((each) => [`${each.shardId}:${each.sequenceNumber}`, each]));
      const read = Records.map(({ ShardId, SequenceNumber }) => byPlace.get(`${ShardId}:${SequenceNumber}`));
      expect(read.map((record) => Buffer.from(record?.data ?? []).toString())).toEqual(texts);
    });

    test('spread partition keys over the shards by MD5, unless a hash key is given', async () => {
      const stream = await create(4);
      const shards = await stream.shards();
      const shardOf = (hashKey: bigint) =>
        shards.find(
          ({ HashKeyRange: { StartingHashKey = '1', EndingHashKey = '0' } = {} }) =>
            BigInt(StartingHashKey) <= hashKey && hashKey <= BigInt(EndingHashKey),
        )?.ShardId;
      for (const key of ['1', '2', '3', 'anna', 'ü', '用户']) {
        const hashKey = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
        expect((await stream.put('text', key)).shardId).toBe(shardOf(hashKey));
      }
      for (const hashKey of [0n, 2n ** 126n, 2n ** 127n - 1n, 2n ** 127n, 2n ** 128n - 1n]) {
        expect((await stream.put('text', 'key', hashKey.toString())).shardId).toBe(shardOf(hashKey));
      }
    });

    test('begin with shards that cover all hash keys, without parents', async () => {
      const shards = await (await create(3)).shards();
      const ranges = shards.map(({ HashKeyRange }) => HashKeyRange);
      expect(shards.map(({ ShardId }) => ShardId)).toEqual(
        [0, 1, 2].map((n) => `shardId-${String(n).padStart(12, '0')}`),
      );
      expect(ranges[0]?.StartingHashKey).toBe('0');
      expect(ranges[2]?.EndingHashKey).toBe((2n ** 128n - 1n).toString());
      for (const index of [1, 2]) {
        expect(BigInt(ranges[index]?.StartingHashKey ?? 0)).toBe(
          BigInt(ranges[index - 1]?.EndingHashKey ?? 0) + 1n,
        );
      }
      expect(shards.every(({ ParentShardId }) => ParentShardId === undefined)).toBe(true);
    });

    test('are read from any position, and from the same one as often as one likes', async () => {
      const stream = await create();
      const puts = [];
      for (const text of ['a', 'b', 'c', 'd']) puts.push(await stream.put(text));
      const [first, second] = puts;
      const { shardId = '', sequenceNumber = '' } = second ?? {};
      const from = (position: Parameters<TestStream['texts']>[1]) => stream.texts(shardId, position);
      const at = { StartingSequenceNumber: sequenceNumber };
      expect(await from({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c', 'd']);
      expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...at })).toEqual(['b', 'c', 'd']);
      expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...at })).toEqual(['c', 'd']);
      const old = new Date(running().now() - 60_000);
      expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: old })).toEqual(['a', 'b', 'c', 'd']);
      const iterator = await stream.iterator(shardId, {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        ...{ StartingSequenceNumber: first?.sequenceNumber },
      });
      for (const _ of [1, 2]) expect(textsOf(await stream.get(iterator, 2))).toEqual(['b', 'c']);
    });

    test('are read in pages: each goes on where the one before ended, and waits at the end', async () => {
      const stream = await create();
      const texts = Array.from({ length: 7 }, (_, n) => String(n));
      for (const text of texts) await stream.put(text);
      const [{ ShardId = '' } = {}] = await stream.shards();
      let iterator = await stream.iterator(ShardId, { ShardIteratorType: 'TRIM_HORIZON' });
      const pages = [];
      for (let page = 0; page < 4; page += 1) {
        const answer = await stream.get(iterator, 3);
        pages.push(textsOf(answer));
        iterator = answer.NextShardIterator ?? '';
      }
      expect(pages).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6'], []]);
      await stream.put('later');
      expect(textsOf(await stream.get(iterator))).toEqual(['later']);
    });

    test('from LATEST on give what comes afterwards', async () => {
      const stream = await create();
      const { shardId } = await stream.put('before');
      const iterator = await stream.iterator(shardId, { ShardIteratorType: 'LATEST' });
      await stream.put('after');
      expect(textsOf(await stream.get(iterator))).toEqual(['after']);
    });

    test('refuse what Kinesis refuses', async () => {
      const stream = await create(2);
      const { kinesis } = running();
      const [first, second] = await stream.shards();
      const { sequenceNumber } = await stream.put('text', 'key', '0');
      const other = {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: sequenceNumber,
      } as const;
      await expect(stream.iterator(second?.ShardId ?? '', other)).rejects.toThrow(/StartingSequenceNumber/);
      const unknown = stream.iterator('shardId-000000000009', { ShardIteratorType: 'TRIM_HORIZON' });
      await expect(unknown).rejects.toThrow(ResourceNotFoundException);
      const future = {
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: new Date(running().now() + 60_000),
      } as const;
      await expect(stream.iterator(first?.ShardId ?? '', future)).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
      await expect(stream.get('no iterator')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
      const absent = { StreamName: 'absent', Records: [{ Data: Buffer.from('x'), PartitionKey: 'key' }] };
      await expect(kinesis.send(new PutRecordsCommand(absent))).rejects.toThrow(ResourceNotFoundException);
      const many = stream.putAll(Array.from({ length: 501 }, (_, n) => String(n)));
      await expect(many).rejects.toMatchObject({ name: 'ValidationException' });
      await expect(stream.put('x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'ValidationException' });
      for (const key of ['', 'x'.repeat(257)]) {
        await expect(stream.put('text', key)).rejects.toMatchObject({ name: 'ValidationException' });
      }
      expect(await stream.texts(first?.ShardId ?? '')).toEqual(['text']);
    });

    reshardingContract(create);
    inputsContract(running, create);
  });
}

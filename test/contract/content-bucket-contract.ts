import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BucketBlocks, BucketSheets, ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { nameOf } from '../../lambda/core/block.ts';
import { TextMissing } from '../../lambda/ports/text-missing.ts';
import type { ServiceBackend } from './support/service-backends.ts';

const Bucket = 'draws';
const textOf = (n: number) => JSON.stringify({ '1@0': [[`shard:${n}`, 'käufer 🎟']] });

/** What the system relies on in S3, whatever plays it: to be run on each. */
export function contentBucketContract(name: string, start: () => Promise<ServiceBackend>): void {
  describe(`the draws bucket on ${name}`, () => {
    let backend: ServiceBackend | undefined;

    const running = () => {
      if (backend === undefined) throw new Error(`${name} did not start`);
      return backend;
    };
    const bucket = (folder: 'blocks' | 'lists') => new ContentBucket(running().s3, Bucket, folder);
    const putByHand = (Key: string, Body: string) =>
      running().s3.send(new PutObjectCommand({ Bucket, Key, Body }));

    beforeAll(async () => {
      backend = await start();
      await backend.s3.send(new CreateBucketCommand({ Bucket }));
    });
    afterAll(() => backend?.stop());

    test('gives a text as it was put, any number of times, in its own folder', async () => {
      const text = textOf(1);
      for (const _ of [1, 2]) await bucket('blocks').put(nameOf(text), text);
      expect(await bucket('blocks').get(nameOf(text))).toBe(text);
      expect(await bucket('lists').get(nameOf(text))).toBeUndefined();
    });

    test('keeps a sheet, of as many lines as it has, under the hash of its bytes', async () => {
      const lines = ['{"a":"käufer 🎟"}\n', '{}\n'];
      const sheets = new BucketSheets(running().s3, Bucket);
      for (const _ of [1, 2])
        expect(await sheets.put(lines.map((line) => Buffer.from(line)))).toBe(nameOf(lines.join('')));
      const kept = new ContentBucket(running().s3, Bucket, 'sheets');
      expect(await kept.get(nameOf(lines.join('')))).toBe(lines.join(''));
    });

    test('gives none that is not there, or was changed by hand', async () => {
      const text = textOf(2);
      const name = nameOf(text);
      expect(await bucket('blocks').get(name)).toBeUndefined();
      for (const forged of [textOf(3), ' ', `${text} `]) {
        await putByHand(`blocks/${name}`, forged);
        expect(await bucket('blocks').get(name)).toBeUndefined();
      }
      await putByHand(`blocks/${name}`, text);
      expect(await bucket('blocks').get(name)).toBe(text);
    });

    test('takes what is no block for none, though its name is right', async () => {
      const texts = [' ', 'no JSON', '[]', '{"1@0":[["shard:1"]]}', '{"1@0":[["shard:1",{}]]}', textOf(400)];
      const names = texts.map(nameOf);
      for (const [n, text] of texts.entries()) await bucket('blocks').put(names[n] ?? '', text);
      const blocks = new BucketBlocks(running().s3, Bucket);
      for (const _ of [1, 2]) expect([...(await blocks.read(names)).keys()]).toEqual([names.at(-1)]);
    });

    test('gives those of many blocks that are there', async () => {
      const texts = Array.from({ length: 70 }, (_, n) => textOf(100 + n));
      const names = texts.map(nameOf);
      for (const [n, text] of texts.entries()) await bucket('blocks').put(names[n] ?? '', text);
      await running().s3.send(new DeleteObjectCommand({ Bucket, Key: `blocks/${names[7]}` }));
      const found = await new BucketBlocks(running().s3, Bucket).read(names);
      expect(found.size).toBe(69);
      expect(found.get(names[8] ?? '')).toEqual({ '1@0': [['shard:108', 'käufer 🎟']] });
      expect(found.has(names[7] ?? '')).toBe(false);
    });

    test('has each of the last 32 blocks read once, and one that is missing each time', async () => {
      const texts = Array.from({ length: 33 }, (_, n) => textOf(200 + n));
      const names = texts.map(nameOf);
      const [first = '', second = ''] = names;
      for (const [n, text] of texts.entries()) if (n > 0) await bucket('blocks').put(names[n] ?? '', text);
      const { s3 } = running();
      const blocks = new BucketBlocks(s3, Bucket);
      const there = async (some: readonly string[]) => [...(await blocks.read(some)).keys()];
      const takeAway = (name: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: `blocks/${name}` }));
      expect(await there([first])).toEqual([]);
      await bucket('blocks').put(first, texts[0] ?? '');
      expect(await there([first, second])).toEqual([first, second]);
      // Who was read is remembered, though it is taken away meanwhile.
      for (const name of [first, second]) await takeAway(name);
      expect(await there([second, first, ...names.slice(2, 32)])).toHaveLength(32);
      expect(await there(names.slice(32))).toHaveLength(1);
      expect(await there([second])).toEqual([second]);
      expect(await there([first])).toEqual([]);
    });

    test('has a block parsed once for all who read it at the same time, and read again where reading failed', async () => {
      const { s3 } = running();
      const [text, late] = [textOf(300), 'not-there-yet'];
      const name = nameOf(text);
      const blocks = new BucketBlocks(s3, late);
      await expect(blocks.read([name])).rejects.toThrow();
      await s3.send(new CreateBucketCommand({ Bucket: late }));
      await new ContentBucket(s3, late, 'blocks').put(name, text);
      const [one, other] = await Promise.all([blocks.read([name]), blocks.read([name])]);
      expect(one.get(name)).toEqual({ '1@0': [['shard:300', 'käufer 🎟']] });
      expect(other.get(name)).toBe(one.get(name));
    });

    test('takes a text only where it is too long for an item, and is an error where it is lost', async () => {
      const texts = new LongTexts(bucket('lists'));
      const short = JSON.stringify('ü'.repeat(99_999));
      expect(await texts.shorten(short)).toBe(short);
      expect(await texts.whole(short)).toBe(short);
      const long = JSON.stringify('ü'.repeat(100_000));
      const shortened = await texts.shorten(long);
      expect(shortened).toBe(`lists/${nameOf(long)}`);
      expect(await texts.whole(shortened)).toBe(long);
      await putByHand(shortened, short);
      const missing = new TextMissing(`${shortened} is missing in the draws bucket, or was changed`);
      await expect(texts.whole(shortened)).rejects.toThrow(missing);
      await expect(texts.whole(shortened)).rejects.toBeInstanceOf(TextMissing);
    });
  });
}

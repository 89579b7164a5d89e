import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { coveringObjects } from '../../../client/archive/objects.ts';
import { dayOf } from '../../../lambda/core/archive.ts';
import { all, Outputs, texts } from './support.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index }));

describe('all that was on the output streams', () => {
  test('comes from the archive and from the streams, each record once, in the order of arrival', async () => {
    const outputs = await Outputs.start();
    for (const n of [1, 2, 3, 4]) {
      await outputs.put('user', { n: 2 * n - 1 });
      outputs.at(outputs.now + 10);
      await outputs.put('lottery', { n: 2 * n });
      outputs.at(outputs.now + 10);
    }
    expect(await texts(outputs)).toEqual(numbers(1, 8));
    await outputs.archive('user', 0, 2);
    expect(await texts(outputs)).toEqual(numbers(1, 8));
    await outputs.archive('lottery');
    expect(await texts(outputs)).toEqual(numbers(1, 8));
    expect(await texts(outputs, ['lottery'])).toEqual([{ n: 2 }, { n: 4 }, { n: 6 }, { n: 8 }]);
  });

  test.each([
    [
      'the same cut again',
      [
        [0, 9],
        [0, 9],
      ],
    ],
    [
      'halves of what is there',
      [
        [0, 9],
        [0, 4],
        [4, 9],
      ],
    ],
    [
      'what overlaps on both sides',
      [
        [0, 4],
        [2, 7],
        [5, 9],
      ],
    ],
    [
      'the whole of what came in parts',
      [
        [0, 3],
        [3, 9],
        [0, 9],
      ],
    ],
    [
      'a part of it, and the rest on the stream',
      [
        [0, 3],
        [1, 5],
      ],
    ],
  ])('is there once where batches came again: %s', async (_, cuts) => {
    const outputs = await Outputs.start();
    await outputs.put('user', ...numbers(1, 9));
    for (const [start, end] of cuts) await outputs.archive('user', start, end);
    expect(new Set(outputs.keys).size).toBe(new Set(cuts.map(String)).size);
    expect(await texts(outputs)).toEqual(numbers(1, 9));
  });

  test('says of each shard how far it is archived, and how many records are on the stream alone', async () => {
    const outputs = await Outputs.start();
    await outputs.put('user', ...numbers(1, 3));
    const archivedUpTo = outputs.now;
    await outputs.archive('user');
    outputs.at(outputs.now + 1_000);
    await outputs.put('user', ...numbers(4, 5));
    const { history } = outputs;
    await all(history.records(['user', 'lottery']));
    const shardId = 'shardId-000000000000';
    expect(history.standings).toEqual(
      expect.arrayContaining([
        { stream: 'user', shardId, archivedUpTo, notArchived: 2 },
        { stream: 'lottery', shardId, archivedUpTo: undefined, notArchived: 0 },
      ]),
    );
  });

  test('has the shards that a shard was split into, and that shard when the stream has let go of it', async () => {
    const outputs = await Outputs.start();
    await outputs.put('user', ...numbers(1, 3));
    await outputs.archive('user');
    await outputs.split('user');
    await outputs.put('user', ...numbers(4, 6));
    expect(await texts(outputs, ['user'])).toEqual(numbers(1, 6));
    // It had a shard whose retention is over.
    const gone = 'shardId-000000000009';
    const key = `archive/user/2026-11-26/${gone}/1-1.jsonl.gz`;
    const line = `{"recordId":"${gone}:1","arrival":1795651200000,"event":{"n":0}}\n`;
    await outputs.putObject(key, gzipSync(line));
    expect(await texts(outputs, ['user'])).toEqual(numbers(0, 6));
  });

  test('is as it was put, byte by byte, also where it is no JSON or has several lines', async () => {
    const outputs = await Outputs.start();
    const odd = ['{"n":1.0e0, "käufer":"🎟"}', 'no JSON', '{"n":\n2}', '{"n":12345678901234567890}'];
    await outputs.put('user', ...odd);
    const bytesOf = (records: { text: string | undefined; raw: string | undefined }[]) =>
      records.map(({ text, raw }) => text ?? Buffer.from(raw ?? '', 'base64').toString('utf8'));
    const onStream = await all(outputs.history.records(['user']));
    await outputs.archive('user');
    const archived = await all(outputs.history.records(['user']));
    expect(bytesOf(archived)).toEqual(odd);
    expect(archived).toEqual(onStream);
    expect(archived.map(({ text }) => text === undefined)).toEqual([false, true, true, false]);
  });

  test('is waited for until the archive has it', async () => {
    const outputs = await Outputs.start();
    await outputs.put('user', ...numbers(1, 3));
    await outputs.put('lottery', { n: 4 });
    await outputs.archive('user', 0, 2);
    const steps: (() => Promise<void>)[] = [
      () => outputs.archive('user', 2),
      // What comes now is not waited for.
      () => outputs.put('user', { n: 5 }),
      () => outputs.archive('lottery'),
    ];
    let slept = 0;
    const sleep = async () => {
      await steps[slept]?.();
      slept += 1;
    };
    await outputs.history.archived(sleep, new AbortController().signal);
    expect(slept).toBe(3);
    await outputs.put('lottery', { n: 6 });
    const late = outputs.history.archived(sleep, AbortSignal.abort(new Error('It takes too long')));
    await expect(late).rejects.toThrow('It takes too long');
  });

  test('of a span has what arrived in it, and opens no object that is over before or begins on a later day', async () => {
    const outputs = await Outputs.start();
    const start = Date.parse(dayOf(outputs.now)) + 86_400_000;
    for (let hour = 0; hour < 60; hour += 6) {
      outputs.at(start + hour * 3_600_000);
      await outputs.put('user', { hour });
      const count = outputs.records('user').length;
      await outputs.archive('user', count - 1);
    }
    const span = { from: start + 24 * 3_600_000, until: start + 30 * 3_600_000 };
    const records = await all(outputs.history.records(['user'], { user: span }));
    expect(records.map(({ text = '' }) => JSON.parse(text).hour)).toEqual([24, 30, 36, 42]);
  });

  test('names an object that went while it was read', async () => {
    const outputs = await Outputs.start();
    await outputs.put('user', ...numbers(1, 2));
    await outputs.archive('user', 0, 1);
    await outputs.archive('user', 1);
    const records = outputs.history.records(['user']);
    await records.next();
    const [, key = ''] = outputs.keys.sort();
    await outputs.source.s3.send(new DeleteObjectCommand({ Bucket: 'draws', Key: key }));
    await expect(all(records)).rejects.toThrow(`${key} was in draws and is not there any more`);
  });

  test('does not come from what somebody else put there', async () => {
    const outputs = await Outputs.start();
    await outputs.put('user', { n: 1 });
    await outputs.archive('user');
    const [key = ''] = outputs.keys;
    await outputs.putObject('archive/user/notes.txt', 'not of the archive');
    expect(await texts(outputs)).toEqual([{ n: 1 }]);
    await outputs.putObject(key, 'no gzip');
    await expect(texts(outputs)).rejects.toThrow(`${key} in draws is no object of the archive`);
    const foreign = '{"recordId":"shardId-000000000001:1","arrival":1,"event":{}}\n';
    await outputs.putObject(key, gzipSync(foreign));
    await expect(texts(outputs)).rejects.toThrow(`Line 1 of ${key} in draws is none of the archive`);
  });
});

test('objects that lie within others are not read', () => {
  const object = (first: number, last: number) => ({ first: String(first), last: String(last) });
  const read = coveringObjects([object(5, 12), object(1, 3), object(2, 3), object(1, 9), object(9, 10)]);
  expect(read).toEqual([object(1, 9), object(5, 12)]);
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startable } from '../../../local/event-source-mapping/kinesis/lineage.ts';
import { HIGH, LOW, TestKinesis } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { RecordingHost, texts } from './support/recording-host.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

const [SHARD_0, SHARD_1] = ['shardId-000000000000', 'shardId-000000000001'] as const;

test('the shards of a stream are read at the same time, each in its order', async () => {
  const arn = await kinesis.createStream('two', 2);
  for (const text of ['l1', 'l2', 'l3']) await kinesis.put('two', text, 'k', LOW);
  for (const text of ['h1', 'h2', 'h3']) await kinesis.put('two', text, 'k', HIGH);
  // Each waits until the other is there as well: one after the other they would never end.
  const waiting: (() => void)[] = [];
  const host = new RecordingHost((_, count) => {
    if (count > 2) return;
    return new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) for (const go of waiting) go();
    });
  });
  await mappings.start(kinesis, arn, host, { BatchSize: 1 }).drained();
  const order = host.batches.flat();
  expect(order.filter((text) => text.startsWith('l'))).toEqual(['l1', 'l2', 'l3']);
  expect(order.filter((text) => text.startsWith('h'))).toEqual(['h1', 'h2', 'h3']);
});

test('after a split the children wait until their parent is drained', async () => {
  const arn = await kinesis.createStream('split');
  await kinesis.putAll('split', ['parent']);
  await kinesis.split('split', SHARD_0);
  await kinesis.put('split', 'low', 'k', LOW);
  await kinesis.put('split', 'high', 'k', HIGH);
  // The parent fails long enough for children that do not wait to overtake it.
  const host = new RecordingHost((_, count) => {
    if (count <= 8) throw new Error('not yet');
  });
  await mappings.start(kinesis, arn, host).drained();
  expect(host.batches.slice(0, 9).flat()).toEqual(Array.from({ length: 9 }, () => 'parent'));
  expect(host.batches.slice(9).flat().sort()).toEqual(['high', 'low']);
});

test('a child of a merge waits until both parents are drained', async () => {
  const arn = await kinesis.createStream('merge', 2);
  await kinesis.put('merge', 'low', 'k', LOW);
  await kinesis.put('merge', 'high', 'k', HIGH);
  await kinesis.merge('merge', SHARD_0, SHARD_1);
  await kinesis.put('merge', 'child', 'k', LOW);
  let failures = 0;
  const host = new RecordingHost((event) => {
    if (texts(event).includes('high') && failures < 8) {
      failures += 1;
      throw new Error('not yet');
    }
  });
  await mappings.start(kinesis, arn, host).drained();
  const order = host.batches.flat();
  expect(order.filter((text) => text === 'high')).toHaveLength(9);
  expect(order.indexOf('child')).toBe(order.length - 1);
  expect(order).toContain('low');
});

test('resharding while the mapping runs loses nothing and keeps the order of each key', async () => {
  const arn = await kinesis.createStream('live');
  const host = new RecordingHost();
  const mapping = mappings.start(kinesis, arn, host, { BatchSize: 3 });
  const putSome = async (from: number) => {
    for (let i = from; i < from + 10; i += 1) {
      await kinesis.put('live', `l${i}`, 'k', LOW);
      await kinesis.put('live', `h${i}`, 'k', HIGH);
    }
  };
  await putSome(0);
  await kinesis.split('live', SHARD_0);
  await putSome(10);
  await kinesis.merge('live', SHARD_1, 'shardId-000000000002');
  await putSome(20);
  await mapping.drained();
  const order = host.batches.flat();
  for (const key of ['l', 'h']) {
    const expected = Array.from({ length: 30 }, (_, i) => `${key}${i}`);
    expect(order.filter((text) => text.startsWith(key))).toEqual(expected);
  }
  expect(mapping.status()).toMatchObject({ shards: 1, caughtUp: true });
});

test('a shard that never had a record ends as well, and a drained one is not read again', async () => {
  const arn = await kinesis.createStream('empty');
  const host = new RecordingHost();
  const mapping = mappings.start(kinesis, arn, host);
  await mapping.drained();
  await kinesis.split('empty', SHARD_0);
  await kinesis.put('empty', 'child', 'k', LOW);
  await mapping.drained();
  await mapping.disable();
  mapping.enable();
  await mapping.drained();
  expect(host.batches).toEqual([['child']]);
  const started = mappings.of('shardStarted').map(({ origin }) => origin);
  expect(started.filter((origin) => origin === SHARD_0)).toHaveLength(1);
});

describe('startable shards', () => {
  const links = [
    { shardId: 'a', parents: [] },
    { shardId: 'b', parents: ['expired'] },
    { shardId: 'c', parents: ['a', 'b'] },
  ];
  const ids = (started: string[], finished: string[]) =>
    startable(
      links,
      (id) => started.includes(id),
      (id) => finished.includes(id),
    ).map(({ shardId }) => shardId);

  test('have no parent that is listed and not finished', () => {
    expect(ids([], [])).toEqual(['a', 'b']);
    expect(ids(['b'], ['a'])).toEqual([]);
    expect(ids([], ['a', 'b'])).toEqual(['c']);
  });
});

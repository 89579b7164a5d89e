import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inMemoryCheckpoints } from '../../../local/event-source-mapping/index.ts';
import { laneOf } from '../../../local/event-source-mapping/kinesis/shard.ts';
import { TestKinesis, until } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { RecordingHost, texts } from './support/recording-host.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

const LANES = 3;
/** A partition key (one letter) for each lane. */
const keys = Array.from({ length: LANES }, (_, lane) => {
  const key = [...'abcdefghijklmnopqrstuvwxyz'].find((letter) => laneOf(letter, LANES) === lane);
  if (key === undefined) throw new Error(`No letter for lane ${lane}`);
  return key;
});
const [slow = '', quick = '', other = ''] = keys;

test('a shard has as many batches at once as the parallelization factor says, each key in its order', async () => {
  const arn = await kinesis.createStream('parallel');
  const all = Array.from({ length: 60 }, (_, i) => `${keys[i % LANES]}${i}`);
  await kinesis.putAll('parallel', all);
  const waiting: (() => void)[] = [];
  const host = new RecordingHost((_, count) => {
    if (count > LANES) return;
    return new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === LANES) for (const go of waiting) go();
    });
  });
  const rules = { BatchSize: 4, ParallelizationFactor: LANES };
  await mappings.start(kinesis, arn, host, rules).drained();
  expect(host.mostConcurrent).toBe(LANES);
  const order = host.batches.flat();
  expect(order).toHaveLength(all.length);
  for (const key of keys) {
    expect(order.filter((text) => text.startsWith(key))).toEqual(all.filter((text) => text.startsWith(key)));
  }
  for (const batch of host.batches)
    expect(new Set(batch.map((text) => laneOf(text[0] ?? '', LANES))).size).toBe(1);
});

describe('a key that fails', () => {
  test('holds up its own lane only', async () => {
    const arn = await kinesis.createStream('holds');
    await kinesis.putAll('holds', [`${slow}1`, `${quick}1`, `${other}1`, `${quick}2`]);
    let mayGo = false;
    const host = new RecordingHost((event) => {
      if (texts(event)[0]?.startsWith(slow) && !mayGo) throw new Error('not yet');
    });
    const rules = { BatchSize: 1, ParallelizationFactor: LANES };
    const mapping = mappings.start(kinesis, arn, host, rules);
    await until('the others are through', () => host.batches.flat().includes(`${quick}2`));
    expect(mapping.status().caughtUp).toBe(false);
    mayGo = true;
    await mapping.drained();
  });

  test('holds the checkpoint: after a restart it comes again, and what other lanes finished does not', async () => {
    const arn = await kinesis.createStream('restart');
    const numbers = await kinesis.putAll('restart', [`${quick}1`, `${slow}1`, `${quick}2`, `${other}1`]);
    const checkpoints = inMemoryCheckpoints();
    const rules = { BatchSize: 1, ParallelizationFactor: LANES };
    let mayGo = false;
    const host = new RecordingHost((event) => {
      if (texts(event)[0]?.startsWith(slow) && !mayGo) throw new Error('not yet');
    });
    const first = mappings.start(kinesis, arn, host, rules, { checkpoints });
    // Three of four records: only the slow one is unfinished, and it holds the two after it in the checkpoint.
    await until(
      'the others are through',
      () =>
        first.status().inFlight === 0 &&
        host.batches.flat().filter((text) => !text.startsWith(slow)).length === 3,
    );
    await first.stop();
    const saved = await checkpoints.load(first.id);
    const shard = saved?.shards['shardId-000000000000'];
    expect(shard?.sequenceNumber).toBe(numbers[0]);
    expect(shard?.lanes?.[laneOf(quick, LANES)]).toBe(numbers[2]);
    expect(shard?.lanes?.[laneOf(other, LANES)]).toBe(numbers[3]);

    mayGo = true;
    const before = host.batches.length;
    await mappings.start(kinesis, arn, host, rules, { checkpoints }).drained();
    expect(host.batches.slice(before)).toEqual([[`${slow}1`]]);
  });

  test('with another factor the lanes’ positions count for nothing: delivery is at least once', async () => {
    const arn = await kinesis.createStream('refactored');
    await kinesis.putAll('refactored', [`${slow}1`, `${quick}1`]);
    const checkpoints = inMemoryCheckpoints();
    const failing = new RecordingHost((event) => {
      if (texts(event)[0]?.startsWith(slow)) throw new Error('not yet');
    });
    const rules = { BatchSize: 1, ParallelizationFactor: LANES };
    const first = mappings.start(kinesis, arn, failing, rules, { checkpoints });
    await until('the other is through', () => failing.batches.flat().includes(`${quick}1`));
    await first.stop();
    const host = new RecordingHost();
    await mappings.start(kinesis, arn, host, { BatchSize: 1 }, { checkpoints }).drained();
    expect(host.batches).toEqual([[`${slow}1`], [`${quick}1`]]);
  });
});

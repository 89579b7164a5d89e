import { ExpiredIteratorException, ProvisionedThroughputExceededException } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inMemoryCheckpoints } from '../../../local/event-source-mapping/index.ts';
import { TestKinesis, until } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { RecordingHost } from './support/recording-host.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

describe('disabling', () => {
  test('waits for the invocation under way, keeps its result, and goes on after it when enabled', async () => {
    const arn = await kinesis.createStream('pause');
    await kinesis.putAll('pause', ['a', 'b', 'c']);
    let go: () => void = () => undefined;
    const host = new RecordingHost((_, count) => {
      if (count === 1) return new Promise<void>((resolve) => (go = resolve));
    });
    const mapping = mappings.start(kinesis, arn, host, { BatchSize: 1 });
    await until('the first is in flight', () => mapping.status().inFlight === 1);
    let isDisabled = false;
    const disabled = mapping.disable().then(() => {
      isDisabled = true;
    });
    await kinesis.put('pause', 'd');
    expect(isDisabled).toBe(false);
    go();
    await disabled;
    expect(host.batches).toEqual([['a']]);
    expect(mapping.status()).toMatchObject({ state: 'Disabled', caughtUp: false, inFlight: 0 });
    mapping.enable();
    await mapping.drained();
    expect(host.batches).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  test('a batch that waits to be tried again comes again when enabled', async () => {
    const arn = await kinesis.createStream('failing');
    await kinesis.put('failing', 'a');
    let mayGo = false;
    const host = new RecordingHost(() => {
      if (!mayGo) throw new Error('not yet');
    });
    const mapping = mappings.start(kinesis, arn, host);
    await until('it failed', () => host.events.length > 0);
    await mapping.disable();
    const before = host.events.length;
    mayGo = true;
    mapping.enable();
    await mapping.drained();
    expect(host.batches.slice(before)).toEqual([['a']]);
  });

  test('a mapping may start disabled', async () => {
    const arn = await kinesis.createStream('off');
    await kinesis.put('off', 'a');
    const host = new RecordingHost();
    const mapping = mappings.start(kinesis, arn, host, { Enabled: false });
    expect(mapping.status().state).toBe('Disabled');
    expect(mappings.events).toEqual([]);
    mapping.enable();
    await mapping.drained();
    expect(host.batches).toEqual([['a']]);
  });

  test('a stopped mapping stays so', async () => {
    const arn = await kinesis.createStream('stopped');
    const mapping = mappings.start(kinesis, arn, new RecordingHost());
    const drained = mapping.drained();
    await mapping.stop();
    await drained.catch(() => undefined);
    expect(() => mapping.enable()).toThrow('stopped');
    await expect(mapping.drained()).rejects.toThrow('stopped');
  });
});

test('a new mapping on the same checkpoints goes on where the last one was', async () => {
  const arn = await kinesis.createStream('resume');
  await kinesis.putAll('resume', ['a', 'b', 'c']);
  const checkpoints = inMemoryCheckpoints();
  const host = new RecordingHost();
  await mappings.start(kinesis, arn, host, { BatchSize: 2 }, { checkpoints }).drained();
  await mappings.stopAll();
  await kinesis.putAll('resume', ['d']);
  await mappings.start(kinesis, arn, host, { BatchSize: 2 }, { checkpoints }).drained();
  expect(host.batches).toEqual([['a', 'b'], ['c'], ['d']]);
  const fresh = new RecordingHost();
  await mappings.start(kinesis, arn, fresh).drained();
  expect(fresh.batches).toEqual([['a', 'b', 'c', 'd']]);
});

test('drained() covers what was put just before it, a hundred times in a row', async () => {
  const arn = await kinesis.createStream('prompt');
  const host = new RecordingHost();
  const emulation = { pollIntervalMs: 60_000 };
  const mapping = mappings.start(kinesis, arn, host, {}, { emulation });
  for (let i = 0; i < 100; i += 1) {
    await kinesis.put('prompt', String(i));
    await mapping.drained();
    expect(host.batches.flat()).toHaveLength(i + 1);
  }
});

test('a write to the stream ends the wait for the next poll', async () => {
  const arn = await kinesis.createStream('written');
  const host = new RecordingHost();
  const emulation = { pollIntervalMs: 3_600_000, shortestPollIntervalMs: 10 };
  const mapping = mappings.start(kinesis, arn, host, {}, { emulation });
  for (let i = 1; i <= 20; i += 1) {
    await kinesis.put('written', String(i));
    mapping.streamWritten();
    await until('it is processed', () => host.batches.flat().length === i);
  }
});

test('caughtUpTo is a time before which everything is processed', async () => {
  const arn = await kinesis.createStream('time');
  const host = new RecordingHost();
  const mapping = mappings.start(kinesis, arn, host);
  await mapping.drained();
  await kinesis.put('time', 'a');
  const putBefore = Date.now();
  await until('it says so', () => (mapping.status().caughtUpTo ?? 0) > putBefore);
  expect(host.batches).toEqual([['a']]);
  expect(mapping.status()).toMatchObject({ caughtUp: true, behindMs: 0, unfinished: 0, inFlight: 0 });
});

test('polls that fail are tried again, and nothing is skipped', async () => {
  const arn = await kinesis.createStream('flaky');
  const flaky = kinesis.connect();
  let calls = 0;
  const message = 'on purpose';
  flaky.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls % 7 === 1) throw new ExpiredIteratorException({ message, $metadata: {} });
      if (calls % 7 < 4) throw new ProvisionedThroughputExceededException({ message, $metadata: {} });
      return next(args);
    },
    { step: 'initialize' },
  );
  const host = new RecordingHost();
  const mapping = mappings.start(kinesis, arn, host, {}, { clients: { kinesis: flaky } });
  for (const text of ['a', 'b', 'c', 'd']) {
    await kinesis.put('flaky', text);
    await mapping.drained();
  }
  await mapping.stop();
  flaky.destroy();
  expect(host.batches.flat()).toEqual(['a', 'b', 'c', 'd']);
  expect(mappings.of('pollFailed').length).toBeGreaterThan(4);
});

describe('a property', () => {
  const start = (properties: Record<string, unknown>) => () =>
    mappings.start(
      kinesis,
      'arn:aws:kinesis:us-east-1:000000000000:stream/none',
      new RecordingHost(),
      properties,
    );

  test.each([
    [{ FilterCriteria: {} }, /function recorder.*FilterCriteria/],
    [{ BatchSize: 10_001 }, /BatchSize.*10000/],
    [{ TumblingWindowInSeconds: 901 }, /TumblingWindowInSeconds/],
    [{ TumblingWindowInSeconds: 10, ParallelizationFactor: 2 }, /ParallelizationFactor: must be 1/],
    [{ StartingPosition: 'AT_TIMESTAMP' }, /StartingPositionTimestamp/],
    [{ MaximumRecordAgeInSeconds: 59 }, /MaximumRecordAgeInSeconds/],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } } },
      /sns is not emulated/,
    ],
  ])('that is unknown, out of its limits or not emulated stops with its name: %j', (properties, message) => {
    expect(start(properties)).toThrow(message);
  });
});

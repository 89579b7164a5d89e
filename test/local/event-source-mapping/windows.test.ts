import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inMemoryCheckpoints } from '../../../local/event-source-mapping/index.ts';
import { TestKinesis, until } from './support/engine.ts';
import { Mappings, quick } from './support/mappings.ts';
import { RecordingHost, type SeenEvent, texts } from './support/recording-host.ts';
import { ShiftedClock } from './support/shifted-clock.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

/** So long that a test's records are in one window. */
const LONG = 900;
const SHARD = 'shardId-000000000000';

const seen = (event: SeenEvent): unknown => event.state?.seen ?? [];
/** Adds the records' texts to the state, as an aggregation would. */
const collect = (event: SeenEvent) => ({ state: { seen: [...[seen(event)].flat(), ...texts(event)] } });
/** What the test needs to see of an event: state, records, and F(inal) and E(arly). */
const brief = (event: SeenEvent) =>
  `${[seen(event)].flat().join('')}+${texts(event).join('')}${event.isFinalInvokeForWindow ? ' F' : ''}${event.isWindowTerminatedEarly ? ' E' : ''}`;

describe('state', () => {
  test('goes from invocation to invocation of a window; each event has the fields that AWS sends', async () => {
    const arn = await kinesis.createStream('fields');
    await kinesis.putAll('fields', ['a', 'b', 'c']);
    const host = new RecordingHost(collect);
    const mapping = mappings.start(kinesis, arn, host, { BatchSize: 2, TumblingWindowInSeconds: LONG });
    await mapping.drained();
    expect(host.events.map(brief)).toEqual(['+ab', 'ab+c']);
    const [event] = host.events;
    const start = Date.parse(event?.window?.start ?? '');
    const arrival = (event?.Records[0]?.kinesis.approximateArrivalTimestamp ?? 0) * 1000;
    expect(event).toMatchObject({ state: {}, shardId: SHARD, eventSourceARN: arn });
    expect(event).toMatchObject({ isFinalInvokeForWindow: false, isWindowTerminatedEarly: false });
    expect(event?.window?.start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((start - quick.windowOriginMs) % (LONG * 1000)).toBe(0);
    expect(Date.parse(event?.window?.end ?? '') - start).toBe(LONG * 1000);
    expect(arrival).toBeGreaterThanOrEqual(start);
    expect(mapping.status()).toMatchObject({ openWindows: 1, caughtUp: true });
  });

  test('a response without it is a failed invocation: the batch comes again with the state it had', async () => {
    const arn = await kinesis.createStream('missing');
    await kinesis.putAll('missing', ['a', 'b']);
    const wrong = [null, {}, { state: null }, { state: 'text' }, { state: [] }, { batchItemFailures: [] }];
    const host = new RecordingHost((event, count) =>
      count > 1 && count <= 1 + wrong.length ? wrong[count - 2] : collect(event),
    );
    await mappings.start(kinesis, arn, host, { BatchSize: 1, TumblingWindowInSeconds: LONG }).drained();
    expect(host.events.map(brief)).toEqual(['+a', ...Array.from({ length: 1 + wrong.length }, () => 'a+b')]);
  });

  test('a failed batch does not change it, and a halved one carries it from half to half', async () => {
    const arn = await kinesis.createStream('halves');
    await kinesis.putAll('halves', ['a', 'X', 'c', 'd']);
    const host = new RecordingHost((event) => {
      if (texts(event).includes('X')) throw new Error('poison');
      return collect(event);
    });
    const rules = {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      TumblingWindowInSeconds: LONG,
    };
    await mappings.start(kinesis, arn, host, rules).drained();
    expect(host.events.map(brief)).toEqual(['+aXcd', '+aX', '+a', 'a+X', 'a+cd']);
  });

  test.each([
    ['returned', ['+abc', 'a+bc']],
    ['previous', ['+abc', '+bc']],
  ] as const)('after a partial failure it is the %s one', async (stateAfterPartialFailure, expected) => {
    const arn = await kinesis.createStream(`partial-${stateAfterPartialFailure}`);
    const numbers = await kinesis.putAll(`partial-${stateAfterPartialFailure}`, ['a', 'b', 'c']);
    const host = new RecordingHost((event, count) =>
      count === 1
        ? { state: { seen: ['a'] }, batchItemFailures: [{ itemIdentifier: numbers[1] }] }
        : collect(event),
    );
    const rules = {
      FunctionResponseTypes: ['ReportBatchItemFailures' as const],
      TumblingWindowInSeconds: LONG,
    };
    await mappings.start(kinesis, arn, host, rules, { emulation: { stateAfterPartialFailure } }).drained();
    expect(host.events.map(brief)).toEqual(expected);
  });
});

describe('the end of a window', () => {
  test('every record is in the window of its arrival, and each window has its own state and one final invocation', async () => {
    const arn = await kinesis.createStream('borders');
    const host = new RecordingHost(collect);
    // Longer than a record that has been stamped may take to be readable on a busy machine.
    const emulation = { arrivalSettleMs: 3_000 };
    const mapping = mappings.start(kinesis, arn, host, { TumblingWindowInSeconds: 1 }, { emulation });
    const put: string[] = [];
    const isFinal = (event: SeenEvent) => event.isFinalInvokeForWindow === true;
    await until('two windows have ended', async () => {
      put.push(String(put.length));
      await kinesis.put('borders', String(put.length - 1));
      return host.events.filter(isFinal).length >= 2;
    });
    await mapping.drained();
    await until('the last window has ended', () => mapping.status().openWindows === 0);

    expect(host.batches.flat()).toEqual(put);
    const windows = Map.groupBy(host.events, (event) => event.window?.start);
    for (const events of windows.values()) {
      const finals = events.filter(isFinal);
      expect(finals).toEqual([events.at(-1)]);
      expect(finals[0]).toMatchObject({ Records: [], isWindowTerminatedEarly: false });
      expect(seen(events[0] as SeenEvent)).toEqual([]);
      expect(finals.map(seen)).toEqual([events.flatMap(texts)]);
      for (const { Records, window } of events) {
        for (const { kinesis: record } of Records) {
          const arrival = record.approximateArrivalTimestamp * 1000;
          expect(arrival).toBeGreaterThanOrEqual(Date.parse(window?.start ?? ''));
          expect(arrival).toBeLessThan(Date.parse(window?.end ?? ''));
        }
      }
    }
  });

  test('comes without new records once the clock is idleWindowCloseMs past it', async () => {
    const arn = await kinesis.createStream('idle');
    await kinesis.put('idle', 'a');
    const clock = new ShiftedClock();
    const host = new RecordingHost(collect);
    const emulation = { idleWindowCloseMs: 120_000, arrivalSettleMs: 0 };
    const mapping = mappings.start(
      kinesis,
      arn,
      host,
      { TumblingWindowInSeconds: LONG },
      { clock, emulation },
    );
    await mapping.drained();
    const end = Date.parse(host.events[0]?.window?.end ?? '');
    clock.aheadMs = end + 60_000 - Date.now();
    await mapping.drained();
    await mapping.drained();
    expect(host.events.map(brief)).toEqual(['+a']);
    clock.aheadMs = end + 120_001 - Date.now();
    await until('the window has ended', () => mapping.status().openWindows === 0);
    expect(host.events.map(brief)).toEqual(['+a', 'a+ F']);
    expect(mappings.of('windowClosed')).toMatchObject([{ early: false, reason: 'idle' }]);
  });

  test('is the last batch itself where empty final invocations are switched off', async () => {
    const arn = await kinesis.createStream('last-batch');
    await kinesis.put('last-batch', 'a');
    const clock = new ShiftedClock();
    const other = new RecordingHost(collect);
    await mappings
      .start(kinesis, arn, other, { TumblingWindowInSeconds: 1 }, { functionName: 'other' })
      .drained();
    const end = Date.parse(other.events[0]?.window?.end ?? '');
    await until('the window is over', () => Date.now() >= end);
    await kinesis.put('last-batch', 'b');
    const host = new RecordingHost((event, count) => (count === 1 ? null : collect(event)));
    const emulation = { emptyFinalInvocation: false };
    const rules = { TumblingWindowInSeconds: 1 };
    await mappings.start(kinesis, arn, host, rules, { clock, emulation }).drained();
    expect(host.events.slice(0, 3).map(brief)).toEqual(['+a F', '+a F', '+b']);
  });
});

describe('a window ends early', () => {
  test('above its state limit: the large state goes to a final invocation, the same window goes on afresh', async () => {
    const arn = await kinesis.createStream('large');
    await kinesis.putAll('large', ['a', 'b', 'c', 'd']);
    const host = new RecordingHost(collect);
    const emulation = { windowStateLimitBytes: JSON.stringify({ seen: ['a', 'b'] }).length };
    const rules = { BatchSize: 1, TumblingWindowInSeconds: LONG };
    await mappings.start(kinesis, arn, host, rules, { emulation }).drained();
    // Not awaited by drained(): the final invocation belongs to the window, not to a record.
    await until('the fourth record is there', () => host.batches.flat().length === 4);
    expect(host.events.map(brief)).toEqual(['+a', 'a+b', 'ab+c', 'abc+ F E', '+d']);
    expect(new Set(host.events.map(({ window }) => window?.start)).size).toBe(1);
  });

  test('by default above 1 MB', async () => {
    const arn = await kinesis.createStream('megabyte');
    await kinesis.put('megabyte', 'a');
    const state = { text: 'x'.repeat(1_048_576) };
    const host = new RecordingHost(() => ({ state }));
    const mapping = mappings.start(kinesis, arn, host, { TumblingWindowInSeconds: LONG });
    await until('it was ended', () => mappings.of('windowClosed').length > 0);
    await mapping.disable();
    expect(host.events[1]).toMatchObject({ Records: [], isWindowTerminatedEarly: true, state });
    // The same window goes on with a fresh state, and ends when its time has come.
    expect(mapping.status().openWindows).toBe(1);
  });

  test('at the end of its shard; its children start afresh', async () => {
    const arn = await kinesis.createStream('closing');
    await kinesis.putAll('closing', ['a']);
    const host = new RecordingHost(collect);
    const mapping = mappings.start(kinesis, arn, host, { TumblingWindowInSeconds: LONG });
    await mapping.drained();
    await kinesis.split('closing', SHARD);
    await kinesis.put('closing', 'b');
    await mapping.drained();
    expect(host.events.map(brief)).toEqual(['+a', 'a+ F E', '+b']);
    expect(host.events.map(({ shardId }) => shardId === SHARD)).toEqual([true, true, false]);
  });
});

test('a failed final invocation blocks the shard until it succeeds, whatever the retry limit is', async () => {
  const arn = await kinesis.createStream('blocked');
  await kinesis.putAll('blocked', ['a']);
  let failures = 0;
  const host = new RecordingHost((event) => {
    if (event.isFinalInvokeForWindow && failures < 6) {
      failures += 1;
      if (failures % 2 === 0) return {}; // without state
      throw new Error('not yet');
    }
    return collect(event);
  });
  const rules = { TumblingWindowInSeconds: LONG, MaximumRetryAttempts: 0 };
  const mapping = mappings.start(kinesis, arn, host, rules);
  await mapping.drained();
  await kinesis.split('blocked', SHARD);
  await kinesis.put('blocked', 'b');
  await mapping.drained();
  expect(host.events.map(brief)).toEqual(['+a', ...Array.from({ length: 7 }, () => 'a+ F E'), '+b']);
});

test('an open window outlives disabling, and a new mapping on the same checkpoints', async () => {
  const arn = await kinesis.createStream('kept');
  await kinesis.put('kept', 'a');
  const checkpoints = inMemoryCheckpoints();
  const host = new RecordingHost(collect);
  const start = () => mappings.start(kinesis, arn, host, { TumblingWindowInSeconds: LONG }, { checkpoints });
  const first = start();
  await first.drained();
  await first.disable();
  expect(first.status()).toMatchObject({ state: 'Disabled', openWindows: 1, caughtUp: false });
  await kinesis.put('kept', 'b');
  first.enable();
  await first.drained();
  await first.stop();
  await kinesis.put('kept', 'c');
  await start().drained();
  expect(host.events.map(brief)).toEqual(['+a', 'a+b', 'ab+c']);
});

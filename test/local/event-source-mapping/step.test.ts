import { describe, expect, test } from 'vitest';
import { take } from '../../../local/event-source-mapping/cut.ts';
import { defaultEmulation } from '../../../local/event-source-mapping/emulation.ts';
import type { PendingRecord } from '../../../local/event-source-mapping/kinesis/record.ts';
import { type LaneView, nextStep } from '../../../local/event-source-mapping/kinesis/step.ts';
import { isoTime, openWindow, windowOf } from '../../../local/event-source-mapping/kinesis/window.ts';
import { newBatch } from '../../../local/event-source-mapping/retries.ts';

const rules = {
  BatchSize: 3,
  MaximumBatchingWindowInSeconds: 0,
  MaximumRecordAgeInSeconds: -1,
  TumblingWindowInSeconds: 0,
};
const tumbling = { ...rules, TumblingWindowInSeconds: 10 };

/** A record that arrived, and was read, at `arrivalMs`. */
const item = (arrivalMs: number, bytes = 100): PendingRecord => ({
  record: {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'k',
      sequenceNumber: String(arrivalMs),
      data: '',
      approximateArrivalTimestamp: arrivalMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${arrivalMs}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/r',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
  },
  sequenceNumber: String(arrivalMs),
  arrivalMs,
  readAtMs: arrivalMs,
  bytes,
  done: false,
});

const view = (over: Partial<LaneView>): LaneView => ({ now: 50_000, queue: [], sourceEnded: false, ...over });
const step = (over: Partial<LaneView>, with_ = rules, settings = defaultEmulation) =>
  nextStep(view(over), with_, settings);

describe('the batching window', () => {
  const gather = { ...rules, MaximumBatchingWindowInSeconds: 5 };

  test('a batch that is not full waits for its window, from the moment its first record was read', () => {
    expect(step({ now: 1_400, queue: [item(1_000)] }, gather)).toEqual({ type: 'wait', ms: 4_600 });
    expect(step({ now: 6_000, queue: [item(1_000)] }, gather)).toMatchObject({ type: 'invoke', taken: 1 });
  });

  test('a full batch does not wait, nor the last of a closed shard', () => {
    const queue = [item(1), item(2), item(3)];
    expect(step({ now: 4, queue }, gather)).toMatchObject({ type: 'invoke', taken: 3 });
    expect(step({ now: 4, queue: [item(1)], sourceEnded: true }, gather)).toMatchObject({ type: 'invoke' });
  });
});

describe('a batch', () => {
  test('ends before the payload is full, and holds at least one record', () => {
    const queue = [item(1, 40), item(2, 40), item(3, 40)];
    expect(take(queue, 10, 100)).toEqual({ count: 2, complete: true, atBorder: false });
    expect(take(queue, 10, 10)).toEqual({ count: 1, complete: true, atBorder: false });
  });

  test('does not cross a window border', () => {
    expect(take([item(9_998), item(9_999), item(10_000)], 10, 1_000, 10_000)).toEqual({
      count: 2,
      complete: true,
      atBorder: true,
    });
  });

  test('under way comes before the queue, after its backoff', () => {
    const pending = { ...newBatch([item(1)]), notBefore: 500 };
    expect(step({ now: 100, queue: [item(2)], pending })).toEqual({ type: 'wait', ms: 400 });
    expect(step({ now: 500, queue: [item(2)], pending })).toEqual({
      type: 'invoke',
      batch: pending,
      taken: 0,
    });
  });
});

describe('record age', () => {
  const aged = { ...rules, MaximumRecordAgeInSeconds: 60 };

  test('records above the maximum age are given up, the rest of the batch is delivered', () => {
    const queue = [item(0), item(1_000), item(5_000)];
    expect(step({ now: 61_001, queue }, aged)).toMatchObject({ type: 'expire', count: 2, taken: 3 });
    expect(step({ now: 61_001, queue: [item(1_001)] }, aged)).toMatchObject({ type: 'invoke' });
  });

  test('also while a batch waits to be tried again; by default never', () => {
    const pending = newBatch([item(0)]);
    expect(step({ now: 60_001, pending }, aged)).toMatchObject({ type: 'expire', count: 1 });
    expect(step({ now: 604_800_000, pending })).toMatchObject({ type: 'invoke' });
  });
});

describe('tumbling windows', () => {
  const window = openWindow({ start: 0, end: 10_000 });

  test('are aligned with the epoch, or with the instant that the emulation names', () => {
    expect(windowOf(1_607_497_475_000, 120_000, 0)).toEqual({
      start: Date.UTC(2020, 11, 9, 7, 4),
      end: Date.UTC(2020, 11, 9, 7, 6),
    });
    expect(windowOf(12_000, 10_000, 3_000)).toEqual({ start: 3_000, end: 13_000 });
    expect(windowOf(13_000, 10_000, 3_000)).toEqual({ start: 13_000, end: 23_000 });
    expect(isoTime(Date.UTC(2020, 11, 9, 7, 4))).toBe('2020-12-09T07:04:00Z');
  });

  test('the first record opens its window by its arrival, whatever the time is', () => {
    const opened = step({ now: 99_000, queue: [item(12_345)] }, tumbling);
    expect(opened).toEqual({ type: 'open', window: { start: 10_000, end: 20_000 } });
  });

  test('a record of a later window ends the open one; one at the border is of the later', () => {
    const closed = { type: 'close', early: false, reason: 'border' };
    expect(step({ queue: [item(10_000)], window }, tumbling)).toEqual(closed);
    expect(step({ queue: [item(9_999)], window }, tumbling)).toMatchObject({ type: 'invoke', taken: 1 });
  });

  test('a record that arrived before the open window goes into it', () => {
    const later = openWindow({ start: 10_000, end: 20_000 });
    expect(step({ queue: [item(9_999)], window: later }, tumbling)).toMatchObject({ type: 'invoke' });
  });

  test('an idle window closes only after a poll that began when it was over', () => {
    const settings = { ...defaultEmulation, idleWindowCloseMs: 0 };
    const never = { type: 'wait', ms: Number.POSITIVE_INFINITY };
    expect(step({ now: 20_000, window, emptyPollAt: 10_099 }, tumbling, settings)).toEqual(never);
    expect(step({ now: 20_000, window }, tumbling, settings)).toEqual(never);
    const closed = { type: 'close', early: false, reason: 'idle' };
    expect(step({ now: 20_000, window, emptyPollAt: 10_100 }, tumbling, settings)).toEqual(closed);
  });

  test('an idle window stays open for idleWindowCloseMs after its end', () => {
    const settings = { ...defaultEmulation, idleWindowCloseMs: 120_000, arrivalSettleMs: 0 };
    const at = (emptyPollAt: number) =>
      step({ now: emptyPollAt, window, emptyPollAt }, tumbling, settings).type;
    expect(at(129_999)).toBe('wait');
    expect(at(130_000)).toBe('close');
  });

  test('a window ends with its shard: early before its end', () => {
    const ended = (now: number) => step({ now, window, sourceEnded: true }, tumbling);
    expect(ended(9_999)).toEqual({ type: 'close', early: true, reason: 'shardEnd' });
    expect(ended(10_000)).toEqual({ type: 'close', early: false, reason: 'shardEnd' });
    expect(step({ sourceEnded: true }, tumbling)).toEqual({ type: 'done' });
  });

  test('a state above its limit ends the window early, before anything that is under way', () => {
    const large = openWindow(window, { text: 'x'.repeat(1_048_576) });
    const pending = newBatch([item(1)]);
    expect(step({ window: large, pending }, tumbling)).toEqual({
      type: 'close',
      early: true,
      reason: 'state',
    });
    const allowed = openWindow(window, { text: 'x'.repeat(1_048_565) });
    expect(allowed.stateBytes).toBe(1_048_576);
    expect(step({ window: allowed, pending }, tumbling)).toMatchObject({ type: 'invoke' });
  });

  test('once it is closing, nothing but the final invocation happens', () => {
    const closing = { early: false, reason: 'idle', failures: 1, notBefore: 500 } as const;
    const ending = { ...window, closing };
    const queue = [item(5_000)];
    expect(step({ now: 400, window: ending, queue }, tumbling)).toEqual({ type: 'wait', ms: 100 });
    expect(step({ now: 500, window: ending, queue }, tumbling)).toEqual({ type: 'final', window: ending });
  });

  test('the payload leaves room for the state', () => {
    const settings = { ...defaultEmulation, payloadLimitBytes: 2_000 };
    const with_ = openWindow(window, { text: 'x'.repeat(700) });
    const queue = [item(1, 300), item(2, 300)];
    expect(step({ queue, window }, tumbling, settings)).toMatchObject({ taken: 2 });
    expect(step({ queue, window: with_ }, tumbling, settings)).toMatchObject({ taken: 1 });
  });

  test('the last batch of a window is final where empty final invocations are switched off', () => {
    const queue = [item(1), item(10_001)];
    const settings = { ...defaultEmulation, emptyFinalInvocation: false };
    expect(step({ queue, window }, tumbling, settings)).toMatchObject({ batch: { final: true }, taken: 1 });
    expect(step({ queue, window }, tumbling)).toMatchObject({ batch: { final: false }, taken: 1 });
  });
});

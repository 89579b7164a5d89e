import type { KinesisStreamRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestTime } from '../../../lambda/core/window.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord, shardId } from '../../support/records.ts';

/** Old events are replayed: arrivals are of today. */
const arrival = 1_700_000_000_000;

function replay(): Pipeline {
  const pipeline = new Pipeline({ toleranceMs: 'off' });
  pipeline.lotteries.set(activeRun({ replay: true }));
  pipeline.now = arrival;
  return pipeline;
}

/** A purchase, then clicks of two users in turn, at these times. */
function recordsOf(times: readonly number[], shard = shardId, first = 1): KinesisStreamRecord[] {
  const events = [buy('0', 999), buy('1', 999), ...times.map((time, n) => click(String(n % 2), time))];
  return events.map((event, n) => kinesisRecord(first + n, event, { shard, arrival }));
}

/** By the rule itself: the window of each click. */
function windowsOf(times: readonly number[], from = 0): number[] {
  let clock = from;
  return times.map((time) => {
    clock = Math.max(clock, time);
    const own = Math.floor(time / 10_000) * 10_000;
    return own + 12_000 < clock ? Math.floor(clock / 10_000) * 10_000 : own;
  });
}

/** What was told of each click, by its entry: its window, or how often it was told another one. */
function toldWindows(pipeline: Pipeline): (number | string)[] {
  const told = new Map<string, Set<unknown>>();
  for (const { type, entryId, windowStart } of pipeline.userOutputs.values) {
    if (type !== 'ClickAcceptedEvent') continue;
    const known = told.get(String(entryId)) ?? new Set();
    told.set(String(entryId), known.add(windowStart));
  }
  const sorted = [...told].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([, windows]) => (windows.size === 1 ? Number([...windows][0]) : 'several'));
}

const times = fc.array(fc.nat(60_000), { minLength: 1, maxLength: 25 });

describe('the clock of a replay', () => {
  test('is the largest time of a click so far, its own included', async () => {
    const pipeline = replay();
    await pipeline.userEvents({ Records: recordsOf([9_999, 12_000, 9_998, 9_997, 12_001, 9_996]) });
    expect(toldWindows(pipeline)).toEqual([0, 10_000, 0, 0, 10_000, 10_000]);
    expect(pipeline.watermarks.shards.get(`user/${shardId}`)?.clock).toBe(12_001);
  });

  test('moves by a heartbeat, by no purchase and by no event that cannot be read', async () => {
    const pipeline = replay();
    const odd = [{ type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: 'x' }, 'no json'];
    await pipeline.userEvents(pipeline.batch([buy(1, 9), ...odd, { type: 'Heartbeat' }]));
    expect(pipeline.watermarks.shards.get(`user/${shardId}`)?.clock).toBe(0);
    await pipeline.userEvents(pipeline.batch([{ type: 'Heartbeat', time: 55_000 }, click(1, 5_000)]));
    expect(toldWindows(pipeline)).toEqual([50_000]);
  });

  test('that a heartbeat has set behind all time leaves clicks no window: the coupons stay', async () => {
    const pipeline = replay();
    await pipeline.userEvents(
      pipeline.batch([buy(1, 9), { type: 'Heartbeat', time: 2 * latestTime }, click(1, 5_000)]),
    );
    expect(pipeline.userOutputs.values).toMatchObject([
      { availableCoupons: 9 },
      { reason: 'LOTTERY_INACTIVE' },
    ]);
    expect(pipeline.entries.values).toEqual([]);
  });

  test('goes on from batch to batch, in a new execution environment too', async () => {
    const pipeline = replay();
    await pipeline.userEvents(pipeline.batch([buy(1, 9), click(1, 40_000)]));
    pipeline.restart();
    await pipeline.userEvents(pipeline.batch([click(1, 5_000)]));
    expect(toldWindows(pipeline)).toEqual([40_000, 40_000]);
  });

  test('is the same however batches are cut, repeated and regrown, and whoever dies where', async () => {
    const delivery = fc.record({
      length: fc.integer({ min: 1, max: 12 }),
      dieAt: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
      when: fc.constantFrom('before' as const, 'after' as const),
    });
    await fc.assert(
      fc.asyncProperty(times, fc.array(delivery, { maxLength: 15 }), async (clickTimes, deliveries) => {
        const pipeline = replay();
        const records = recordsOf(clickTimes);
        let done = 0;
        const rest = { length: records.length, dieAt: undefined, when: 'before' as const };
        for (const { length, dieAt, when } of [...deliveries, rest]) {
          pipeline.effects.dieAt(dieAt === undefined ? undefined : { at: dieAt, when });
          const batch = { Records: records.slice(done, done + length) };
          try {
            await pipeline.userEvents(batch);
            done += batch.Records.length;
          } catch (error) {
            expect(error).toBeInstanceOf(Died);
          }
        }
        expect(done).toBe(records.length);
        expect(toldWindows(pipeline)).toEqual(windowsOf(clickTimes));
        expect(pipeline.watermarks.shards.get(`user/${shardId}`)?.clock).toBe(Math.max(...clickTimes));
      }),
      { numRuns: 150 },
    );
  });
});

describe('the clock of a shard that came by resharding', () => {
  const clockAfter = (pipeline: Pipeline, shard: string) =>
    pipeline.watermarks.shards.get(`user/${shard}`)?.clock;
  const play = (pipeline: Pipeline, shard: string, at: readonly number[]) =>
    pipeline.userEvents({ Records: recordsOf(at, shard) });

  test('begins at the largest of all that it came from, also of a parent of an empty one', async () => {
    const pipeline = replay();
    // 1 and 2 come of 0; 2 never had a record; 3 was merged of them, and 4 of 3 and of another empty one.
    pipeline.inputs.parents.set('s-1', ['s-0']).set('s-2', ['s-0']);
    pipeline.inputs.parents.set('s-3', ['s-1', 's-2', 's-0']).set('s-4', ['s-3', 's-9', 's-1', 's-2', 's-0']);
    await play(pipeline, 's-0', [50_000]);
    await play(pipeline, 's-1', [1_000]);
    expect(clockAfter(pipeline, 's-1')).toBe(50_000);
    await play(pipeline, 's-4', [1_000]);
    expect(clockAfter(pipeline, 's-4')).toBe(50_000);
    expect(toldWindows(pipeline)).toEqual([50_000, 50_000, 50_000]);
  });

  test('of nothing is 0', async () => {
    const pipeline = replay();
    await play(pipeline, 's-0', [0]);
    expect([clockAfter(pipeline, 's-0'), toldWindows(pipeline)]).toEqual([0, [0]]);
  });
});

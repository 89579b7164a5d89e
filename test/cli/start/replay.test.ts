import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { replay } from '../../../cli/start/replay.ts';
import { type EventLine, route } from '../../../client/event-lines.ts';
import { type Channel, Expectations } from '../../../client/expectations.ts';
import type { OutputEvent } from '../../../client/output-events.ts';
import type { Clock } from '../../../local/clock.ts';
import { click, start, stop } from '../../support/client-events.ts';

/**
 * A pipeline that says nothing before it is waited for, and then all at once; its time stands still. It notes how many
 * lines each call puts, and how often somebody has waited before that call.
 */
function slowPipeline() {
  const clock: Clock = {
    now: () => 0,
    // Only until it is woken.
    sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  };
  const expectations = new Expectations({ windowMs: 1, now: clock.now });
  const calls: { lines: number; waits: number }[] = [];
  const open: { channel: Channel; recordId: string }[] = [];
  let waits = 0;
  let records = 0;
  const producer = {
    async putAll(channel: Channel, lines: readonly unknown[]) {
      if (lines.length === 0) return [];
      calls.push({ lines: lines.length, waits });
      const recordIds = lines.map(() => `s:${records++}`);
      open.push(...recordIds.map((recordId) => ({ channel, recordId })));
      await setImmediate();
      return recordIds;
    },
  };
  const follower = {
    async until(condition: () => boolean) {
      while (!condition()) {
        waits += 1;
        if (open.length === 0) throw new Error(`Nothing comes any more: ${expectations.missing.join(', ')}`);
        for (const { channel, recordId } of open.splice(0)) {
          const message = 'Whatever the outcome is';
          expectations.observe(channel, {
            type: 'EventRejectedEvent',
            reason: 'NO_COUPON',
            message,
            recordId,
          });
        }
      }
    },
    caughtUp: async () => {},
  };
  const signal = new AbortController().signal;
  return {
    calls,
    options: { clock, expectations, producer, follower, signal, mappings: [], stallMs: 1, graceMs: 5 },
  };
}

function linesOf(count: number, event: (index: number) => object): EventLine[] {
  return Array.from({ length: count }, (_, index) => {
    const text = JSON.stringify(event(index));
    return { number: index + 1, data: Buffer.from(text), ...route(text) };
  });
}

it('puts the lines of different lotteries in full calls, and waits for nothing between them', async () => {
  const { calls, options } = slowPipeline();
  await replay({
    ...options,
    lines: linesOf(1_000, (index) => start(index)),
  });
  expect(calls.reduce((sum, { lines }) => sum + lines, 0)).toBe(1_000);
  expect(calls.map(({ waits }) => waits)).toEqual(calls.map(() => 0));
  // Of the first call it is not said how much was read by then; behind it, two full ones hold all.
  expect(calls.length).toBeLessThanOrEqual(4);
});

it('waits between the lines of one lottery: a start for the stop before it', async () => {
  const { calls, options } = slowPipeline();
  await replay({
    ...options,
    lines: linesOf(6, (index) => (index % 2 === 0 ? start() : stop())),
  });
  expect(calls.at(-1)?.waits).toBeGreaterThanOrEqual(2);
});

/** A pipeline whose lotteries end, and draw, when its clock is told so. It notes what is put and told, in order. */
function timedPipeline() {
  const { options } = slowPipeline();
  const expectations = new Expectations({ windowMs: 10, now: () => 0, isReplay: true });
  const done: (string | number)[] = [];
  let run = 0;
  let time = 0;
  let records = 0;
  const outcomeOf = (event: { type?: string; timestamp?: number }, recordId: string): OutputEvent => {
    switch (event.type) {
      case 'LotteryStartEvent':
        run += 1;
        return {
          type: 'LotteryStartedEvent',
          ...{ lotteryId: 1, run, seedCommitment: '', recordId, ...timing },
        };
      case 'LotteryStopEvent':
        return { type: 'LotteryStoppedEvent', lotteryId: 1, run, lastWindowStart: 20, recordId };
      default:
        return {
          ...{ type: 'ClickAcceptedEvent', userId: 1, lotteryId: 1, entryId: recordId, drawId: '1@50#2' },
          ...{ timestamp: 55, arrival: 0, windowStart: 50, windowEnd: 60, availableCoupons: 0 },
        };
    }
  };
  const timing = { windowMs: 10, graceMs: 5 };
  const producer = {
    async putAll(channel: Channel, lines: readonly { data: Uint8Array }[]) {
      return lines.map(({ data }) => {
        const event = JSON.parse(String(Buffer.from(data)));
        const recordId = `s:${records++}`;
        done.push(event.type);
        if (event.type === 'Heartbeat') return recordId;
        expectations.observe(channel, outcomeOf(event, recordId));
        return recordId;
      });
    },
  };
  const replayClock = {
    get time() {
      return time;
    },
    async reach(to: number) {
      done.push(to);
      time = to;
      if (to > 35)
        expectations.observe('lottery', { type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed: '' });
      if (to >= 66) {
        expectations.observe('lottery', {
          ...{ type: 'LotteryWinnerEvent', drawId: '1@50#2', lotteryId: 1, userId: 1, windowStart: 50 },
          ...{ windowEnd: 60, entries: 3, entryId: 's:3', priority: '', windowSeed: '' },
        });
      }
    },
    keepUp: async () => {},
  };
  const follower = {
    async until(condition: () => boolean) {
      for (let waits = 0; !condition(); waits += 1) {
        if (waits > 100) throw new Error(`Nothing comes any more: ${expectations.missing.join(', ')}`);
        await setImmediate();
      }
    },
    caughtUp: async () => {},
  };
  // Half a second goes by each time that somebody looks: nothing is remembered for long.
  let now = 0;
  const clock = { ...options.clock, now: () => (now += 500) };
  return { done, options: { ...options, clock, expectations, producer, follower, replayClock } };
}

it('has the shards told that the first run is over before its second start, and at the end that all windows are', async () => {
  const { done, options } = timedPipeline();
  const events = [start(), stop(), start(1, { timestamp: 50 }), click(1, 55)];
  await replay({ ...options, lines: linesOf(events.length, (index) => events[index] ?? {}) });
  expect(done).toEqual([
    'LotteryStartEvent',
    'LotteryStopEvent',
    36,
    'LotteryStartEvent',
    'UserClickEvent',
    66,
  ]);
});

it('puts a heartbeat before a click that is late, and takes the ids of the lines alone', async () => {
  const { done, options } = timedPipeline();
  const events = [start(), click(1, 55), click(1, 49), click(2, 50)];
  await replay({ ...options, lines: linesOf(events.length, (index) => events[index] ?? {}) });
  const clicks = ['UserClickEvent', 'Heartbeat', 'UserClickEvent', 'UserClickEvent'];
  expect(done).toEqual(['LotteryStartEvent', ...clicks, 66]);
  expect(options.expectations.complete).toBe(true);
});

it('ends when the shards cannot be told', async () => {
  const { options } = timedPipeline();
  const replayClock = { ...options.replayClock, reach: () => Promise.reject(new Error('No such stream')) };
  const lines = linesOf(2, (index) => (index === 0 ? start() : stop()));
  await expect(replay({ ...options, replayClock, lines })).rejects.toThrow('No such stream');
});

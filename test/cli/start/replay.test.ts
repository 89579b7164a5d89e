import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { replay } from '../../../cli/start/replay.ts';
import { type EventLine, route } from '../../../client/event-lines.ts';
import { type Channel, Expectations } from '../../../client/expectations.ts';
import type { Clock } from '../../../local/clock.ts';
import { start, stop } from '../../support/client-events.ts';

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
  return { calls, options: { clock, expectations, producer, follower, signal, mappings: [], stallMs: 1 } };
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

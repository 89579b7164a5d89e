import { describe, expect, test } from 'vitest';
import type { Arrival, DrawState } from '../../../lambda/core/draw-state.ts';
import {
  drawDueAt,
  drawStateSchema,
  mergeArrivals,
  takeDueDraws,
  takeDueEndings,
} from '../../../lambda/core/draw-state.ts';
import { endingRecord, partialRecord } from '../../../lambda/core/entries-records.ts';
import type { PartialDraw } from '../../../lambda/core/partial-draw.ts';
import { mergePartials, PartialDrawCollector } from '../../../lambda/core/partial-draw.ts';
import { latestTime } from '../../../lambda/core/window.ts';
import { graceMs, seededRun, windowMs } from '../../support/events.ts';

const timing = { windowMs, graceMs };
const empty = drawStateSchema.parse({});
const digit = (n: number) => String(n).repeat(64);

const partial = (priority: number, fields: Partial<PartialDraw> = {}): PartialDraw => ({
  lotteryId: '1',
  run: 1,
  windowStart: 0,
  best: { entryId: `shard:${priority}`, userId: `user ${priority}`, priority: digit(priority) },
  entries: 1,
  ...fields,
});

const arrives = (arrival: number, draw: PartialDraw, since?: number): Arrival => ({
  arrival,
  record: partialRecord(draw, since),
});
const ending = (arrival: number, lastWindowStart: number, since?: number, run = 1): Arrival => ({
  arrival,
  record: endingRecord({ lotteryId: '1', run, lastWindowStart }, since),
});
const tick = (arrival: number): Arrival => ({ arrival, record: { type: 'Tick', lotteryId: '1' } });

describe('partials of one batch', () => {
  test('are one for each lottery, run and window, with the lowest priority and the count', () => {
    const draws = new PartialDrawCollector();
    const runs = [seededRun(), seededRun({ run: 2 }), seededRun({ lotteryId: '2' })];
    for (const run of runs) {
      for (const windowStart of [0, 10_000]) {
        for (const n of [1, 2, 3]) draws.add(run, windowStart, `shard:${n}`, `user ${n}`);
      }
    }
    expect(draws.list()).toHaveLength(6);
    expect(new Set(draws.list().map(({ entries }) => entries))).toEqual(new Set([3]));
  });

  test('have the priorities of their own window: another window, another order', () => {
    const winners = Array.from({ length: 40 }, (_, window) => {
      const draws = new PartialDrawCollector();
      for (const n of [1, 2]) draws.add(seededRun(), window * windowMs, `shard:${n}`, `user ${n}`);
      return draws.list()[0]?.best.userId;
    });
    expect(new Set(winners)).toEqual(new Set(['user 1', 'user 2']));
  });
});

describe('merging arrivals', () => {
  test('keeps the lowest priority, the sum of the counts, and the first arrival', () => {
    const { draws, clock } = mergeArrivals(empty, [
      arrives(100, partial(5)),
      arrives(300, partial(2, { entries: 7 })),
      arrives(200, partial(9)),
    ]);
    expect(draws).toEqual({ '1@0': { ...partial(2, { entries: 9 }), since: 100 } });
    expect(clock).toBe(300);
  });

  test('goes on from the state, and leaves the old one as it was', () => {
    const before = mergeArrivals(empty, [arrives(100, partial(5))]);
    const kept = structuredClone(before);
    const { draws } = mergeArrivals(before, [arrives(200, partial(1))]);
    expect(draws['1@0']).toMatchObject({ best: partial(1).best, since: 100 });
    expect(before).toEqual(kept);
  });

  test('a carried partial brings the arrival of its first, not its own', () => {
    const { draws } = mergeArrivals(empty, [arrives(5000, partial(5), 100), arrives(4000, partial(6))]);
    expect(draws['1@0']?.since).toBe(100);
  });

  test('no partial lets its draw wait for a time to come', () => {
    const { draws } = mergeArrivals(empty, [arrives(5000, partial(5), latestTime)]);
    expect(draws['1@0']?.since).toBe(5000);
  });

  test('counts no further than a number is exact: the state has to pass its schema again', () => {
    const many = partial(5, { entries: Number.MAX_SAFE_INTEGER });
    const state = mergeArrivals(empty, [arrives(1, many), arrives(1, many)]);
    expect(state.draws['1@0']?.entries).toBe(Number.MAX_SAFE_INTEGER);
    expect(drawStateSchema.parse(state)).toEqual(state);
  });

  test('does not mix lotteries, windows and runs', () => {
    const { draws } = mergeArrivals(empty, [
      arrives(1, partial(5)),
      arrives(1, partial(4, { windowStart: 10_000 })),
      arrives(1, partial(3, { run: 2 })),
      arrives(1, partial(2, { lotteryId: '2' })),
    ]);
    expect(Object.keys(draws)).toEqual(['1@0', '1@10000', '1@0#2', '2@0']);
  });

  test('a tick only moves the clock, and nothing moves it back', () => {
    expect(mergeArrivals(empty, [tick(500), tick(400)])).toEqual({ draws: {}, endings: {}, clock: 500 });
    expect(mergeArrivals({ ...empty, clock: 900 }, [tick(500)]).clock).toBe(900);
  });

  test('of two endings of a run the earlier last window and the first arrival count', () => {
    const { endings } = mergeArrivals(empty, [
      ending(100, 50_000),
      ending(200, 20_000),
      ending(300, 90_000, 50),
    ]);
    expect(endings).toEqual({ '1#1': { lotteryId: '1', run: 1, lastWindowStart: 20_000, since: 50 } });
  });

  test('the state survives JSON and its schema', () => {
    const state = mergeArrivals(empty, [arrives(100, partial(5)), ending(200, 0)]);
    expect(drawStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('equal priorities change nothing: the same entry came twice', () => {
    expect(mergePartials(partial(3), partial(3)).best).toEqual(partial(3).best);
  });
});

describe('when a draw is due', () => {
  test('grace after its window, or after its first partial where that came later', () => {
    expect(drawDueAt({ windowStart: 0, since: 4000 }, timing)).toBe(windowMs + graceMs);
    expect(drawDueAt({ windowStart: 0, since: 90_000 }, timing)).toBe(90_000 + graceMs);
  });

  test('not a millisecond earlier', () => {
    const state = mergeArrivals(empty, [arrives(100, partial(5))]);
    const early = takeDueDraws(state, windowMs + graceMs - 1, timing);
    expect(early).toEqual({ due: [], rest: state });
    const due = takeDueDraws(state, windowMs + graceMs, timing);
    expect(due.due).toHaveLength(1);
    expect(due.rest.draws).toEqual({});
  });

  test('carried over from window to window it is due all the same, however often', () => {
    let state: DrawState = mergeArrivals(empty, [arrives(50_000, partial(5))]);
    for (const arrival of [50_500, 51_000, 51_900]) {
      const carried = Object.values(state.draws).map((draw) => arrives(arrival, draw, draw.since));
      state = mergeArrivals(empty, carried);
      expect(takeDueDraws(state, state.clock, timing).due).toEqual([]);
    }
    expect(takeDueDraws(state, 50_000 + graceMs, timing).due).toHaveLength(1);
  });

  test('one that is far in the future does not keep others, nor is drawn with them', () => {
    const state = mergeArrivals(empty, [
      arrives(1, partial(5)),
      arrives(2, partial(4, { windowStart: 2_051_222_400_000 })),
    ]);
    const { due, rest } = takeDueDraws(state, windowMs + graceMs, timing);
    expect(due.map(({ windowStart }) => windowStart)).toEqual([0]);
    expect(Object.keys(rest.draws)).toEqual(['1@2051222400000']);
  });
});

describe('when an ending is due', () => {
  const dueAt = windowMs + graceMs;

  test('grace after its last window, not earlier', () => {
    const state = mergeArrivals(empty, [ending(100, 0)]);
    expect(takeDueEndings(state, dueAt - 1, timing)).toEqual({ due: [], rest: state });
    expect(takeDueEndings(state, dueAt, timing)).toEqual({
      due: [{ lotteryId: '1', run: 1, lastWindowStart: 0, since: 100 }],
      rest: { ...state, endings: {} },
    });
  });

  test('it waits for every open draw of its run, and for no other', () => {
    const open = mergeArrivals(empty, [ending(100, 0), arrives(100, partial(5, { windowStart: 90_000 }))]);
    expect(takeDueEndings(open, dueAt, timing).due).toEqual([]);
    const others = mergeArrivals(empty, [
      ending(100, 0),
      arrives(100, partial(5, { run: 2 })),
      arrives(100, partial(5, { lotteryId: '2' })),
    ]);
    expect(takeDueEndings(others, dueAt, timing).due).toHaveLength(1);
  });
});

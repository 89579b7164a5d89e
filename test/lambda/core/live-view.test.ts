import { describe, expect, it } from 'vitest';
import { type LiveEvent, liveEventOf } from '../../../lambda/core/live-events.ts';
import { bytesOf, contentOf } from '../../../lambda/core/live-merge.ts';
import { emptyPart, type LivePart, withEvents } from '../../../lambda/core/live-part.ts';
import { maximumHistory, maximumViewBytes, maximumWindows } from '../../../lambda/core/live-view.ts';
import { closedEvent, endedEvent, startedEvent, winnerEventOf } from '../../support/live-events.ts';
import { accepted } from '../../support/live-world.ts';

const windowMs = 10_000;

function read(...outputs: readonly object[]): LiveEvent[] {
  return outputs.flatMap((output) => liveEventOf(Buffer.from(JSON.stringify(output))) ?? []);
}

const part = (...outputs: readonly object[]): LivePart => withEvents(emptyPart, read(...outputs));
const shown = (parts: readonly LivePart[], now = 0, id = '1') => contentOf(id, parts, now)?.content;

describe('a view', () => {
  it('has the windows of the run alone, up to its last one', () => {
    const late = accepted(1, { windowStart: 30_000 });
    const stopped = { type: 'LotteryStoppedEvent', lotteryId: 1, run: 1, lastWindowStart: 20_000 };
    const view = shown([
      part(startedEvent(1), stopped),
      part(accepted(1), accepted(1, { windowStart: 20_000 }), late),
    ]);
    expect(view?.windows.map(({ windowStart }) => windowStart)).toEqual([10_000, 20_000]);
    expect(view?.lastWindowStart).toBe(20_000);
  });

  it('is of the last run whose start is known: what came before it says nothing any more', () => {
    const second = accepted(1, { windowStart: 20_000, run: 2 });
    const users = part(accepted(1), second);
    const first = shown([part(startedEvent(1)), users]);
    expect(first).toMatchObject({ run: 1, windows: [] });
    const lotteries = part(startedEvent(1), endedEvent(1), startedEvent(1, { run: 2 }));
    expect(shown([lotteries, users])).toMatchObject({
      ...{ run: 2, state: 'open' },
      windows: [{ windowStart: 20_000, entries: 1 }],
    });
    expect(shown([lotteries, users])?.seed).toBeUndefined();
  });

  it('has the exact number in place of what was counted, once the draw is made, and that draw once', () => {
    const twice = part(
      startedEvent(1),
      closedEvent(1),
      winnerEventOf(1, { entries: 2 }),
      winnerEventOf(1, { entries: 2 }),
    );
    const found = contentOf('1', [twice, part(accepted(1), accepted(1), accepted(1))], 0);
    expect(found?.content.windows).toMatchObject([{ entries: 2, isExact: true, state: 'drawn' }]);
    expect(found?.winners).toBe(1);
  });

  it('is the same in whatever order its shards are read, and whichever of them says what', () => {
    const parent = part(startedEvent(1), closedEvent(1));
    const child = part(winnerEventOf(1));
    expect(shown([parent, child])).toEqual(shown([child, parent]));
    expect(shown([child, parent])?.windows).toMatchObject([{ state: 'drawn', blocks: 1 }]);
  });

  it('keeps a draw drawn that is announced as closed once more', () => {
    const view = shown([part(startedEvent(1), winnerEventOf(1), closedEvent(1))]);
    expect(view?.windows).toMatchObject([{ state: 'drawn', winner: { userId: 7 } }]);
  });

  it.each([
    { now: 9_999, left: ['car', 'bike', 'pen'], prizeIndex: 0 },
    { now: 20_000, left: ['bike', 'pen'], prizeIndex: 1 },
    { now: 40_000, left: [], prizeIndex: 3 },
  ])('has the prizes of the windows that are not over at $now', ({ now, left, prizeIndex }) => {
    const view = shown([part(startedEvent(1, { prizes: ['car', 'bike', 'pen'] }))], now);
    expect(view).toMatchObject({ prizes: left, prizeIndex, prizeCount: 3, lastWindowStart: 30_000 });
  });

  it('has no prize of a window that a stop has taken away', () => {
    const stopped = { type: 'LotteryStoppedEvent', lotteryId: 1, run: 1, lastWindowStart: 20_000 };
    const view = shown([part(startedEvent(1, { prizes: ['car', 'bike', 'pen'] }), stopped)], 10_000);
    expect(view).toMatchObject({ prizes: ['car', 'bike'], prizeCount: 3 });
  });

  it('is bounded, whatever ids and prizes its lottery has, and however long it runs', () => {
    const id = '\u0001'.repeat(128);
    const prizes = Array.from({ length: 1_000 }, () => '"'.repeat(60));
    const starts = Array.from({ length: 500 }, (_, index) => 10_000 + index * windowMs);
    const draws = starts.flatMap((windowStart) => [
      closedEvent(id, { windowStart }),
      { ...winnerEventOf(id, { windowStart, entries: 1e15, prize: '\u0001'.repeat(5_000) }), userId: id },
    ]);
    const view = shown([part(startedEvent(id, { prizes }), ...draws)], 0, id);
    expect(bytesOf({ ...view, version: 2 ** 53, at: 2 ** 53 })).toBeLessThanOrEqual(maximumViewBytes);
    expect(view?.windows.length).toBeGreaterThan(10);
    expect(view?.windows.length).toBeLessThanOrEqual(maximumWindows);
    expect(view?.history.entries).toHaveLength(maximumHistory);
    expect(view?.windows.at(-1)?.windowStart).toBe(starts.at(-1));
  });

  it('is made of parts that an item has room for, whatever prizes an operator thinks of', () => {
    const id = '\u0001'.repeat(128);
    const prizes = Array.from({ length: 327 }, () => '\u0001'.repeat(200));
    const draws = Array.from({ length: 400 }, (_, index) => {
      const windowStart = 10_000 + index * windowMs;
      const winner = winnerEventOf(id, { windowStart, entries: 1e15, prize: prizes[0] ?? '' });
      return [closedEvent(id, { windowStart }), { ...winner, userId: id }];
    });
    const stored = part(startedEvent(id, { prizes }), ...draws.flat());
    // An item of DynamoDB holds 400 KB, with its key and what else is in it.
    expect(bytesOf(stored)).toBeLessThan(395_000);
    expect(stored.facts?.prizes).toHaveLength(prizes.length);
    expect(shown([stored], 0, id)).toMatchObject({ prizeCount: 327, prizeIndex: 0 });
    // All that a start may have otherwise is kept as it is.
    const plain = Array.from({ length: 1_000 }, () => '"'.repeat(65));
    expect(part(startedEvent(1, { prizes: plain })).facts?.prizes).toEqual(plain);
  });

  it('has a short history where windows lie far apart, as old events may', () => {
    const far = accepted(1, { windowStart: 4_000_000_000_000 });
    const view = shown([part(startedEvent(1)), part(accepted(1), far)]);
    expect(view?.history.entries).toHaveLength(maximumHistory);
    expect(view?.windows).toHaveLength(2);
  });

  it('is none before a start is known', () => {
    expect(shown([part(accepted(1))])).toBeUndefined();
  });
});

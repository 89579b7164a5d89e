import { describe, expect, it } from 'vitest';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { observe, testimonyOn } from '../../web/witness/witness.ts';
import { record, roundTimeOf, startOf, viewOf } from './support/recorded.ts';

const recording = record([4, 5, 6], ['car', 'bike', 'pen', 'tea']);
const [, draw] = recording.draws;
if (draw === undefined) throw new Error('No draw');
const roundAt = roundTimeOf(draw);
const closed = viewOf(recording, { drawn: 1, closed: 1, open: 2 });
const drawn = viewOf(recording, { drawn: 2, open: 3 });
const [, window] = drawn.windows;
if (window === undefined) throw new Error('No window');

it('has seen a root before its round, or not', () => {
  const seen = observe(undefined, closed, roundAt - 900);
  expect(testimonyOn(seen, drawn, window, roundAt)).toEqual({
    kind: 'witnessed',
    seenAt: roundAt - 900,
    beforeMs: 900,
  });
  expect(testimonyOn(observe(undefined, closed, roundAt), drawn, window, roundAt)).toEqual({ kind: 'late' });
  expect(testimonyOn(observe(undefined, drawn, roundAt - 900), drawn, window, roundAt)).toEqual({
    kind: 'none',
  });
  expect(testimonyOn(undefined, drawn, window, roundAt)).toEqual({ kind: 'none' });
});

it('keeps what it saw first, and says nothing new where nothing is', () => {
  const first = observe(undefined, closed, roundAt - 900);
  const changed = { ...closed, windows: closed.windows.map((one) => ({ ...one, root: 'another' })) };
  expect(observe(first, closed, roundAt)).toBe(first);
  expect(observe(first, changed, roundAt).draws[startOf(1)]).toEqual(first.draws[startOf(1)]);
});

it('forgets nothing where runs go back, and says so', () => {
  const second = observe(undefined, { ...closed, run: 2 }, 1);
  expect(observe(second, closed, 2)).toBe(second);
  expect(testimonyOn(second, drawn, window, roundAt)).toEqual({
    kind: 'contradicted',
    reason: expect.stringContaining('saw run 2 of this lottery before, and now run 1'),
  });
});

it('begins anew with each run', () => {
  const first = observe(undefined, closed, 1);
  const second = observe(first, { ...closed, run: 2, windows: [] }, 2);
  expect(second).toMatchObject({ run: 2, seenAt: 2, draws: {} });
  expect(testimonyOn(first, { ...drawn, run: 2 }, window, roundAt)).toEqual({ kind: 'none' });
});

describe('is contradicted', () => {
  const seen = observe(
    observe(undefined, viewOf(recording, { drawn: 0, open: 1 }), 1),
    closed,
    roundAt - 900,
  );
  it.each<[string, Partial<LiveView>, Partial<typeof window>]>([
    ['the root', {}, { root: 'another' }],
    ['the round', {}, { round: 1 }],
    ['the seed commitment of the window', {}, { commitment: 'another' }],
    ['the seed commitment of the run', { seedCommitment: 'another' }, {}],
    ['the key', { receiptKey: 'another' }, {}],
    ['the beacon', { randomness: 'seed', chain: undefined } as Partial<LiveView>, {}],
    ['the prize', {}, { ...(window.winner && { winner: { ...window.winner, prize: 'tricycle' } }) }],
  ])('where %s is another now', (_, view, change) => {
    const testimony = testimonyOn(seen, { ...drawn, ...view }, { ...window, ...change }, roundAt);
    expect(testimony).toMatchObject({
      kind: 'contradicted',
      reason: expect.stringContaining('another when this browser saw it first'),
    });
  });
});

it('keeps the last draws only', () => {
  const windows = Array.from({ length: 500 }, (_, index) => ({
    ...window,
    winner: undefined,
    windowStart: startOf(index),
    state: 'closed',
  }));
  const seen = observe(undefined, { ...closed, windows } as unknown as LiveView, 1);
  expect(Object.keys(seen.draws)).toHaveLength(120);
  expect(seen.draws[startOf(499)]).toBeDefined();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockRef } from '../../../lambda/core/block.ts';
import type { OpenDraws } from '../../../lambda/core/draw-state.ts';
import {
  drawStateSchema,
  split,
  unionOf,
  withPartials,
  withRounds,
} from '../../../lambda/core/draw-state.ts';
import type { PartialDraw } from '../../../lambda/core/partial-draw.ts';
import { dueAtOf } from '../../support/partials.ts';

const nameOf = (n: number) => blockRef(String(n).repeat(64), 'f'.repeat(64));

const partial = (block: number, fields: Partial<PartialDraw> = {}): PartialDraw => {
  const place = { lotteryId: '1', run: 1, windowStart: 0, ...fields };
  return { ...place, dueAt: dueAtOf(place.windowStart), block: nameOf(block) };
};

/** As sets: a draw is the same whatever the order of its blocks. */
const asSets = (draws: OpenDraws) =>
  Object.fromEntries(
    Object.entries(draws).map(([id, draw]) => [id, { ...draw, blocks: new Set(draw.blocks) }]),
  );

describe('partials that join what is open', () => {
  test('are kept by draw, each block once', () => {
    const open = withPartials({}, [partial(5), partial(2), partial(5), partial(5, { windowStart: 10_000 })]);
    const { block: _, ...draw } = partial(5);
    expect(open['1@0']).toEqual({ ...draw, blocks: [nameOf(5), nameOf(2)] });
    expect(open['1@10000']?.blocks).toEqual([nameOf(5)]);
  });

  test('do not mix lotteries, windows and runs', () => {
    const others = [{ windowStart: 10_000 }, { run: 2 }, { lotteryId: '2' }];
    const open = withPartials({}, [partial(5), ...others.map((fields) => partial(5, fields))]);
    expect(Object.keys(open)).toEqual(['1@0', '1@10000', '1@0#2', '2@0']);
  });

  test('leave what was there as it was', () => {
    const before = withPartials({}, [partial(5)]);
    const kept = structuredClone(before);
    withPartials(before, [partial(1)]);
    unionOf(before, withPartials({}, [partial(1)]));
    expect(before).toEqual(kept);
  });

  test('are the same in any order, repetition and grouping', () => {
    const partials = fc.array(
      fc
        .tuple(fc.nat(9), fc.constantFrom(0, 10_000), fc.constantFrom(1, 2))
        .map(([block, windowStart, run]) => partial(block, { windowStart, run })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(partials, partials, fc.boolean(), (left, right, again) => {
        const [open, other] = [withPartials({}, left), withPartials({}, right)];
        const all = asSets(withPartials(open, right));
        expect(asSets(unionOf(open, other))).toEqual(all);
        expect(asSets(unionOf(other, open))).toEqual(all);
        expect(asSets(withPartials(other, again ? [...left, ...left] : left))).toEqual(all);
      }),
    );
  });

  test('do not open what is closed: its round stays, wherever it is known', () => {
    const closed = withRounds(withPartials({}, [partial(5)]), new Map([['1@0', 0]]));
    const late = withPartials({}, [partial(1)]);
    expect(withPartials(closed, [partial(1)])['1@0']).toMatchObject({ round: 0 });
    for (const union of [unionOf(closed, late), unionOf(late, closed)])
      expect(union['1@0']).toMatchObject({ round: 0 });
    expect(late['1@0']).not.toHaveProperty('round');
    const survived = drawStateSchema.parse(JSON.parse(JSON.stringify({ draws: closed })));
    expect(survived).toEqual({ draws: closed });
    for (const round of [-1, 0.5, '1', null]) {
      const draws = { '1@0': { ...closed['1@0'], round } };
      expect(drawStateSchema.safeParse({ draws }).success).toBe(false);
    }
  });

  test('survive JSON and their schema', () => {
    const draws = withPartials({}, [partial(5), partial(5, { lotteryId: '__proto__' })]);
    expect(drawStateSchema.parse(JSON.parse(JSON.stringify({ draws })))).toEqual({ draws });
    expect(drawStateSchema.parse({})).toEqual({ draws: {} });
  });
});

test('what is open is split in two, and nothing is lost', () => {
  const open = withPartials({}, [partial(1), partial(1, { windowStart: 10_000 }), partial(1, { run: 2 })]);
  const { taken, rest } = split(open, ({ windowStart }) => windowStart > 0);
  expect(taken).toEqual([open['1@10000']]);
  expect(Object.keys(rest)).toEqual(['1@0', '1@0#2']);
});

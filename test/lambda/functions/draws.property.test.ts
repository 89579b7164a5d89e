import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrawState } from '../../../lambda/core/draw-state.ts';
import { drawStateSchema, mergeArrivals } from '../../../lambda/core/draw-state.ts';
import { partialRecord } from '../../../lambda/core/entries-records.ts';
import { priority, windowSeed } from '../../../lambda/core/fairness.ts';
import type { PartialDraw } from '../../../lambda/core/partial-draw.ts';
import { PartialDrawCollector } from '../../../lambda/core/partial-draw.ts';
import { seed, seededRun, windowMs } from '../../support/events.ts';

interface Click {
  readonly entryId: string;
  readonly lotteryId: string;
  readonly windowStart: number;
}

const clicks: fc.Arbitrary<Click[]> = fc.uniqueArray(
  fc.record({
    entryId: fc.nat(9999).map((n) => `shardId-000000000000:${n}`),
    lotteryId: fc.constantFrom('1', '2'),
    windowStart: fc.nat(2).map((window) => window * windowMs),
  }),
  { minLength: 1, maxLength: 40, selector: ({ entryId }) => entryId },
);

/** The rule itself, from the definition: SHA-256 over window's seed and entry, the lowest wins. */
function expectedWinners(all: readonly Click[]): Record<string, string> {
  const best: Record<string, { entryId: string; rank: string }> = {};
  for (const { entryId, lotteryId, windowStart } of all) {
    const rank = priority(windowSeed(seed, lotteryId, windowStart), entryId);
    const drawId = `${lotteryId}@${windowStart}`;
    const known = best[drawId];
    if (known === undefined || rank < known.rank) best[drawId] = { entryId, rank };
  }
  return Object.fromEntries(Object.entries(best).map(([drawId, { entryId }]) => [drawId, entryId]));
}

const winnersOf = (state: DrawState) =>
  Object.fromEntries(Object.entries(state.draws).map(([drawId, { best }]) => [drawId, best.entryId]));

function partialsOf(batch: readonly Click[]): PartialDraw[] {
  const partials = new PartialDrawCollector();
  for (const { entryId, lotteryId, windowStart } of batch) {
    partials.add(seededRun({ lotteryId }), windowStart, entryId, 'user');
  }
  return partials.list();
}

const empty = drawStateSchema.parse({});

/** Cuts clicks into batches at random, some of them in two batches. */
const schedule = clicks.chain((all) =>
  fc.record({
    all: fc.constant(all),
    batches: fc
      .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all))
      .chain(([first, again]) => {
        const sent = [...first, ...again];
        return fc
          .array(fc.nat(sent.length), { maxLength: 8 })
          .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), sent.length])
          .map((cuts) => cuts.slice(1).map((end, index) => sent.slice(cuts[index], end)));
      }),
  }),
);

describe('the winner of a draw', () => {
  test('does not depend on order, repetition and grouping of what is merged', () => {
    fc.assert(
      fc.property(schedule, fc.array(fc.boolean()), ({ all, batches }, carriedAt) => {
        let state = empty;
        batches.forEach((batch, index) => {
          const arrivals = partialsOf(batch).map((partial) => ({
            arrival: index,
            record: partialRecord(partial),
          }));
          state = mergeArrivals(state, arrivals);
          if (carriedAt[index] !== true) return;
          // A window of Lambda's ends: everything open goes through the stream into an empty state.
          const carried = Object.values(state.draws).map((draw) => ({
            arrival: index,
            record: partialRecord(draw, draw.since),
          }));
          state = mergeArrivals(empty, carried.toReversed());
        });
        expect(winnersOf(state)).toEqual(expectedWinners(all));
      }),
      { numRuns: 300 },
    );
  });

  test('nor on which of several shards merged first', () => {
    fc.assert(
      fc.property(schedule, ({ all, batches }) => {
        const states = batches.map((batch) =>
          mergeArrivals(
            empty,
            partialsOf(batch).map((partial) => ({ arrival: 0, record: partialRecord(partial) })),
          ),
        );
        const merged = states.reduceRight((sum, { draws }) =>
          mergeArrivals(
            sum,
            Object.values(draws).map((draw) => ({ arrival: 1, record: partialRecord(draw, draw.since) })),
          ),
        );
        expect(winnersOf(merged)).toEqual(expectedWinners(all));
      }),
      { numRuns: 100 },
    );
  });
});

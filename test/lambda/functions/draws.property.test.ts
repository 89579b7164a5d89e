import type { KinesisStreamRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrawState } from '../../../lambda/core/draw-state.ts';
import { runKey } from '../../../lambda/core/window.ts';
import { activeRun, windowMs } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { partialWith, tickOf, winnerAmong } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

interface Partial {
  readonly lotteryId: string;
  readonly windowStart: number;
  readonly entries: readonly number[];
}

/** Clicks of two lotteries in three windows; some are in two blocks, of a batch that came again. */
const partials: fc.Arbitrary<Partial[]> = fc.array(
  fc.record({
    lotteryId: fc.constantFrom('1', '2'),
    windowStart: fc.nat(2).map((window) => window * windowMs),
    entries: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** How the stream is read: how many records an invocation takes, whether a window of Lambda's ends, and who dies. */
const invocations = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 5 }),
    end: fc.constantFrom('none', 'none', 'final', 'early'),
    dieAt: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  { maxLength: 25 },
);
type Invocation = typeof invocations extends fc.Arbitrary<(infer Each)[]> ? Each : never;

/** The entries of each draw, by the definition: all, each once. */
function expectedDraws(all: readonly Partial[]): Record<string, string[]> {
  const draws: Record<string, string[]> = {};
  for (const { lotteryId, windowStart, entries } of all) {
    const drawId = `${lotteryId}@${windowStart}`;
    draws[drawId] = [...new Set([...(draws[drawId] ?? []), ...entries.map((n) => `shard:${n}`)])];
  }
  return draws;
}

/** Reads the stream to its end: an invocation that died comes again, from the state that it had. */
async function readAll(
  pipeline: Pipeline,
  records: readonly KinesisStreamRecord[],
  given: readonly Invocation[],
): Promise<void> {
  let state: DrawState = { draws: {} };
  let read = 0;
  const last = { length: records.length, end: 'final', dieAt: undefined, when: 'before' as const };
  for (const { length, end, dieAt, when } of [...given, last]) {
    const batch = records.slice(read, read + length);
    pipeline.effects.dieAt(dieAt === undefined ? undefined : { at: dieAt, when });
    try {
      const options = { state, final: end === 'final', early: end === 'early' };
      ({ state } = await pipeline.draw(batch, options));
      read += batch.length;
    } catch (error) {
      expect(error).toBeInstanceOf(Died);
    }
  }
  pipeline.effects.dieAt(undefined);
  expect([read, state.draws]).toEqual([records.length, {}]);
}

async function setUp(all: readonly Partial[]): Promise<{ pipeline: Pipeline; values: object[] }> {
  const pipeline = new Pipeline();
  for (const lotteryId of ['1', '2']) {
    const last = { status: 'stopped', lastWindowStart: 2 * windowMs } as const;
    pipeline.lotteries.set(activeRun({ lotteryId, ...last }));
  }
  const values = await Promise.all(
    all.map(({ entries, ...place }) => partialWith(pipeline.blocks, entries, { run: 1, ...place })),
  );
  return { pipeline, values };
}

/** What was announced, each draw and end once or more, always the same. */
function announced(pipeline: Pipeline): { winners: Map<unknown, unknown>; ends: unknown[] } {
  const winners = new Map<unknown, unknown>();
  const ends = new Set<unknown>();
  for (const { type, drawId, lotteryId, entryId, entries } of pipeline.announced()) {
    if (type === 'LotteryEndedEvent') ends.add(lotteryId);
    else {
      const told = { entryId, entries };
      expect(winners.get(drawId) ?? told).toEqual(told);
      winners.set(drawId, told);
    }
  }
  return { winners, ends: [...ends] };
}

describe('whoever dies wherever, and however the stream is read', () => {
  test('every entry is in the draw of its window, which its lowest hash wins, and runs end after that', async () => {
    await fc.assert(
      fc.asyncProperty(partials, invocations, fc.nat(5), async (all, given, salt) => {
        const { pipeline, values } = await setUp(all);
        const ticks = [0, 1, 2].flatMap((window) =>
          ['1', '2'].map((lotteryId) => tickOf({ lotteryId, windowStart: window * windowMs })),
        );
        // Each tick comes after the entries of its window and before others, or only the last one of a run does.
        const early = salt < 3 ? ticks.slice(0, 4).filter((_, index) => index % 3 === salt) : [];
        const ofWindow = (start: number) => values.filter((_, index) => all[index]?.windowStart === start);
        const stream = [0, 1, 2].flatMap((window) => [
          ...ofWindow(window * windowMs),
          ...early.filter((tick) => tick.windowStart === window * windowMs),
        ]);
        await readAll(pipeline, pipeline.records([...stream, ...ticks.slice(4)]), given);
        const draws = expectedDraws(all);
        const expected = Object.entries(draws).map(([drawId, entries]) => {
          const [lotteryId = '', windowStart] = drawId.split('@');
          const entryId = winnerAmong(entries, Number(windowStart), lotteryId);
          return [drawId, { entryId, entries: entries.length }] as const;
        });
        const { winners, ends } = announced(pipeline);
        expect(winners).toEqual(new Map(expected));
        expect(ends.toSorted()).toEqual([1, 2]);
        expect(pipeline.refunds.items.size).toBe(0);
        for (const open of pipeline.draws.waiting.values()) expect(open).toEqual({});
      }),
      { numRuns: 150 },
    );
  });

  test('entries that come late are refunded, each once, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(partials, partials, invocations, async (inTime, late, given) => {
        const { pipeline, values } = await setUp(inTime);
        const lastTicks = ['1', '2'].map((lotteryId) => tickOf({ lotteryId, windowStart: 2 * windowMs }));
        await readAll(pipeline, pipeline.records([...values, ...lastTicks]), []);
        const redriven = await Promise.all(
          late.map(({ entries, ...place }) => partialWith(pipeline.blocks, entries, { run: 1, ...place })),
        );
        await readAll(pipeline, pipeline.records([...redriven, ...lastTicks]), given);
        const drawn = expectedDraws(inTime);
        const missed = Object.entries(expectedDraws(late)).flatMap(([drawId, entries]) =>
          entries
            .filter((entryId) => !drawn[drawId]?.includes(entryId))
            .map((entryId) => `${drawId}/${entryId}`),
        );
        expect([...pipeline.refunds.items.keys()].toSorted()).toEqual(missed.toSorted());
        const asked = pipeline.userInputs.values.map(({ drawId, entryId }) => `${drawId}/${entryId}`);
        expect([...new Set(asked)].toSorted()).toEqual(missed.toSorted());
        expect(pipeline.draws.draws.size).toBe(Object.keys(drawn).length);
      }),
      { numRuns: 100 },
    );
  });

  test('a draw that is new in Lambda’s state has a tick on the queue before anything else may forget it', async () => {
    await fc.assert(
      fc.asyncProperty(partials, invocations, async (all, given) => {
        const { pipeline, values } = await setUp(all);
        await readAll(pipeline, pipeline.records(values), given);
        const asked = pipeline.queue.messages.map(({ tick }) => `${runKey(tick)} ${tick.windowStart}`);
        const wanted = all.map(({ lotteryId, windowStart }) => `${lotteryId}#1 ${windowStart}`);
        expect(new Set(asked)).toEqual(new Set(wanted));
      }),
      { numRuns: 100 },
    );
  });
});

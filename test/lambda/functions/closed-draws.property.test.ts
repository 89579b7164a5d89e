import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { roundOf, timeOfRound } from '../../../lambda/core/beacon.ts';
import type { DrawState } from '../../../lambda/core/draw-state.ts';
import type { EntriesRecord } from '../../../lambda/core/entries-records.ts';
import { windowSeed } from '../../../lambda/core/fairness.ts';
import { activeRun, graceMs, seed, windowMs } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { signatureOfRound } from '../../support/fakes/memory-beacon.ts';
import { dueAtOf, partialWith, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

/** Two windows of a lottery with a beacon, and of one without; partials that come in time, and late ones. */

const first = 1_800_000_000_000;
const windows = [first, first + windowMs];
const lotteries = ['1', '2'];

const partials = fc.array(
  fc.record({
    lotteryId: fc.constantFrom(...lotteries),
    windowStart: fc.constantFrom(...windows),
    entries: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 4 }),
    isLate: fc.constantFrom(false, false, true),
  }),
  { minLength: 1, maxLength: 10 },
);
type Partials = typeof partials extends fc.Arbitrary<infer Value> ? Value : never;

/** How the stream is read: how many records an invocation takes, whether Lambda's window ends, who dies, how time goes on. */
const invocations = fc.array(
  fc.record({
    length: fc.integer({ min: 0, max: 4 }),
    end: fc.constantFrom('none', 'none', 'final', 'early'),
    dieAt: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    when: fc.constantFrom('before' as const, 'after' as const),
    pauseMs: fc.constantFrom(0, 400, 2_500, 12_000),
    isOutOfReach: fc.boolean(),
  }),
  { maxLength: 25 },
);
type Invocations = typeof invocations extends fc.Arbitrary<infer Value> ? Value : never;

/** The stream, and how it is read until nothing is left on it, nor on the queue of ticks. */
class Reading {
  readonly pipeline = new Pipeline();
  readonly #stream: { value: EntriesRecord; arrival: number }[] = [];
  #state: DrawState = { draws: {} };
  /** When each draw was announced first. */
  readonly announcedAt = new Map<unknown, number>();

  constructor() {
    this.pipeline.now = dueAtOf(windows[1]);
    const last = { status: 'stopped', lastWindowStart: windows[1] } as const;
    this.pipeline.lotteries.set(activeRun({ lotteryId: '1', beacon: quicknet, ...last }));
    this.pipeline.lotteries.set(activeRun({ lotteryId: '2', ...last }));
  }

  put(...values: readonly EntriesRecord[]): void {
    this.#stream.push(...values.map((value) => ({ value, arrival: this.pipeline.now })));
  }

  async read({ length, end, dieAt, when, pauseMs, isOutOfReach }: Invocations[number]): Promise<void> {
    const { pipeline } = this;
    pipeline.now += pauseMs;
    pipeline.rounds.isOutOfReach = isOutOfReach;
    this.#ticksThatAreDue();
    const batch = this.#stream.slice(0, length);
    const records = batch.flatMap(({ value, arrival }) => {
      const now = pipeline.now;
      pipeline.now = arrival;
      const made = pipeline.records([value]);
      pipeline.now = now;
      return made;
    });
    pipeline.effects.dieAt(dieAt === undefined ? undefined : { at: dieAt, when });
    try {
      const options = { state: this.#state, final: end === 'final', early: end === 'early' };
      ({ state: this.#state } = await pipeline.draw(records, options));
      this.#stream.splice(0, batch.length);
    } catch (error) {
      expect(error).toBeInstanceOf(Died);
    }
    pipeline.effects.dieAt(undefined);
    for (const { type, drawId } of pipeline.announced())
      if (type === 'LotteryWinnerEvent' && !this.announcedAt.has(drawId))
        this.announcedAt.set(drawId, pipeline.now);
  }

  async toTheEnd(): Promise<void> {
    const rest = { length: 3, end: 'final', dieAt: undefined, when: 'before', isOutOfReach: false } as const;
    for (let rounds = 0; rounds < 200; rounds += 1) {
      if (this.#stream.length === 0 && this.pipeline.queue.messages.length === 0) return;
      await this.read({ ...rest, pauseMs: 2_500 });
    }
    throw new Error('Ticks go on for ever');
  }

  #ticksThatAreDue(): void {
    const { queue, now } = this.pipeline;
    const messages = queue.take();
    this.put(...messages.filter(({ at }) => at <= now).map(({ tick }) => tickOf(tick)));
    queue.messages.push(...messages.filter(({ at }) => at > now));
  }
}

async function readAll(all: Partials, given: Invocations): Promise<Reading> {
  const reading = new Reading();
  const put = async (some: Partials) => {
    for (const { entries, lotteryId, windowStart } of some)
      reading.put(await partialWith(reading.pipeline.blocks, entries, { lotteryId, windowStart }));
  };
  await put(all.filter(({ isLate }) => !isLate));
  for (const lotteryId of lotteries)
    for (const windowStart of windows) reading.put(tickOf({ lotteryId, windowStart }));
  await put(all.filter(({ isLate }) => isLate));
  for (const each of given) await reading.read(each);
  await reading.toTheEnd();
  return reading;
}

/** What is told of each draw, by type: always the same, however often. */
function told({ pipeline }: Reading): Map<string, Record<string, unknown>> {
  const events = new Map<string, Record<string, unknown>>();
  for (const value of pipeline.lotteryOutputs.values) {
    const key = `${value.type} ${value.drawId ?? value.lotteryId}`;
    expect(events.get(key) ?? value).toEqual(value);
    events.set(key, value);
  }
  return events;
}

test('however the stream is read, and whoever dies: each entry is drawn or given back, by a round that was to come', async () => {
  await fc.assert(
    fc.asyncProperty(partials, invocations, async (all, given) => {
      const reading = await readAll(all, given);
      const { refunds, sheets } = reading.pipeline;
      const { draws, closed, waiting } = reading.pipeline.draws;
      const events = told(reading);
      const seen = new Set<string>();
      for (const { drawId, beacon, lotteryId, windowStart, closedAt, windowRoot } of closed.values()) {
        const winner = events.get(`LotteryWinnerEvent ${drawId}`);
        expect(events.get(`DrawClosedEvent ${drawId}`)).toMatchObject({ closedAt, windowRoot });
        const sheet = sheets.texts.get(String(winner?.sheet)) ?? '';
        const entries = new Set(
          sheet
            .trimEnd()
            .split('\n')
            .slice(1)
            .flatMap((line): string[] => JSON.parse(line).entries.map(([entryId]: [string]) => entryId)),
        );
        for (const entryId of entries) seen.add(`${drawId}/${entryId}`);
        const own = windowSeed(seed, lotteryId, windowStart);
        const byRule = roundOf(quicknet, windowStart + windowMs + graceMs, closedAt);
        expect(beacon?.round).toBe(lotteryId === '1' ? byRule : undefined);
        const drawSeed = beacon ? hash('sha256', `${own}:${signatureOfRound(byRule)}`) : own;
        const priorities = [...entries].map((entryId) => hash('sha256', `${drawSeed}:${entryId}`));
        expect(winner).toMatchObject({
          windowRoot,
          priority: priorities.toSorted()[0],
          entries: entries.size,
        });
        if (beacon)
          expect(reading.announcedAt.get(drawId)).toBeGreaterThanOrEqual(timeOfRound(quicknet, byRule));
      }
      const refunded = [...refunds.items.keys()];
      expect(refunded.filter((key) => seen.has(key))).toEqual([]);
      const accepted = all.flatMap(({ lotteryId, windowStart, entries }) =>
        entries.map((n) => `${lotteryId}@${windowStart}/shard:${n}`),
      );
      expect(new Set([...seen, ...refunded])).toEqual(new Set(accepted));
      // What came in time is drawn, whoever reads it when.
      for (const { isLate, lotteryId, windowStart, entries } of all)
        if (!isLate)
          for (const n of entries) expect(seen).toContain(`${lotteryId}@${windowStart}/shard:${n}`);
      expect(lotteries.map((id) => events.has(`LotteryEndedEvent ${id}`))).toEqual([true, true]);
      expect([...waiting.values()].flatMap((open) => Object.keys(open))).toEqual([]);
      expect(draws.size).toBe(closed.size);
    }),
    { numRuns: 150 },
  );
});

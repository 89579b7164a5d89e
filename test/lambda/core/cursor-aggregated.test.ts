import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maximumOfOneKey } from '../../../lambda/batch/aggregated-records.ts';
import type { Cursors } from '../../../lambda/core/cursor.ts';
import type { SourcedEvent } from '../../../lambda/core/decode.ts';
import type { StoredOutcome } from '../../../lambda/core/outcome-codec.ts';
import { type OutcomeKeeping, type Resumed, resume } from '../../../lambda/core/resume.ts';
import { itemSize } from '../../contract/support/dynamo-item-size.ts';
import { buy } from '../../support/events.ts';
import { inputRecord, sequenceNumber, shardId } from '../../support/records.ts';

const noRoom = 'no room';
const codec = {
  encode: (outcome: number | typeof noRoom) =>
    outcome === noRoom ? ([31, 0, 0] as const) : ([1, outcome, 0] as const),
  decode: ([code, number]: StoredOutcome) => (code === 31 ? noRoom : number),
};
const keeping: OutcomeKeeping<unknown, number | typeof noRoom> = { codec, noRoom };
/** Outcomes that take as much as any. */
const large: typeof keeping = {
  noRoom,
  codec: {
    encode: (outcome) =>
      outcome === noRoom ? [31, 0, 0] : [8, Number.MAX_SAFE_INTEGER, outcome, Number.MAX_SAFE_INTEGER],
    decode: ([code, , number]) => (code === 31 ? noRoom : number),
  },
};

/** The key's events of the nth record of a shard, an aggregated one: those with these indices. */
function eventsOf(n: number, indices: readonly number[], shard = shardId): SourcedEvent<unknown>[] {
  return indices.map((index) => {
    const source = { shardId: shard, sequenceNumber: sequenceNumber(n), index };
    return { record: inputRecord(source, buy(1), { arrival: n }), event: {}, original: {}, place: 0 };
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Applies batches; each event's outcome is the call's number, so that a second application shows. */
class Application {
  calls = 0;
  cursors: Cursors = {};
  readonly #keeping: typeof keeping;

  constructor(given = keeping) {
    this.#keeping = given;
  }

  deliver(...batch: SourcedEvent<unknown>[][]): Resumed<number | typeof noRoom> {
    const resumed = resume(this.cursors, batch.flat(), this.#keeping, () => {
      this.calls += 1;
      return this.calls;
    });
    if (resumed.applied > 0) this.cursors = resumed.cursors;
    return resumed;
  }
}

describe("a key's events in an aggregated record", () => {
  test('are applied once, whether it comes again alone, with more, or with less', () => {
    const application = new Application();
    const [first, second, third] = [eventsOf(1, [0, 7, 8]), eventsOf(2, [3]), eventsOf(3, [0, 1])];
    expect(application.deliver(first, second).outcomes).toEqual([1, 2, 3, 4]);
    expect(application.deliver(first, second, third).outcomes).toEqual([1, 2, 3, 4, 5, 6]);
    expect(application.deliver(first).outcomes).toEqual([1, 2, 3]);
    expect(application.deliver(second, third).outcomes).toEqual([4, 5, 6]);
    expect(application.calls).toBe(6);
    expect(application.cursors[shardId]).toMatchObject({ sequenceNumber: sequenceNumber(3), index: 1 });
  });

  test('stand beside plain records', () => {
    const application = new Application();
    const [{ record }] = eventsOf(2, [0]) as [SourcedEvent<unknown>];
    const { index: _, ...source } = record.source as {
      index: number;
      shardId: string;
      sequenceNumber: string;
    };
    const plain = [{ record: { ...record, source }, event: {}, original: {}, place: 0 }];
    const batch = [eventsOf(1, [4, 5]), plain, eventsOf(3, [0])];
    expect(application.deliver(...batch).outcomes).toEqual([1, 2, 3, 4]);
    expect(application.deliver(...batch).outcomes).toEqual([1, 2, 3, 4]);
  });

  test('have their outcomes however records are cut into batches, repeated and regrown', () => {
    const record = fc.uniqueArray(fc.nat(70_000), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), cuts, (shapes, batches) => {
        const records = shapes.map((indices, n) =>
          eventsOf(
            n,
            indices.toSorted((a, b) => a - b),
          ),
        );
        const application = new Application();
        const numbers = new Map<SourcedEvent<unknown>, unknown>();
        let published = 0;
        // As Lambda does: a batch begins behind what was published, or comes again from there.
        for (const [length, isPublished] of [...batches, [9, 0] as const]) {
          const batch = records.slice(published, published + 1 + length);
          const { outcomes } = application.deliver(...batch);
          for (const [index, each] of batch.flat().entries()) {
            expect(numbers.get(each) ?? outcomes[index]).toBe(outcomes[index]);
            numbers.set(each, outcomes[index]);
          }
          if (isPublished > 4) published = Math.min(records.length - 1, published + batch.length);
        }
        expect(application.calls).toBe(numbers.size);
      }),
    );
  });

  test('are all applied or none: a batch ends between records alone', () => {
    const application = new Application();
    const many = eventsOf(1, upTo(maximumOfOneKey));
    const { outcomes } = application.deliver(eventsOf(0, upTo(600)), many);
    expect(outcomes).toHaveLength(600 + maximumOfOneKey);
    const next = application.deliver(eventsOf(2, upTo(600)), eventsOf(3, [0]));
    expect(next.outcomes).toHaveLength(601);
    // There would be no room for another one then, and it waits as a whole.
    expect(application.deliver(eventsOf(4, upTo(800)), many.slice(0, 1), eventsOf(5, [0, 1])).applied).toBe(
      800,
    );
  });
});

describe('an item with no room for all of a record', () => {
  const largest = eventsOf(1, upTo(maximumOfOneKey));

  test('has room for as many of the largest outcomes as one record may have, on each of eight shards', () => {
    const application = new Application(large);
    for (const n of upTo(8)) {
      const { outcomes } = application.deliver(eventsOf(1, upTo(maximumOfOneKey), `shardId-00000000000${n}`));
      expect(outcomes).not.toContain(noRoom);
    }
    expect(application.calls).toBe(8 * maximumOfOneKey);
    expect(itemSize({ cursors: application.cursors })).toBeLessThan(200_000);
  });

  test('refuses the rest of a record, the same at each time that it comes', () => {
    const application = new Application({ ...large, bytesOf: () => 600 });
    const { outcomes, applied } = application.deliver(largest);
    const refused = outcomes.filter((outcome) => outcome === noRoom).length;
    expect([applied, refused > 400, refused < maximumOfOneKey]).toEqual([maximumOfOneKey, true, true]);
    expect(outcomes.indexOf(noRoom)).toBe(maximumOfOneKey - refused);
    expect(application.deliver(largest).outcomes).toEqual(outcomes);
    // In a larger batch it stays so, and when what is behind it was kept with it.
    const larger = application.deliver(largest, eventsOf(2, [0])).outcomes;
    expect(larger).toEqual([...outcomes, application.calls]);
    expect(application.deliver(largest, eventsOf(2, [0])).outcomes).toEqual(larger);
  });

  test('goes on with one event at least of each record of a thousand shards, and stays below its limit', () => {
    const application = new Application(large);
    for (const n of upTo(1_000)) {
      const shard = `shardId-${String(n).padStart(12, '0')}`;
      const events = eventsOf(1, upTo(n < 20 ? maximumOfOneKey : 5), shard);
      const { outcomes } = application.deliver(events);
      expect(outcomes).toHaveLength(events.length);
      expect(outcomes[0]).not.toBe(noRoom);
    }
    expect(Object.keys(application.cursors)).toHaveLength(1_000);
    expect(itemSize({ cursors: application.cursors })).toBeLessThan(400 * 1024 - 16 * 1024);
  });

  test('does not grow by a record at each time that a batch dies', () => {
    const application = new Application(large);
    const batch = upTo(20).map((n) => eventsOf(n, upTo(maximumOfOneKey)));
    for (const n of upTo(20)) application.deliver(...batch.slice(0, n + 1));
    expect(itemSize({ cursors: application.cursors })).toBeLessThan(20_000);
    expect(application.deliver(...batch.slice(1, 3)).applied).toBe(maximumOfOneKey);
  });

  test('counts all shards of a batch, if it has several', () => {
    const application = new Application(large);
    const mixed = upTo(100).flatMap((n) => eventsOf(1, upTo(maximumOfOneKey), `topic-${n}`));
    application.deliver(mixed);
    expect(itemSize({ cursors: application.cursors })).toBeLessThan(300_000);
  });
});

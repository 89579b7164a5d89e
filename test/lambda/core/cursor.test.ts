import { describe, expect, test } from 'vitest';
import { type Cursor, type Cursors, withoutExpired } from '../../../lambda/core/cursor.ts';
import type { SourcedEvent } from '../../../lambda/core/decode.ts';
import { type OutcomeKeeping, type Resumed, resume } from '../../../lambda/core/resume.ts';
import { itemSize } from '../../contract/support/dynamo-item-size.ts';
import { buy } from '../../support/events.ts';
import { sequenceNumber, shardId, sourced } from '../../support/records.ts';

/** Applies a batch; each event's outcome is the call's number, so that a second application shows. */
const small: OutcomeKeeping<unknown, number> = {
  codec: { encode: (call) => [1, call, 0], decode: ([, call]) => call },
  noRoom: -1,
};

class Application {
  calls = 0;
  cursors: Cursors = {};

  deliver(events: readonly SourcedEvent<unknown>[]): Resumed<number> {
    const resumed = resume(this.cursors, events, small, () => {
      this.calls += 1;
      return this.calls;
    });
    if (resumed.applied > 0) this.cursors = resumed.cursors;
    return resumed;
  }

  outcomes(positions: readonly number[], shard = shardId): (number | undefined)[] {
    return [...this.deliver(records(positions, shard)).outcomes];
  }
}

const records = (positions: readonly number[], shard = shardId) =>
  positions.map((n) => sourced(n, buy(1), { shard, arrival: n }));

describe('delivery again', () => {
  test('the same batch has its stored outcomes, and nothing is applied or written', () => {
    const application = new Application();
    expect(application.outcomes([1, 2, 3])).toEqual([1, 2, 3]);
    const again = application.deliver(records([1, 2, 3]));
    expect(again.outcomes).toEqual([1, 2, 3]);
    expect(again.applied).toBe(0);
    expect(application.calls).toBe(3);
  });

  test('a larger batch has the old outcomes, applies the new events, and keeps all of them', () => {
    const application = new Application();
    application.deliver(records([1, 2]));
    expect(application.outcomes([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
    // The second write must not have lost what the first one kept: it may not have been published yet.
    expect(application.outcomes([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
    expect(application.calls).toBe(4);
  });

  test('smaller and overlapping batches have the same outcomes', () => {
    const application = new Application();
    application.deliver(records([1, 2, 3, 4]));
    expect(application.outcomes([1])).toEqual([1]);
    expect(application.outcomes([3, 4, 5])).toEqual([3, 4, 5]);
    expect(application.outcomes([4, 5])).toEqual([4, 5]);
    expect(application.calls).toBe(5);
  });

  test('what an earlier batch settled yields nothing, and is not applied again', () => {
    const application = new Application();
    application.deliver(records([1, 2]));
    application.deliver(records([3]));
    expect(application.outcomes([1, 2, 3, 4])).toEqual([undefined, undefined, 3, 4]);
    expect(application.calls).toBe(4);
  });

  test('positions may have gaps: others have the records between', () => {
    const application = new Application();
    expect(application.outcomes([10, 70, 500])).toEqual([1, 2, 3]);
    expect(application.outcomes([70, 500, 501])).toEqual([2, 3, 4]);
    // A record between two that were applied was never this key's: it is old all the same.
    expect(application.outcomes([71])).toEqual([undefined]);
  });

  test('neighbours of 56 digits are told apart, and numbers of other lengths compare as numbers', () => {
    const application = new Application();
    const of = (position: string) => {
      const source = { shardId, sequenceNumber: position };
      return {
        record: { source, stream: 'test', partitionKey: 'key', arrival: 0, data: Buffer.of() },
        event: {},
        ...{ original: {}, place: 0 },
      };
    };
    expect(application.deliver([of('9')]).applied).toBe(1);
    expect(application.deliver([of('10')]).applied).toBe(1);
    expect(application.deliver([of('9')]).applied).toBe(0);
    expect(application.deliver([of(`1${'0'.repeat(55)}`)]).applied).toBe(1);
    expect(application.deliver([of(`1${'0'.repeat(54)}1`)]).applied).toBe(1);
  });
});

describe('several shards', () => {
  test('each has a cursor of its own: a low position is new on another shard', () => {
    const application = new Application();
    application.deliver(records([500]));
    expect(application.outcomes([3, 4], 'shardId-000000000001')).toEqual([2, 3]);
    expect(application.outcomes([500])).toEqual([1]);
    expect(application.outcomes([3, 4], 'shardId-000000000001')).toEqual([2, 3]);
    expect(Object.keys(application.cursors)).toEqual([shardId, 'shardId-000000000001']);
  });

  test('a batch of both moves both', () => {
    const application = new Application();
    const mixed = [...records([1]), ...records([1], 'shardId-000000000001'), ...records([2])];
    expect(application.deliver(mixed).applied).toBe(3);
    expect(application.cursors).toMatchObject({
      [shardId]: { sequenceNumber: sequenceNumber(2), arrival: 2 },
      'shardId-000000000001': { sequenceNumber: sequenceNumber(1), arrival: 1 },
    });
  });
});

describe('an item with no room for more', () => {
  /** What a cursor takes by DynamoDB's rules, with its place in the map of all. */
  const sizeOf = (cursors: Cursors) => itemSize({ cursors });
  const many = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
  /** Numbers as large as they come: 25 bytes each, with their fingerprints. */
  const large: OutcomeKeeping<unknown, number> = {
    codec: {
      encode: (call) => [8, Number.MAX_SAFE_INTEGER, call, Number.MAX_SAFE_INTEGER],
      decode: ([, , call]) => call,
    },
    noRoom: -1,
  };
  const limit = 400 * 1024;

  test('takes about 700 outcomes of one batch that are as they commonly are', () => {
    const application = new Application();
    const { outcomes, applied } = application.deliver(records(many(10_000)));
    expect([outcomes.length > 600, outcomes.length < 800]).toEqual([true, true]);
    expect(applied).toBe(outcomes.length);
    expect(sizeOf(application.cursors)).toBeLessThan(9_000);
  });

  test('takes so many of a batch that it stays below its limit, and the rest when it comes again', () => {
    let left = records(many(3_000));
    let cursors: Cursors = {};
    let calls = 0;
    for (let rounds = 0; left.length > 0; rounds += 1) {
      const resumed = resume(cursors, left, large, () => calls++);
      expect(resumed.applied).toBeGreaterThan(rounds < 9 ? 250 : 0);
      expect(sizeOf(resumed.cursors)).toBeLessThan(9_000);
      cursors = resumed.cursors;
      left = left.slice(resumed.outcomes.length);
    }
    expect(calls).toBe(3_000);
  });

  test('has room on sixty shards, on each for a share of what is left: nobody ends each batch at each of his', () => {
    let cursors: Cursors = {};
    for (const n of many(60)) {
      const resumed = resume(cursors, records(many(10_000), `shard ${n}`), large, () => n);
      expect(resumed.applied).toBeGreaterThan(n <= 20 ? 150 : 5);
      cursors = resumed.cursors;
    }
  });

  test('counts what events take beside their outcomes, each once', () => {
    const batch = records(many(600));
    const heavy = { ...small, bytesOf: () => 100 };
    const { applied } = resume({}, batch, heavy, () => 1);
    expect(applied).toBeGreaterThan(65);
    expect(applied).toBeLessThanOrEqual(81);
    const weightless = resume({}, batch, { ...heavy, bytesOf: () => 0 }, () => 1);
    expect(weightless.applied).toBe(600);
  });

  test('takes them in the order of their shard: none is applied after one that was left', () => {
    const batch = records(many(3_000));
    const { outcomes, applied } = resume({}, batch, large, (each) => batch.indexOf(each));
    expect(outcomes).toEqual(many(applied).map((n) => n - 1));
  });

  test('goes on with one event at least of each of a thousand shards, and stays below its limit', () => {
    let cursors: Cursors = {};
    for (const n of many(1_000)) {
      const shard = `shardId-${String(n).padStart(12, '0')}`;
      const batch = records(n === 1 ? many(10_000) : [1, 2, 3], shard);
      const resumed = resume(cursors, batch, large, () => n);
      expect(resumed.applied).toBeGreaterThan(0);
      cursors = resumed.cursors;
    }
    expect(Object.keys(cursors)).toHaveLength(1_000);
    expect(sizeOf(cursors)).toBeLessThan(limit - 32 * 1024);
  });

  test('refuses events on shards beyond all room, keeps nothing of them, and goes on with those that it has', () => {
    const shardOf = (n: number) => `shardId-${String(n).padStart(12, '0')}`;
    const cursors: Record<string, Cursor> = {};
    const isRefused = () => resume(cursors, records([1], shardOf(9_999)), large, () => 1).applied === 0;
    // Two of the largest outcomes each: of more a cursor has no room by then.
    const cursor = { sequenceNumber: sequenceNumber(3), arrival: 1.7e12, outcomes: new Uint8Array(50) };
    for (let n = 1; n % 50 > 0 || !isRefused(); n += 1) cursors[shardOf(n)] = cursor;
    expect(Object.keys(cursors).length).toBeGreaterThan(1_500);
    expect(sizeOf(cursors)).toBeLessThan(limit - 32 * 1024);
    const mixed = [...records([1, 2], shardOf(9_999)), ...records([4], shardOf(1))];
    const resumed = resume(cursors, mixed, large, () => 7);
    expect([resumed.outcomes, resumed.applied]).toEqual([[-1, -1, 7], 1]);
    expect(resumed.cursors).not.toHaveProperty(shardOf(9_999));
  });

  test('goes on where a batch comes again, with all that it has applied of it', () => {
    const batch = records(many(2_000));
    const first = resume({}, batch, large, () => 1);
    const again = resume(first.cursors, batch, large, () => 2);
    expect(again.applied).toBe(1);
    expect(again.outcomes).toEqual([...first.outcomes, 2]);
  });
});

describe('expiry', () => {
  const cursorAt = (arrival: number) => ({ sequenceNumber: '1', arrival, outcomes: new Uint8Array() });

  test('a cursor goes when its record is older than the retention', () => {
    const cursors = { old: cursorAt(0), young: cursorAt(1) };
    expect(withoutExpired(cursors, 1001, 1000)).toEqual({ young: cursorAt(1) });
    expect(withoutExpired(cursors, 1000, 1000)).toBe(cursors);
  });
});

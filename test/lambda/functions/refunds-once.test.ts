import { beforeEach, describe, expect, test } from 'vitest';
import { itemSize } from '../../contract/support/dynamo-item-size.ts';
import { buy } from '../../support/client-events.ts';
import { activeRun } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { grantRefunds, refundsTold } from '../../support/refund-events.ts';

let pipeline: Pipeline;
let refunds: object[];

/** The first refund of the user's, and two others. */
async function setUp(): Promise<[object, object, object]> {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
  refunds = await grantRefunds(pipeline, 3);
  const [first = {}, second = {}, third = {}] = refunds;
  return [first, second, third];
}

const coupons = () => pipeline.users.items.get('1')?.coupons;
const entriesOf = (events: readonly object[]) => events.map((event) => 'entryId' in event && event.entryId);

describe('whoever dies, before or after whatever it does', () => {
  /** @returns whether somebody died */
  async function playDying(at: number, when: 'before' | 'after', isLarger: boolean): Promise<boolean> {
    const [first, second, third] = await setUp();
    const batches = [[first, second], [buy(1, 5), first], [second, first, third], [buy(1, 5)], [third]];
    let left = batches.map((contents) => pipeline.batch(contents).Records);
    let died = false;
    pipeline.effects.dieAt({ at, when });
    while (left.length > 0) {
      // A batch that comes again may hold more than before.
      const records = died && isLarger ? left.flat() : (left[0] ?? []);
      try {
        await pipeline.userEvents({ Records: records });
        left = died && isLarger ? [] : left.slice(1);
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        died = true;
        pipeline.restart();
      }
    }
    return died;
  }

  test.each([
    ['before', false],
    ['before', true],
    ['after', false],
    ['after', true],
  ] as const)('%s each effect gives each refund once (comes again larger: %s)', async (when, isLarger) => {
    let at = 1;
    while (await playDying(at, when, isLarger)) {
      expect([at, coupons(), refundsTold(pipeline)]).toEqual([at, 13, entriesOf(refunds)]);
      at += 1;
    }
    const steps = new Set(pipeline.journal.map((step) => step.split(' ')[0]));
    expect([at > 10, [...steps].toSorted()]).toEqual([true, ['publish', 'take', 'watermark', 'write']]);
  });
});

describe('refunds of one user on two shards', () => {
  /** What others do with the same refund while one invocation is at its nth step. */
  const others: [string, (refund: object) => object[][]][] = [
    ['gives it', (refund) => [[refund]]],
    ['gives it, and forgets that', (refund) => [[refund], [buy(1, 1)]]],
    ['gives it, forgets that, and is asked again', (refund) => [[refund], [buy(1, 1)], [refund]]],
  ];
  const reads: [string, number][] = [
    ['what is there', 0],
    ['what was there a write before', 1],
    ['what was there long before', 3],
  ];

  test.each(
    others.flatMap(([what, batchesOf]) =>
      reads.map(([seen, behind]) => [what, seen, batchesOf, behind] as const),
    ),
  )(
    'are given once where another invocation %s between any two steps; first reads see %s',
    async (_, __, batchesOf, behind) => {
      let steps = 0;
      for (let at = 1; at <= steps + 1; at += 1) {
        const [first] = await setUp();
        pipeline.users.behind = behind;
        const meanwhile = batchesOf(first).map((contents) => pipeline.batch(contents, { shard: 'other' }));
        const bought = meanwhile.length > 1 ? 1 : 0;
        steps = 0;
        pipeline.effects.meanwhile = async () => {
          steps += 1;
          if (steps !== at) return;
          pipeline.effects.meanwhile = async () => {};
          for (const batch of meanwhile) await pipeline.userEvents(batch);
        };
        await pipeline.userEvents(pipeline.batch([first]));
        const wasMeanwhile = steps >= at;
        expect([at, refundsTold(pipeline)]).toEqual([at, entriesOf([first])]);
        expect([at, coupons()]).toEqual([at, wasMeanwhile ? 1 + bought : 1]);
      }
      expect(steps).toBeGreaterThan(2);
    },
  );

  test('at once are given once, and a third time they are told as given', async () => {
    const [first, second, third] = await setUp();
    const batches = [
      [first, second],
      [second, third, first],
    ].map((contents, n) => pipeline.batch(contents, { shard: `shard-${n}` }));
    await Promise.all(batches.map((batch) => pipeline.userEvents(batch)));
    await pipeline.userEvents(pipeline.batch(refunds));
    expect([coupons(), refundsTold(pipeline)]).toEqual([3, entriesOf(refunds)]);
    expect(pipeline.userOutputs.values.filter(({ reason }) => reason === 'DUPLICATE_EVENT')).toHaveLength(5);
  });
});

describe('a first read that sees an old user', () => {
  beforeEach(setUp);

  test.each([1, 2, 3])('by %d writes gives nothing again', async (behind) => {
    pipeline.users.behind = behind;
    for (const contents of [refunds, [buy(1, 1)], refunds, [buy(1, 1)], refunds])
      await pipeline.userEvents(pipeline.batch(contents));
    expect([coupons(), refundsTold(pipeline)]).toEqual([5, entriesOf(refunds)]);
    expect(pipeline.telemetry.counts.writeConflicts).toBe(4);
  });
});

test('a refund whose item somebody took away is not granted, and nothing is made of it', async () => {
  const [first] = await setUp();
  await pipeline.userEvents(pipeline.batch([first]));
  pipeline.refunds.items.clear();
  await pipeline.userEvents(pipeline.batch([first, buy(1, 1)]));
  expect([coupons(), pipeline.refunds.items.size]).toEqual([2, 0]);
  expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type)).toEqual([
    'CouponRefundedEvent',
    'REFUND_UNKNOWN',
    'CouponsBoughtEvent',
  ]);
});

describe('refunds of one user by the thousands', () => {
  /** The user's item as it is written, each time; refunds that are read; that are taken. */
  interface Work {
    bytes: number;
    reads: number;
    takes: number;
    largest: number;
  }

  /** Gives them in batches of 2,500, of which the user's item has no room for all. @returns what it took */
  async function give(events: readonly object[]): Promise<Work> {
    const before = pipeline.refunds.reads;
    pipeline.journal.length = 0;
    const work: Work = { bytes: 0, reads: 0, takes: 0, largest: 0 };
    const { Records } = pipeline.batch(events);
    for (let at = 0; at < events.length; ) {
      const records = Records.slice(at, at + 2_500);
      const { batchItemFailures } = await pipeline.userEvents({ Records: records });
      const [failed] = batchItemFailures;
      const next = records.findIndex(({ eventID }) => eventID.endsWith(`:${failed?.itemIdentifier}`));
      at += next < 0 ? records.length : next;
      const size = itemSize({ userId: '1', ...pipeline.users.items.get('1') });
      work.bytes += size;
      work.largest = Math.max(work.largest, size);
    }
    work.reads = pipeline.refunds.reads - before;
    work.takes = pipeline.journal.filter((step) => step.startsWith('take ')).length;
    return work;
  }

  test('keep its item far below 400 KB, and the last ten thousand take no more work than the first', async () => {
    pipeline = new Pipeline();
    const events = await grantRefunds(pipeline, 20_000);
    const first = await give(events.slice(0, 10_000));
    const last = await give(events.slice(10_000));
    expect([coupons(), refundsTold(pipeline).length]).toEqual([20_000, 20_000]);
    expect(Math.max(first.largest, last.largest)).toBeLessThan(250_000);
    // Those of the first half's last batch are taken in the second.
    expect(last.takes).toBeLessThanOrEqual(10_000 + 2_500);
    expect(last.reads).toBeLessThanOrEqual(1.1 * first.reads);
    expect(last.bytes).toBeLessThanOrEqual(1.1 * first.bytes);
    // Whoever loads the user next takes the rest.
    await pipeline.userEvents(pipeline.batch(events.slice(-2)));
    expect(coupons()).toBe(20_000);
    expect([...pipeline.refunds.items.values()].filter(({ isTaken }) => !isTaken)).toEqual([]);
  });
});

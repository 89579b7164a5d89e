import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order } from '../../../cli/start/order.ts';
import { type EventLine, route } from '../../../client/event-lines.ts';
import { buy, click as clickAt, start, stop } from '../../support/client-events.ts';

const click = (userId: unknown, lotteryId: unknown) => clickAt(userId, 0, lotteryId);

/** An order with these lines in it, and the pipeline around it: a clock, and when lotteries end. */
function orderOf(...events: readonly object[]) {
  const pipeline = { now: 0, ends: new Map<string, number>() };
  const order = new Order({
    now: () => pipeline.now,
    endOf: (lotteryId) => pipeline.ends.get(lotteryId),
    graceMs: 2_000,
  });
  const lines = events.map((event, index): EventLine => {
    const text = JSON.stringify(event);
    return { number: index + 1, data: Buffer.from(text), ...route(text) };
  });
  for (const line of lines) order.add(line);
  /** The numbers of the lines whose turn it is, in the file's order, and what the shards are told then. */
  const takeAll = () => {
    const { lottery, user, time } = order.take();
    const numbers = [...lottery, ...user].map(({ number }) => number);
    return { numbers: numbers.toSorted((left, right) => left - right), time };
  };
  const take = () => takeAll().numbers;
  const settle = (...numbers: readonly number[]) => {
    for (const number of numbers) order.settle(lineAt(lines, number));
  };
  return { order, pipeline, take, takeAll, settle };
}

function lineAt(lines: readonly EventLine[], number: number): EventLine {
  const line = lines[number - 1];
  if (!line) throw new RangeError(`No line ${number}`);
  return line;
}

describe('Order', () => {
  it('lets everything go at once that does not depend on anything', () => {
    const { take, order } = orderOf(
      start(1),
      start(2),
      buy(1),
      buy(1),
      { odd: true },
      click(2, 3),
      click(3, {}),
    );
    expect(take()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(order.waiting).toBe(0);
  });

  it('keeps a click back until the start before it has its outcome, and with it all lines of users behind it', () => {
    const { take, settle } = orderOf(start(1), buy(1), click(1, 1), buy(2), start(2), click(2, 2));
    expect(take()).toEqual([1, 2, 5]);
    expect(take()).toEqual([]);
    settle(5);
    expect(take()).toEqual([]);
    settle(1);
    expect(take()).toEqual([3, 4, 6]);
  });

  it('takes 1 and "1" for one id', () => {
    const { take } = orderOf(start('1'), click('7', 1), buy(7));
    expect(take()).toEqual([1]);
  });

  it('keeps a stop back until every click before it has its outcome', () => {
    const { take, settle } = orderOf(click(1, 1), click(2, 1), stop(1), click(4, 2));
    expect(take()).toEqual([1, 2, 4]);
    settle(1);
    expect(take()).toEqual([]);
    settle(2);
    expect(take()).toEqual([3]);
  });

  it('keeps clicks back after a stop for as long as a function may remember the lottery', () => {
    const { take, settle, pipeline } = orderOf(stop(1), click(1, 1));
    take();
    settle(1);
    pipeline.now = 1_000;
    expect(take()).toEqual([]);
    pipeline.now = 1_100;
    expect(take()).toEqual([2]);
  });

  it('keeps a second start, and all lines of users behind it, back while the first run can still end by its time', () => {
    const later = start(1, { timestamp: 30_000 });
    const { takeAll, settle, pipeline } = orderOf(start(1), click(1, 1), later, buy(2), click(3, 1));
    takeAll();
    settle(1);
    expect(takeAll()).toEqual({ numbers: [2], time: undefined });
    pipeline.ends.set('1', 30_000);
    settle(2);
    expect(takeAll()).toEqual({ numbers: [], time: 30_001 });
    pipeline.ends.clear();
    expect(takeAll()).toEqual({ numbers: [3, 4], time: undefined });
    settle(3);
    expect(takeAll().numbers).toEqual([]);
    pipeline.now = 1_100;
    expect(takeAll().numbers).toEqual([5]);
  });

  it('goes by the clicks before a start that has no time, and has the shards told behind the last line before it', () => {
    const { takeAll, settle, pipeline } = orderOf(start(1), start(2), buy(1), clickAt(2, 7_000, 2), start(1));
    expect(takeAll()).toEqual({ numbers: [1, 2, 3], time: undefined });
    pipeline.ends.set('1', 7_000);
    settle(1);
    expect(takeAll()).toEqual({ numbers: [], time: undefined });
    settle(2);
    expect(takeAll()).toEqual({ numbers: [4], time: 7_001 });
    pipeline.ends.clear();
    expect(takeAll().numbers).toEqual([5]);
  });

  it('puts a start at once before the first run can have ended, and one on a lottery without an end', () => {
    const { takeAll, settle, pipeline } = orderOf(start(1), start(1, { timestamp: 29_999 }), start(1));
    takeAll();
    settle(1);
    pipeline.ends.set('1', 30_000);
    expect(takeAll()).toEqual({ numbers: [2], time: undefined });
    settle(2);
    pipeline.ends.clear();
    expect(takeAll()).toEqual({ numbers: [3], time: undefined });
  });

  it('knows that a run can have ended when the shards were told so for another', () => {
    const restart = (lotteryId: number, timestamp?: number) =>
      start(lotteryId, timestamp ? { timestamp } : {});
    const { takeAll, settle, pipeline } = orderOf(start(1), start(2), restart(1, 30_000), restart(2, 10_000));
    takeAll();
    settle(1, 2);
    pipeline.ends.set('1', 30_000).set('2', 20_000);
    expect(takeAll()).toEqual({ numbers: [], time: 30_001 });
    pipeline.ends.delete('1');
    expect(takeAll()).toEqual({ numbers: [3], time: 20_001 });
  });

  it('lets no line of a user go between a start or stop and its outcome while the run may end by the time', () => {
    for (const second of [stop(1), start(1, { timestamp: 5_000 })]) {
      const { takeAll, settle, pipeline } = orderOf(start(1), click(1, 1), second, clickAt(2, 9_000, 2));
      takeAll();
      settle(1);
      pipeline.ends.set('1', 7_000);
      expect(takeAll()).toEqual({ numbers: [2], time: undefined });
      // The click before it has no outcome yet.
      expect(takeAll()).toEqual({ numbers: [], time: undefined });
      settle(2);
      expect(takeAll()).toEqual({ numbers: [3], time: undefined });
      expect(takeAll()).toEqual({ numbers: [], time: undefined });
      settle(3);
      expect(takeAll()).toEqual({ numbers: [4], time: undefined });
    }
  });

  it('keeps a stop back, as a start, until a run has ended that is over by its time', () => {
    const lines = [start(1), click(1, 1), clickAt(1, 8_000, 2), stop(1), buy(3)];
    const { takeAll, settle, pipeline } = orderOf(...lines);
    expect(takeAll().numbers).toEqual([1]);
    settle(1);
    pipeline.ends.set('1', 7_000);
    expect(takeAll()).toEqual({ numbers: [2, 3], time: undefined });
    settle(2);
    expect(takeAll()).toEqual({ numbers: [], time: 7_001 });
    pipeline.ends.clear();
    expect(takeAll()).toEqual({ numbers: [4, 5], time: undefined });
  });

  it('puts a stop right behind a start, but a start only when the outcome of the stop is known', () => {
    const { take, settle } = orderOf(start(1), stop(1), start(1));
    expect(take()).toEqual([1, 2]);
    settle(1);
    expect(take()).toEqual([]);
    settle(2);
    expect(take()).toEqual([3]);
  });

  it('takes no more than a call does: 500 records, and 4 MB unless one record alone is more', () => {
    const many = orderOf(...Array.from({ length: 1_200 }, () => buy(1)));
    expect([many.take().length, many.take().length, many.take().length]).toEqual([499, 499, 202]);
    const large = orderOf(...Array.from({ length: 5 }, () => ({ ...buy(1), pad: 'x'.repeat(1_040_000) })));
    expect([large.take().length, large.take().length]).toEqual([4, 1]);
  });

  it('has the time told before a click that is later than the grace, and no other, and counts that', () => {
    const { order } = orderOf(clickAt(1, 9_000), clickAt(2, 7_000), clickAt(3, 6_999), buy(1), clickAt(1, 0));
    expect([...order.take().before].map(([{ number }, time]) => [number, time])).toEqual([
      [3, 9_000],
      [5, 9_000],
    ]);
    const late = orderOf(clickAt(1, 9_000), ...Array.from({ length: 600 }, () => clickAt(1, 0)));
    expect([late.take().length, late.take().length]).toEqual([250, 250]);
  });

  it('has no room for more than 1,000 lines or 16 MB', () => {
    const roomWith = (count: number, one: object) =>
      orderOf(...Array.from({ length: count }, () => one)).order.hasRoom;
    expect([roomWith(999, buy(1)), roomWith(1_000, buy(1))]).toEqual([true, false]);
    const large = { ...buy(1), pad: 'x'.repeat(1_040_000) };
    expect([roomWith(16, large), roomWith(17, large)]).toEqual([true, false]);
  });
});

const event = fc.oneof(
  fc.record({
    type: fc.constantFrom('LotteryStartEvent', 'LotteryStopEvent'),
    lotteryId: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ type: fc.constant('UserBuyCouponEvent'), userId: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant('UserClickEvent'),
    userId: fc.integer({ min: 1, max: 4 }),
    lotteryId: fc.integer({ min: 1, max: 3 }),
  }),
);

describe('Order, for any file and any order of outcomes', () => {
  it('puts every line once, each after the outcomes that it depends on', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (events, choices) => {
        const { take, settle, pipeline, order } = orderOf(...events);
        const underWay: number[] = [];
        const put: number[] = [];
        const settled = new Set<number>();
        while (order.waiting > 0 || underWay.length > 0) {
          for (const number of take()) {
            for (const earlier of dependenciesOf(number, events)) expect(settled).toContain(earlier);
            for (const earlier of earlierOfUsers(number, events)) expect(put).toContain(earlier);
            put.push(number);
            underWay.push(number);
          }
          const [next] = underWay.splice((choices.next().value ?? 0) % Math.max(1, underWay.length), 1);
          if (next !== undefined) {
            settle(next);
            settled.add(next);
          }
          pipeline.now += 400;
        }
        expect(put.toSorted((left, right) => left - right)).toEqual(events.map((_, index) => index + 1));
      }),
    );
  });
});

type AnyEvent = Record<string, unknown>;

/** The lines whose outcome must be known before this one: written down a second time, pair by pair. */
function dependenciesOf(number: number, events: readonly AnyEvent[]): number[] {
  return earlierThan(number, events).filter((earlier) => {
    const [first, second] = [at(events, earlier), at(events, number)];
    if (first.lotteryId === undefined || first.lotteryId !== second.lotteryId) return false;
    const clicks = [first, second].filter(({ type }) => type === 'UserClickEvent').length;
    return clicks === 1 || (clicks === 0 && second.type === 'LotteryStartEvent');
  });
}

/** Lines of users keep their order, whoever's they are. */
function earlierOfUsers(number: number, events: readonly AnyEvent[]): number[] {
  if (at(events, number).userId === undefined) return [];
  return earlierThan(number, events).filter((earlier) => at(events, earlier).userId !== undefined);
}

function earlierThan(number: number, events: readonly AnyEvent[]): number[] {
  return events.slice(0, number - 1).map((_, index) => index + 1);
}

function at(events: readonly AnyEvent[], number: number): AnyEvent {
  return events[number - 1] ?? {};
}

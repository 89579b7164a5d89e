import { describe, expect, it } from 'vitest';
import { Latencies } from '../../../cli/load/latencies.ts';
import { aggregatedOf } from '../../../cli/load/load.ts';
import { pace } from '../../../cli/load/pace.ts';
import { buyEvent, clickEvent, planOf } from '../../../cli/load/players.ts';
import { problemOf, reportText } from '../../../cli/load/report.ts';
import { Tally } from '../../../cli/load/tally.ts';
import type { OutputEvent } from '../../../client/output-events.ts';
import { userEventSchemas } from '../../../lambda/core/events.ts';
import { readAggregate } from '../../../lambda/core/kpl.ts';
import { rejected } from '../view/support.ts';

describe('latencies', () => {
  it('are told by rank, to the millisecond', () => {
    const latencies = new Latencies();
    for (let ms = 100; ms >= 1; ms -= 1) latencies.add(ms);
    expect(latencies.percentiles).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it('are none of nothing, and those of one event where there is one', () => {
    const latencies = new Latencies();
    expect(latencies.percentiles).toBeUndefined();
    latencies.add(7);
    expect(latencies.percentiles).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('stay in their bounds where clocks differ, or nothing moves', () => {
    const latencies = new Latencies();
    for (const ms of [-5, 1e12]) latencies.add(ms);
    expect(latencies.percentiles).toEqual({ p50: 0, p95: 600_000, p99: 600_000 });
  });
});

/** A clock that moves as it is told, and by what is slept. */
function clockOf(slow: (now: number) => number = () => 0) {
  let now = 1_000;
  return {
    now: () => now,
    async sleep(ms: number) {
      now += ms + slow(now);
    },
  };
}

async function paced(options: Partial<Parameters<typeof pace>[0]>) {
  const all: { first: number; count: number; late: number }[] = [];
  const clock = options.clock ?? clockOf();
  const signal = new AbortController().signal;
  const usual = { rate: 100, total: 100, most: 500, signal };
  for await (const { first, count, dueAt } of pace({ ...usual, ...options, clock })) {
    all.push({ first, count, late: clock.now() - dueAt(first + count - 1) });
  }
  return all;
}

describe('the pace of a load', () => {
  it('is the rate that was asked for, each event once and none before it is due', async () => {
    const clock = clockOf();
    const all = await paced({ clock });
    expect(clock.now()).toBeGreaterThanOrEqual(1_990);
    expect(clock.now()).toBeLessThan(2_100);
    let next = 0;
    for (const { first, count, late } of all) {
      expect(first).toBe(next);
      expect(late).toBeGreaterThanOrEqual(0);
      next += count;
    }
    expect(next).toBe(100);
  });

  it('makes up for a machine that was late: what is put then was due before', async () => {
    const all = await paced({ clock: clockOf((now) => (now < 1_100 ? 500 : 0)), most: 20 });
    const atOnce = all.filter(({ late }) => late > 100);
    expect(atOnce.map(({ count }) => count)).toEqual([20, 20]);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  });

  it('ends when it is interrupted', async () => {
    expect(await paced({ signal: AbortSignal.abort() })).toEqual([]);
  });
});

describe('the players of a load', () => {
  it('buy what their clicks take', () => {
    expect(planOf({ rate: 10, seconds: 30, users: 7 })).toEqual({ clicks: 300, users: 7, coupons: 43 });
    // Who has no click buys nothing.
    expect(planOf({ rate: 1, seconds: 2, users: 1_000 })).toEqual({ clicks: 2, users: 2, coupons: 1 });
  });

  it('send events that the pipeline takes, each with an id of its own', () => {
    const at = { name: 'load-x', users: 3, lotteryId: '7' };
    const clicks = [0, 1, 2, 3].map((index) =>
      userEventSchemas.UserClickEvent.parse(clickEvent(at, index, 5)),
    );
    expect(clicks.map(({ userId }) => userId)).toEqual(['load-x-0', 'load-x-1', 'load-x-2', 'load-x-0']);
    expect(new Set(clicks.map(({ eventId }) => eventId)).size).toBe(4);
    expect(userEventSchemas.UserBuyCouponEvent.parse(buyEvent('load-x', 1, 9))).toMatchObject({
      ...{ userId: 'load-x-1', purchasedCoupons: 9 },
    });
  });
});

const bought: OutputEvent = {
  ...{ type: 'CouponsBoughtEvent', userId: 1, purchasedCoupons: 1, availableCoupons: 1, recordId: 's:1' },
};

describe('the report of a load', () => {
  const tally = new Tally(10);
  tally.due(10);
  tally.put(8, 2_000);
  tally.failed(2, new Error('no room'));
  for (const ms of [10, 20, 30]) tally.outcome(bought, ms);
  tally.outcome(rejected('s:2'), 40);
  const buys = { ...tally.counted, isCut: false };
  const report = { environment: 'dev', lotteryId: 7, users: 10, buys };

  it('has the rate that was reached, what was accepted, and what was not, by reason', () => {
    expect(buys).toEqual({
      ...{ due: 10, put: 8, asked: 10, reached: 4, accepted: 3, withoutOutcome: 4, isCut: false },
      ...{ rejected: { NO_COUPON: 1 }, failed: { 'Error: no room': 2 } },
      latency: { p50: 20, p95: 40, p99: 40 },
    });
  });

  it('is a table, with a line for each kind of trouble', () => {
    expect(reportText(report).split('\n')).toEqual([
      '      EVENTS  ASKED/S  REACHED/S  ACCEPTED  NO OUTCOME  P50 MS  P95 MS  P99 MS',
      'buys       8       10          4         3           4      20      40      40',
      'buys: 1 rejected, NO_COUPON',
      'buys: 2 not put, Error: no room',
    ]);
  });

  it('says what is not so: what was not put, else what has no outcome; a rejection is one', () => {
    expect(problemOf(report)).toBe('2 events were not put');
    expect(problemOf({ ...report, buys: { ...buys, failed: {} } })).toBe('4 events have no outcome yet');
    expect(problemOf({ ...report, buys: { ...buys, failed: {}, withoutOutcome: 0 } })).toBeUndefined();
  });
});

it('events are aggregated in their order, so many in each record but the last', () => {
  const lines = [1, 2, 3, 4, 5].map((user) => ({
    partitionKey: String(user),
    data: Buffer.from(`{"n":${user}}`),
  }));
  const records = aggregatedOf(lines, 2);
  expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['1', '3', '5']);
  const events = records.map(({ data }) => readAggregate(data));
  expect(events.map(({ length }) => length)).toEqual([2, 2, 1]);
  expect(events.flat()).toEqual(lines);
});

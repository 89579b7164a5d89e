import { describe, expect, it } from 'vitest';
import { Random } from '../../../local/faults/random.ts';
import { readInput } from '../../../proof/oracle/streams.ts';
import type { PlayerRecord } from '../../../proof/simulation/player-record.ts';
import { Players } from '../../../proof/simulation/players.ts';

const windowMs = 10_000;
const graceMs = 4_000;
const toleranceMs = 60_000;
const users = 20;
const startMs = 1_700_000_000_000;
const events = 20_000;

/** What went back to somebody. */
const refunded = { lotteryId: 1, drawId: '1@0', entryId: 'shardId-000000000000:77' };

interface Played extends PlayerRecord {
  at: number;
}

function playersOf(seed: number, now: () => number): Players {
  return new Players({
    ...{ random: new Random(seed, 'players'), users, lotteries: [1, 2, 'gold'], windowMs, toleranceMs },
    ...{ graceMs, mostAheadMs: 30_000, now },
  });
}

/** All that the players of a seed put, with when they did. */
function played(seed: number): Played[] {
  let now = startMs;
  const players = playersOf(seed, () => now);
  const next = () => {
    now += 7;
    return { ...players.next({ refunded }), at: now };
  };
  const opening = players.opening().map((record) => ({ ...record, at: now }));
  const records = Array.from({ length: events }, next);
  return [...opening, ...records, ...players.closing().map((record) => ({ ...record, at: now }))];
}

const records = played(1);
const valid = records.flatMap((record) => {
  const event = readInput(record.channel, record.data);
  return 'wrong' in event ? [] : [{ ...record, event }];
});
const clicks = valid.filter(({ event }) => event.type === 'UserClickEvent');
const early = clicks.map(({ event, at }) => event.timestamp - at);
const keyOf = ({ channel, event }: (typeof valid)[number]) => event[`${channel}Id`];

describe('players', () => {
  it('put the same with the same random numbers and clock, and else something else', () => {
    expect(played(1)).toEqual(records);
    expect(played(2)).not.toEqual(records);
  });

  it('start all lotteries first and stop them last', () => {
    const types = valid.map(({ event }) => event.type);
    expect(types.slice(0, 4)).toEqual(Array(4).fill('LotteryStartEvent'));
    expect(types.slice(-6)).toEqual(Array(6).fill('LotteryStopEvent'));
    const started = valid.filter(({ event }) => event.type === 'LotteryStartEvent');
    const stopped = new Set(valid.slice(-6).map(({ event }) => event.lotteryId));
    expect(started.filter(({ event }) => !stopped.has(event.lotteryId))).toEqual([]);
    expect(started.some(({ event }) => event.prizes === undefined)).toBe(true);
    expect(started.some(({ event }) => event.prizes !== undefined)).toBe(true);
  });

  it('have all users buy before all else', () => {
    const first = valid.slice(4, 4 + users);
    expect(new Set(first.map(({ event }) => event.userId)).size).toBe(users);
    expect(first.every(({ event }) => event.type === 'UserBuyCouponEvent')).toBe(true);
  });

  it.each<[string, number]>([
    ['of now', early.filter((ms) => ms === 0).length],
    ['that come late', early.filter((ms) => ms < -windowMs && ms > -4 * windowMs).length],
    ['of a window to come', early.filter((ms) => ms > windowMs && ms < 30_000).length],
    ['as far ahead as they dare', early.filter((ms) => ms === 30_000).length],
    ['that are just within the tolerance', early.filter((ms) => ms === -toleranceMs).length],
    ['that are just beyond it', early.filter((ms) => ms === -toleranceMs - 1).length],
    ['far ahead', early.filter((ms) => ms > toleranceMs).length],
    ['in seconds', clicks.filter(({ event }) => event.timestamp < 1e10 && event.timestamp > 1e9).length],
    [
      'of the first millisecond of a window',
      clicks.filter(({ event }) => event.timestamp % windowMs === 0).length,
    ],
    [
      'of the last millisecond',
      clicks.filter(({ event }) => event.timestamp % windowMs === windowMs - 1).length,
    ],
    [
      'under the key of another',
      valid.filter((one) => one.channel === 'user' && keyOf(one) !== one.partitionKey).length,
    ],
    [
      'on a shard of their choice',
      records.filter(({ explicitHashKey }) => explicitHashKey !== undefined).length,
    ],
    [
      'at the last moment of their window’s grace',
      clicks.filter(({ event, at }) => {
        const left = event.timestamp + windowMs + graceMs - at;
        return event.lotteryId === 'quiet' && left > 0 && left < graceMs / 10;
      }).length,
    ],
    [
      'just after it',
      clicks.filter(({ event, at }) => {
        const left = event.timestamp + windowMs + graceMs - at;
        return event.lotteryId === 'quiet' && left <= 0 && left > -graceMs / 4;
      }).length,
    ],
    [
      'that ask for what went back to somebody else',
      valid.filter(({ event }) => event.entryId === refunded.entryId).length,
    ],
    ['that are forged refunds', valid.filter(({ event }) => event.type === 'CouponRefundEvent').length],
    [
      'that are records of an internal stream',
      records.filter(({ data }) => data.includes('"PartialDraw"')).length,
    ],
    ['larger than is sent back', records.filter(({ data }) => data.length > 65_536).length],
  ])('put some %s', (_what, count) => {
    expect(count).toBeGreaterThan(0);
  });

  it('start a lottery that has just ended for a while, and click in it at once', () => {
    const players = playersOf(1, () => startMs);
    for (let bought = 0; bought < users; bought += 1) players.next();
    const texts = ['first', 'second', 'third'].flatMap((lotteryId) => {
      const ended = { lotteryId };
      return Array.from({ length: 100 }, () => players.next({ ended }).data.toString());
    });
    const of = (type: string) =>
      texts.filter((text) => text.includes(type) && /first|second|third/.test(text));
    const starts = of('LotteryStartEvent');
    expect(starts).not.toEqual([]);
    for (const start of starts) expect(JSON.parse(start).prizes.length).toBeLessThanOrEqual(2);
    expect(of('UserClickEvent').length).toBeGreaterThan(10);
  });

  it('flood one shard', () => {
    const run = records.map(({ explicitHashKey }) => explicitHashKey === '0').join();
    expect(run).toContain(Array(20).fill(true).join());
  });

  it('put events again, and others under their ids', () => {
    const withId = valid.filter(({ event }) => event.eventId?.startsWith('purchase-'));
    const byId = [...Map.groupBy(withId, ({ event }) => event.eventId).values()];
    const texts = byId.map((same) => new Set(same.map(({ data }) => data.toString())).size);
    expect(byId.some((same, index) => same.length > (texts[index] ?? 0))).toBe(true);
    expect(texts.some((count) => count > 1)).toBe(true);
  });

  it('put no record that Kinesis would not take', () => {
    const wrong = records.filter(
      ({ data, partitionKey }) =>
        data.length + Buffer.byteLength(partitionKey) > 1_048_576 ||
        partitionKey.length < 1 ||
        partitionKey.length > 256,
    );
    expect(wrong).toEqual([]);
  });

  it.each(['INVALID_JSON', 'UNKNOWN_TYPE', 'INVALID_FIELD'])('put some that are %s', (reason) => {
    const reasons = records
      .map(({ channel, data }) => readInput(channel, data))
      .flatMap((read) => ('wrong' in read ? [read.reason] : []));
    expect(reasons).toContain(reason);
  });
});

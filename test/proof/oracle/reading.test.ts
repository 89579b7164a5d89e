import { describe, expect, it } from 'vitest';
import {
  type Decoded,
  decodeLotteryRecord,
  decodeUserRecord,
  isDecoded,
  isHeartbeat,
} from '../../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../../lambda/core/events.ts';
import { rejectedEvent } from '../../../lambda/core/rejected-event.ts';
import { judge } from '../../../proof/audit/judge.ts';
import { readInput } from '../../../proof/oracle/streams.ts';
import { eventTypes, oddEvents } from '../../support/odd-values.ts';
import { History, rejection, settings } from './history.ts';

const base = {
  ...{ userId: 1, lotteryId: 1, timestamp: 5, purchasedCoupons: 1 },
  ...{ drawId: '1@0', entryId: 'a:1' },
};

/** No event, or one that should not be. */
const others = [
  ...['', '{', 'null', '[]', '1', '"text"', '{}', '\ufeff{}', '{"type":null}', '{"type":"__proto__"}'],
  ...[
    '{"type":"UserClickEvent"}',
    '{"type":"LotteryStartEvent"}',
    '{"type":"LotteryStartEvent","__proto__":{}}',
  ],
  ...['{"type":"Heartbeat"}', '{"type":"Heartbeat","time":7}', '{"type":"Heartbeat","time":8.64e15}'],
  ...['{"type":"Heartbeat","time":-1}', '{"type":"Heartbeat","time":null}'],
  `{"type":"UserClickEvent","userId":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
  '{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":-0,"eventId":null}',
  `{"type":"UserBuyCouponEvent","userId":"${'x'.repeat(70_000)}"}`,
].map((text) => Buffer.from(text));
const records = [
  ...eventTypes.flatMap((type) => oddEvents(type, base)).map((event) => Buffer.from(JSON.stringify(event))),
  ...others,
  ...[Buffer.from([0xff, 0xfe]), Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
];

describe('reading records', () => {
  it.each([
    ['lottery', decodeLotteryRecord],
    ['user', decodeUserRecord],
  ] as const)('takes and refuses the same of the %s stream as the functions do', (channel, decode) => {
    expect(records.length).toBeGreaterThan(500);
    for (const data of records) {
      const source = { shardId: 's', sequenceNumber: '1' };
      const theirs: Decoded<LotteryEvent | UserEvent> = decode({
        source,
        ...{ stream: 'test', partitionKey: '1' },
        arrival: 0,
        data,
      });
      const ours = readInput(channel, data);
      if (isDecoded(theirs)) {
        expect(ours, data.toString().slice(0, 200)).toMatchObject({ ...theirs.event });
        continue;
      }
      if (isHeartbeat(theirs)) {
        expect(ours, data.toString()).toMatchObject(theirs.heartbeat);
        continue;
      }
      expect('reason' in ours && ours.reason, data.toString().slice(0, 200)).toBe(theirs.rejection.reason);
      // What the functions send back of it is right as well.
      const output = { text: JSON.stringify(rejectedEvent(theirs)), at: 1 };
      const record = { ...source, partitionKey: '1', arrival: 0, data };
      const none = { lottery: [], user: [] };
      const inputs = {
        records: { ...none, [channel]: [record] },
        parents: { lottery: new Map(), user: new Map() },
      };
      expect(judge(inputs, settings, { ...none, [channel]: [output] })).toEqual([]);
    }
  });

  it.each([
    [
      'bytes that are no event',
      Buffer.from('{'),
      'UNKNOWN_TYPE',
      {},
      /was .*UNKNOWN_TYPE.* must be \{"reason":"INVALID_JSON"\}/,
    ],
    [
      'a field that is right',
      Buffer.from('{"type":"UserBuyCouponEvent","userId":1}'),
      'INVALID_FIELD',
      { field: 'userId' },
      /user event \S+ was .* must be \{"type":"EventRejectedEvent"/,
    ],
  ])('finds that a rejection blames the wrong thing: %s', (_what, data, reason, more, violation) => {
    const history = new History();
    const id = history.put(1, data);
    const echo = data.length > 1 ? { event: JSON.parse(data.toString()) } : { raw: data.toString('base64') };
    history.say('user', 2, { ...rejection(reason, id), ...more, ...echo });
    expect(history.violations().filter((line) => violation.test(line))).not.toEqual([]);
  });

  it('finds that garbage was applied', () => {
    const history = new History();
    const recordId = history.put(1, Buffer.from('{"type":"UserBuyCouponEvent","userId":1}'));
    history.say('user', 2, {
      type: 'CouponsBoughtEvent',
      userId: 1,
      purchasedCoupons: 1,
      availableCoupons: 1,
      recordId,
    });
    expect(history.violations()).toEqual([
      expect.stringMatching(/was .*CouponsBoughtEvent.* must be \{"reason":"INVALID_FIELD"\}/),
    ]);
  });

  it('goes by the partition key', () => {
    const buy = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 1 };
    const write = (partitionKey: string, isApplied: boolean): string[] => {
      const history = new History();
      const recordId = history.put(1, buy, { partitionKey });
      const bought = {
        type: 'CouponsBoughtEvent',
        userId: 1,
        purchasedCoupons: 1,
        availableCoupons: 1,
        recordId,
      };
      const refused = { ...rejection('PARTITION_KEY_MISMATCH', recordId), event: buy };
      history.say('user', 2, isApplied ? bought : refused);
      return history.violations();
    };
    expect(write('1', true)).toEqual([]);
    expect(write('2', false)).toEqual([]);
    expect(write('2', true)).toEqual([
      expect.stringContaining('must be {"reason":"PARTITION_KEY_MISMATCH"}'),
    ]);
    expect(write('1', false)).toEqual([expect.stringContaining('must be one of')]);
  });

  it('goes by the partition key on the lottery stream', () => {
    const history = new History();
    history.start(1_000, 1);
    history.records.lottery = history.records.lottery.map((record) => ({ ...record, partitionKey: '2' }));
    expect(history.violations()).toEqual([
      expect.stringContaining('must be {"reason":"PARTITION_KEY_MISMATCH"}'),
    ]);
  });

  it.each([
    ['the end of 2099', Date.UTC(2099, 11, 31, 23, 59, 59, 999), true],
    ['what comes after it', Date.UTC(2100, 0), false],
    ['what is before all', -1, false],
    ['half a millisecond', 0.5, false],
  ])('bounds times: %s', (_what, time, isTaken) => {
    const event = { type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: time };
    expect('reason' in readInput('user', Buffer.from(JSON.stringify(event)))).toBe(!isTaken);
    for (const type of ['LotteryStartEvent', 'LotteryStopEvent']) {
      const event = { type, lotteryId: 1, timestamp: time };
      expect('reason' in readInput('lottery', Buffer.from(JSON.stringify(event)))).toBe(!isTaken);
    }
  });

  it.each([
    ['twice the end of 2099', 2 * Date.UTC(2099, 11, 31, 23, 59, 59, 999), true],
    ['what comes after it', 2 * Date.UTC(2099, 11, 31, 23, 59, 59, 999) + 1, false],
    ['what is before all', -1, false],
  ])('bounds the times of heartbeats, which come on both streams: %s', (_what, time, isTaken) => {
    for (const channel of ['lottery', 'user'] as const) {
      const data = Buffer.from(JSON.stringify({ type: 'Heartbeat', time }));
      expect('reason' in readInput(channel, data)).toBe(!isTaken);
    }
  });

  it('wants an outcome of a heartbeat that cannot be read', () => {
    const history = new History();
    const id = history.put(1, { type: 'Heartbeat', time: 'now' });
    expect(history.violations()).toEqual([`user event ${id} has no outcome`]);
  });
});

import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../lambda/core/decode.ts';
import { decodeLotteryRecord, decodeUserRecord, isDecoded } from '../../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../../lambda/core/events.ts';
import type { Rejection } from '../../../lambda/core/reasons.ts';
import { sourceRecordOf } from '../../support/records.ts';

const decodeUser = (content: unknown) => decodeUserRecord(sourceRecordOf(1, content));
const decodeLottery = (content: unknown) => decodeLotteryRecord(sourceRecordOf(1, content));

/** The rejection of a record. @throws when it is an event */
function rejectionOf(decoded: Decoded<UserEvent | LotteryEvent>): Rejection {
  if (isDecoded(decoded)) throw new Error(`Decoded: ${JSON.stringify(decoded.event)}`);
  return decoded.rejection;
}

const buyEvent = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 100 };
const clickEvent = { type: 'UserClickEvent', timestamp: 1000, userId: 1, lotteryId: 1 };
const startEvent = { type: 'LotteryStartEvent', lotteryId: 1 };
const entryId = 'shardId-000000000000:49590338271490256608559692528361571091590000000000000001';
const refundEvent = { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId };

describe('bytes that are no JSON object', () => {
  test.each([
    ['nothing', '', 'Event is not valid JSON'],
    ['text', 'not json', 'Event is not valid JSON'],
    ['half an object', '{"type":', 'Event is not valid JSON'],
    ['an object and more', `${JSON.stringify(clickEvent)}{}`, 'Event is not valid JSON'],
    ['a byte that no UTF-8 text has', Buffer.from([0x7b, 0xff, 0x7d]), 'Event is not valid UTF-8'],
    ['a cut-off character', Buffer.from('"é"').subarray(0, 2), 'Event is not valid UTF-8'],
    ['null', 'null', 'Event is not a JSON object'],
    ['a number', '1', 'Event is not a JSON object'],
    ['a string', '"UserClickEvent"', 'Event is not a JSON object'],
    ['an array', JSON.stringify([clickEvent]), 'Event is not a JSON object'],
  ])('%s', (_, content, message) => {
    for (const decode of [decodeUser, decodeLottery]) {
      const decoded = decode(content);
      expect(rejectionOf(decoded)).toEqual({ reason: 'INVALID_JSON', message });
      expect(decoded.original).toBeUndefined();
    }
  });
});

describe('the type', () => {
  const userTypes = 'UserBuyCouponEvent, UserClickEvent, CouponRefundEvent';
  test.each([
    'LotteryStartEvent',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'userclickevent',
    '',
  ])('%j is unknown', (type) => {
    expect(rejectionOf(decodeUser(`{"type":${JSON.stringify(type)},"userId":1}`))).toEqual({
      reason: 'UNKNOWN_TYPE',
      message: `Unknown event type '${type}', expected one of: ${userTypes}`,
      field: 'type',
    });
  });

  test.each([{}, { type: null }, { type: 1 }, { type: ['UserClickEvent'] }])('%j has none', (event) => {
    expect(rejectionOf(decodeUser({ ...clickEvent, type: undefined, ...event }))).toEqual({
      reason: 'UNKNOWN_TYPE',
      message: `Event has no type, expected one of: ${userTypes}`,
      field: 'type',
    });
  });

  test('a long one is quoted in part', () => {
    const { message } = rejectionOf(decodeUser({ type: 'x'.repeat(100_000) }));
    expect(message).toBe(`Unknown event type '${'x'.repeat(64)}…', expected one of: ${userTypes}`);
  });

  test('user events are unknown among lottery events', () => {
    const { reason, message } = rejectionOf(decodeLottery(clickEvent));
    expect(reason).toBe('UNKNOWN_TYPE');
    expect(message).toContain('expected one of: LotteryStartEvent, LotteryStopEvent');
  });
});

describe('a wrong field is named', () => {
  const longest = 'a'.repeat(128);
  test.each([
    ['userId', { ...clickEvent, userId: undefined }],
    ['userId', { ...clickEvent, userId: null }],
    ['userId', { ...clickEvent, userId: -1 }],
    ['userId', { ...clickEvent, userId: 1.5 }],
    ['userId', { ...clickEvent, userId: 2 ** 53 }],
    ['userId', { ...clickEvent, userId: '' }],
    ['userId', { ...clickEvent, userId: `${longest}a` }],
    ['userId', { ...clickEvent, userId: { id: 1 } }],
    ['userId', { ...clickEvent, userId: [1] }],
    ['userId', { ...clickEvent, userId: true }],
    ['lotteryId', { ...clickEvent, lotteryId: undefined }],
    ['lotteryId', { ...clickEvent, lotteryId: '' }],
    ['lotteryId', '{"type":"UserClickEvent","timestamp":1,"userId":1,"lotteryId":"a\\ud800"}'],
    ['lotteryId', '{"type":"UserClickEvent","timestamp":1,"userId":1,"lotteryId":"\\udc00a"}'],
    ['timestamp', { ...clickEvent, timestamp: undefined }],
    ['timestamp', { ...clickEvent, timestamp: '1000' }],
    ['timestamp', { ...clickEvent, timestamp: 0.5 }],
    ['timestamp', { ...clickEvent, timestamp: -1 }],
    ['timestamp', { ...clickEvent, timestamp: 8.64e15 + 1 }],
    ['eventId', { ...clickEvent, eventId: '' }],
    ['eventId', { ...clickEvent, eventId: null }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: undefined }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: '100' }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: 1.5 }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: 2 ** 53 }],
    ['purchasedCoupons', '{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":1e999}'],
    ['drawId', { ...refundEvent, drawId: 'x'.repeat(193) }],
    ['entryId', { ...refundEvent, entryId: 'shard' }],
    ['entryId', { ...refundEvent, entryId: `${'s'.repeat(65)}:1` }],
    ['entryId', { ...refundEvent, entryId: 'a/b:1' }],
  ])('%s in %j', (field, event) => {
    const rejection = rejectionOf(decodeUser(event));
    expect(rejection).toMatchObject({ reason: 'INVALID_FIELD', field });
    expect(rejection.message).toMatch(`Invalid field '${field}': `);
  });

  test.each([
    ['lotteryId', { ...startEvent, lotteryId: undefined }],
    ['timestamp', { ...startEvent, timestamp: 'now' }],
    ['prizes', { ...startEvent, prizes: [] }],
    ['prizes', { ...startEvent, prizes: 'bike' }],
    ['prizes', { ...startEvent, prizes: Array.from({ length: 1001 }, () => 'a') }],
    ['prizes', { ...startEvent, prizes: ['é'.repeat(32 * 1024), 'a'] }],
    ['prizes.1', { ...startEvent, prizes: ['bike', 1] }],
    ['prizes.0', '{"type":"LotteryStartEvent","lotteryId":1,"prizes":["\\ud83d"]}'],
    ['lotteryId', { type: 'LotteryStopEvent' }],
    ['eventId', { type: 'LotteryStopEvent', lotteryId: 1, eventId: -1 }],
  ])('%s in %j', (field, event) => {
    expect(rejectionOf(decodeLottery(event))).toMatchObject({ reason: 'INVALID_FIELD', field });
  });

  test('the rejected event is kept as it was sent', () => {
    const event = { ...clickEvent, userId: -1, note: 'mine' };
    expect(decodeUser(event).original).toEqual(event);
  });
});

describe('what is accepted', () => {
  test.each([
    [1, '1'],
    ['1', '1'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['a', 'a'],
    ['🎟️ käufer', '🎟️ käufer'],
    ['x'.repeat(128), 'x'.repeat(128)],
    ['__proto__', '__proto__'],
  ])('id %j is %j', (sent, id) => {
    expect(decodeUser({ ...clickEvent, userId: sent, lotteryId: sent, eventId: sent })).toMatchObject({
      event: { userId: id, lotteryId: id, eventId: id },
    });
  });

  test('isOutputEvent and other extra fields are ignored', () => {
    const sent = { ...clickEvent, isOutputEvent: true, extra: { deep: [1] } };
    expect(decodeUser(sent)).toMatchObject({
      event: { type: 'UserClickEvent', timestamp: 1000, userId: '1', lotteryId: '1' },
      original: sent,
    });
    expect(decodeUser(sent)).not.toHaveProperty('event.isOutputEvent');
    expect(decodeUser(sent)).not.toHaveProperty('event.extra');
  });

  test('a negative amount is no wrong field: it has a business rejection of its own', () => {
    expect(decodeUser({ ...buyEvent, purchasedCoupons: -1 })).toMatchObject({
      event: { purchasedCoupons: -1 },
    });
  });

  test.each([0, 8.64e15])('timestamp %d', (timestamp) => {
    expect(decodeUser({ ...clickEvent, timestamp })).toMatchObject({ event: { timestamp } });
  });

  test('as many prizes and as large ones as a lottery may have', () => {
    for (const prizes of [Array.from({ length: 1000 }, () => 'x'.repeat(65)), ['é'.repeat(32 * 1024)]]) {
      expect(decodeLottery({ ...startEvent, prizes, timestamp: 5 })).toMatchObject({
        event: { prizes, timestamp: 5 },
      });
    }
  });

  test('a refund', () => {
    expect(decodeUser(refundEvent)).toMatchObject({
      event: { ...refundEvent, userId: '1', lotteryId: '1' },
    });
  });
});

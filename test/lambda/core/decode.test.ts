import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../lambda/core/decode.ts';
import {
  decodeLotteryRecord,
  decodeUserRecord,
  isDecoded,
  isHeartbeat,
} from '../../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../../lambda/core/events.ts';
import type { Rejection } from '../../../lambda/core/reasons.ts';
import { drawIdOf, latestTime } from '../../../lambda/core/window.ts';
import { sourceRecordOf } from '../../support/records.ts';

const decodeUser = (content: unknown) => decodeUserRecord(sourceRecordOf(1, content));
const decodeLottery = (content: unknown) => decodeLotteryRecord(sourceRecordOf(1, content));

/** The rejection of a record. @throws when it is an event */
function rejectionOf(decoded: Decoded<UserEvent | LotteryEvent>): Rejection {
  if (isDecoded(decoded) || isHeartbeat(decoded)) throw new Error(`Decoded: ${JSON.stringify(decoded)}`);
  return decoded.rejection;
}

const buyEvent = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 100 };
const clickEvent = { type: 'UserClickEvent', timestamp: 1000, userId: 1, lotteryId: 1 };
const startEvent = { type: 'LotteryStartEvent', lotteryId: 1 };
const entryId = 'shardId-000000000000:49590338271490256608559692528361571091590000000000000001';
const grantEvent = { type: 'CouponGrantEvent', userId: 1, grantId: 'for the wait' };
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
      expect(decoded).not.toHaveProperty('original');
    }
  });
});

describe('the type', () => {
  const rule = "'type' must be UserBuyCouponEvent or UserClickEvent on the stream user-events-input";

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'userclickevent', ''])(
    '%j is unknown, and clients are told of what they send, not of internal types',
    (type) => {
      expect(rejectionOf(decodeUser(`{"type":${JSON.stringify(type)},"userId":1}`))).toEqual({
        reason: 'UNKNOWN_TYPE',
        message: `Unknown event type: ${rule}, was "${type}"`,
        field: 'type',
      });
    },
  );

  test.each([
    [null, 'null'],
    [1, '1'],
    [['UserClickEvent'], 'a list of 1 (14 bytes of text)'],
    [{}, 'an object'],
  ])('%j is none', (type, given) => {
    expect(rejectionOf(decodeUser({ ...clickEvent, type }))).toMatchObject({
      reason: 'UNKNOWN_TYPE',
      message: `Unknown event type: ${rule}, was ${given}`,
    });
  });

  test('that is missing', () => {
    expect(rejectionOf(decodeUser({ ...clickEvent, type: undefined }))).toEqual({
      reason: 'UNKNOWN_TYPE',
      message: `Event has no type: ${rule}`,
      field: 'type',
    });
  });

  test('a long one is quoted in part', () => {
    const { message } = rejectionOf(decodeUser({ type: 'x'.repeat(100_000) }));
    expect(message).toBe(`Unknown event type: ${rule}, was "${'x'.repeat(64)}"… (100000 characters)`);
  });

  test('of the other stream is told where it belongs', () => {
    expect(rejectionOf(decodeLottery(clickEvent))).toEqual({
      reason: 'UNKNOWN_TYPE',
      message: 'UserClickEvent belongs on the stream user-events-input, this is lottery-events-input',
      field: 'type',
    });
    expect(rejectionOf(decodeUser(startEvent)).message).toBe(
      'LotteryStartEvent belongs on the stream lottery-events-input, this is user-events-input',
    );
  });

  test('an internal one of the other stream is as unknown as any', () => {
    expect(rejectionOf(decodeLottery(refundEvent)).message).toBe(
      "Unknown event type: 'type' must be LotteryStartEvent or LotteryStopEvent on the stream " +
        'lottery-events-input, was "CouponRefundEvent"',
    );
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
    ['timestamp', { ...clickEvent, timestamp: latestTime + 1 }],
    ['eventId', { ...clickEvent, eventId: '' }],
    ['eventId', { ...clickEvent, eventId: null }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: undefined }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: '100' }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: 1.5 }],
    ['purchasedCoupons', { ...buyEvent, purchasedCoupons: 2 ** 53 }],
    ['purchasedCoupons', '{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":1e999}'],
    ['grantId', { ...grantEvent, grantId: undefined }],
    ['grantId', { ...grantEvent, grantId: 7 }],
    ['grantId', { ...grantEvent, grantId: '' }],
    ['grantId', { ...grantEvent, grantId: 'x'.repeat(129) }],
    ['grantId', '{"type":"CouponGrantEvent","userId":1,"grantId":"a\\ud800"}'],
    ['userId', { ...grantEvent, userId: undefined }],
    ['drawId', { ...refundEvent, drawId: undefined }],
    ['drawId', { ...refundEvent, drawId: '' }],
    ['drawId', { ...refundEvent, drawId: '1' }],
    ['drawId', { ...refundEvent, drawId: '2@0' }],
    ['drawId', { ...refundEvent, drawId: '1@00' }],
    ['drawId', { ...refundEvent, drawId: '1@0#1' }],
    ['drawId', { ...refundEvent, drawId: '1@0@0' }],
    ['drawId', { ...refundEvent, drawId: `1@${'0'.repeat(2048)}` }],
    ['entryId', { ...refundEvent, entryId: '' }],
    ['entryId', { ...refundEvent, entryId: 'shard' }],
    ['entryId', { ...refundEvent, entryId: `${'s'.repeat(129)}:1` }],
    ['entryId', { ...refundEvent, entryId: 'shardId-0:1:01' }],
    ['entryId', { ...refundEvent, entryId: 'shardId-0:1:' }],
    ['entryId', { ...refundEvent, entryId: 'shardId-0:1:1:1' }],
    ['entryId', { ...refundEvent, entryId: '..:1' }],
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
    ['timestamp', { type: 'LotteryStopEvent', lotteryId: 1, timestamp: -1 }],
    ['eventId', { type: 'LotteryStopEvent', lotteryId: 1, eventId: -1 }],
  ])('%s in %j', (field, event) => {
    expect(rejectionOf(decodeLottery(event))).toMatchObject({ reason: 'INVALID_FIELD', field });
  });

  const id =
    'a whole number from 0 to 9007199254740991, or a string of 1 to 128 characters of well-formed Unicode';
  const time = 'a whole number of milliseconds since 1970, from 0 to 4102444799999';
  const amount = 'a whole number from 1 to 4503599627370496';
  const prizes = 'a list of 1 to 1000 strings of well-formed Unicode, at most 65536 bytes in all';
  const prize = 'a string of well-formed Unicode';
  test.each([
    [{ ...clickEvent, userId: undefined }, `'userId': is missing, must be ${id}`],
    [{ ...clickEvent, userId: -1 }, `'userId': must be ${id}, was -1`],
    [{ ...clickEvent, userId: '' }, `'userId': must be ${id}, was ""`],
    [
      { ...clickEvent, lotteryId: longest.repeat(8_000) },
      `'lotteryId': must be ${id}, was "${'a'.repeat(64)}"… (1024000 characters)`,
    ],
    [{ ...clickEvent, eventId: null }, `'eventId': must be ${id}, was null`],
    [{ ...clickEvent, timestamp: 'now' }, `'timestamp': must be ${time}, was "now"`],
    [{ ...clickEvent, timestamp: 1.5 }, `'timestamp': must be ${time}, was 1.5`],
    [{ ...buyEvent, purchasedCoupons: {} }, `'purchasedCoupons': must be ${amount}, was an object`],
    [{ ...startEvent, prizes: [] }, `'prizes': must be ${prizes}, was a list of 0 (0 bytes of text)`],
    [{ ...startEvent, prizes: ['bike', 7] }, `'prizes.1': must be ${prize}, was 7`],
    [{ ...startEvent, prizes: ['\ud83d'] }, `'prizes.0': must be ${prize}, was "\\ud83d"`],
    [
      { ...startEvent, prizes: ['x'.repeat(65_537)] },
      `'prizes': must be ${prizes}, was a list of 1 (65537 bytes of text)`,
    ],
    [
      { ...refundEvent, drawId: '2@0' },
      '\'drawId\': must be the id of a draw of the lottery, "<lotteryId>@<windowStart>" or ' +
        '"<lotteryId>@<windowStart>#<run>", was "2@0"',
    ],
  ])('%#: with what it must be and what was given', (event, message) => {
    const decoded = event.type === 'LotteryStartEvent' ? decodeLottery(event) : decodeUser(event);
    expect(rejectionOf(decoded).message).toBe(`Invalid field ${message}`);
  });

  test('the rejected event is kept as it was sent', () => {
    const event = { ...clickEvent, userId: -1, note: 'mine' };
    expect(decodeUser(event)).toMatchObject({ original: event });
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

  test.each([0, latestTime])('timestamp %d', (timestamp) => {
    expect(decodeUser({ ...clickEvent, timestamp })).toMatchObject({ event: { timestamp } });
  });

  test('as many prizes and as large ones as a lottery may have', () => {
    for (const prizes of [Array.from({ length: 1000 }, () => 'x'.repeat(65)), ['é'.repeat(32 * 1024)]]) {
      expect(decodeLottery({ ...startEvent, prizes, timestamp: 5 })).toMatchObject({
        event: { prizes, timestamp: 5 },
      });
    }
  });

  test('a grant, without what somebody adds to it', () => {
    expect(decodeUser({ ...grantEvent, coupons: 1_000 })).toMatchObject({
      event: { ...grantEvent, userId: '1' },
    });
  });

  test('a refund', () => {
    expect(decodeUser(refundEvent)).toMatchObject({
      event: { ...refundEvent, userId: '1', lotteryId: '1' },
    });
  });

  test.each(['1', 'a', '@', '#', '1@0', '1@0#2', '__proto__', '\u0000', '🎟'.repeat(64), '界'.repeat(128)])(
    'a refund of any draw of lottery %j, and of no other’s',
    (lotteryId) => {
      for (const [run, windowStart] of [
        [1, 0],
        [2, 0],
        [Number.MAX_SAFE_INTEGER, latestTime],
      ] as const) {
        const drawId = drawIdOf({ lotteryId, run, windowStart });
        expect(decodeUser({ ...refundEvent, lotteryId, drawId })).toMatchObject({ event: { drawId } });
        expect(Buffer.byteLength(drawId)).toBeLessThanOrEqual(2048);
        const other = { ...refundEvent, lotteryId: 'another', drawId };
        expect(rejectionOf(decodeUser(other))).toMatchObject({ field: 'drawId' });
      }
    },
  );
});

describe('a heartbeat', () => {
  test.each([{}, { time: 0 }, { time: 2 * latestTime }])('is no event on either stream: %j', (fields) => {
    for (const decode of [decodeUser, decodeLottery]) {
      const decoded = decode({ type: 'Heartbeat', ...fields, more: 1 });
      expect(decoded).not.toHaveProperty('event');
      expect(decoded).toMatchObject({ heartbeat: { type: 'Heartbeat', ...fields } });
      expect(decoded).not.toHaveProperty('rejection');
    }
  });

  test.each([-1, 0.5, '1', null, 2 * latestTime + 1])('of time %j is wrong as any event', (time) => {
    for (const decode of [decodeUser, decodeLottery]) {
      expect(rejectionOf(decode({ type: 'Heartbeat', time }))).toMatchObject({
        reason: 'INVALID_FIELD',
        field: 'time',
      });
    }
  });
});

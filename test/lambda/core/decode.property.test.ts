import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../lambda/core/decode.ts';
import {
  decodeLotteryRecord,
  decodeUserRecord,
  isDecoded,
  isHeartbeat,
} from '../../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../../lambda/core/events.ts';
import { rejectedEvent } from '../../../lambda/core/rejected-event.ts';
import { sourceRecordOf } from '../../support/records.ts';

/** Kinesis takes records of up to 1 MB: what tells of one must fit in one. */
const maximumRecord = 1024 * 1024;

/** Whatever the bytes are: no error, and an event or a rejection that can be published. */
function expectSettled(data: Buffer): void {
  for (const decode of [decodeUserRecord, decodeLotteryRecord]) {
    const decoded: Decoded<UserEvent | LotteryEvent> = decode(sourceRecordOf(1, data));
    if (isDecoded(decoded) || isHeartbeat(decoded)) continue;
    const text = JSON.stringify(rejectedEvent(decoded));
    expect(Buffer.byteLength(text)).toBeLessThan(maximumRecord);
    const event = JSON.parse(text);
    expect(event).toMatchObject({ type: 'EventRejectedEvent', reason: decoded.rejection.reason });
    expect('event' in event).toBe(!('raw' in event));
  }
}

const types = [
  'UserBuyCouponEvent',
  'UserClickEvent',
  'CouponRefundEvent',
  'LotteryStartEvent',
  'LotteryStopEvent',
  'Heartbeat',
];
/** Any UTF-16 string, lone surrogates too. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const anyValue = fc.oneof(fc.jsonValue(), anyText, fc.integer(), fc.double(), fc.constant('1'));

/** Events whose fields hold anything. */
const almostEvent = fc.record(
  {
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: anyText }),
    userId: anyValue,
    lotteryId: anyValue,
    timestamp: anyValue,
    purchasedCoupons: anyValue,
    prizes: fc.oneof(anyValue, fc.array(anyValue)),
    eventId: anyValue,
    drawId: anyValue,
    entryId: anyValue,
    isOutputEvent: anyValue,
    time: anyValue,
  },
  { requiredKeys: ['type'] },
);

describe('a record makes no batch fail', () => {
  test('of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectSettled(Buffer.from(bytes))),
      { numRuns: 500 },
    );
  });

  test('of any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => expectSettled(Buffer.from(json))),
      { numRuns: 300 },
    );
  });

  test('of any event-like object', () => {
    fc.assert(
      fc.property(almostEvent, (event) => expectSettled(Buffer.from(JSON.stringify(event)))),
      { numRuns: 1500 },
    );
  });

  test('of a damaged event', () => {
    const bytes = Buffer.from('{"type":"UserClickEvent","timestamp":1000,"userId":1,"lotteryId":"é"}');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (position, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[position] = byte;
        expectSettled(damaged);
        expectSettled(bytes.subarray(0, position));
      }),
      { numRuns: 500 },
    );
  });

  test('of any depth', () => {
    const brackets = fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}']);
    const fields = fc.constantFrom('extra', 'userId', 'prizes', 'lotteryId', 'eventId');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80_000 }),
        brackets,
        fields,
        fc.constantFrom(...types),
        (depth, [open, close], field, type) => {
          const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
          expectSettled(Buffer.from(`{"type":"${type}","${field}":${nested}}`));
          // Not closed: no JSON, and found out without recursion too.
          expectSettled(Buffer.from(`{"type":"${type}","${field}":${open.repeat(depth)}`));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of 1 MB', () => {
    const size = maximumRecord - 200;
    const fill = (filling: string) => filling.repeat(Math.floor(size / filling.length));
    const bodies = [
      `"extra":[${fill('[],')}1]`,
      `"prizes":[${fill('"",')}""]`,
      `"prizes":[${fill('0,')}0]`,
      `"userId":"${fill('a')}"`,
      `"lotteryId":[${fill('1,')}1]`,
      `"eventId":${fill('9')}`,
      `"timestamp":1e${fill('9')}`,
      `"extra":{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":${n % 10}`).join()}}`,
    ];
    for (const type of ['UserClickEvent', 'LotteryStartEvent']) {
      for (const body of bodies) expectSettled(Buffer.from(`{"type":"${type}",${body}}`));
    }
    expectSettled(Buffer.alloc(size, '['));
    expectSettled(Buffer.alloc(size, 0xed));
  });
});

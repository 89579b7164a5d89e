import { describe, expect, it } from 'vitest';
import type { OutputEvent } from '../../../client/output-events.ts';
import { recordIdOfOutcome } from '../../../client/output-events.ts';
import type { InputRecord } from '../../../lambda/core/decode.ts';
import { audit } from '../../../proof/audit/audit.ts';
import type { Evidence } from '../../../proof/audit/evidence.ts';
import { buy, click, start, stop } from '../../support/client-events.ts';
import {
  bought,
  input,
  late,
  lost,
  receipts,
  shard,
  sound,
  startedEvent,
  stoppedEvent,
  won,
} from './evidence.ts';

/** Outcomes are compared with what was put: evidence that agrees with itself, and not with the inputs. */

const id = (number: number) => `${shard}:${number}`;

function rejected(recordId: string, reason: string): OutputEvent {
  return { type: 'EventRejectedEvent', reason, message: '', recordId };
}

/** The sound run with other outcomes for these records, and with further records. */
function changed(
  channel: 'user' | 'lottery',
  outcomes: readonly OutputEvent[],
  more: readonly InputRecord[] = [],
): Partial<Evidence> {
  const ids = new Set(outcomes.map(recordIdOfOutcome));
  const others = sound.outputs[channel].filter((event) => {
    const recordId = recordIdOfOutcome(event);
    return recordId === undefined || !ids.has(recordId);
  });
  return {
    inputs: { ...sound.inputs, [channel]: [...sound.inputs[channel], ...more] },
    outputs: { ...sound.outputs, [channel]: [...others, ...outcomes] },
  };
}

const buyBy2 = (number: number, purchasedCoupons: number, more: object = {}) =>
  input(id(number), '2', buy(2, purchasedCoupons, more));
const clickBy2 = (number: number, timestamp: number) => input(id(number), '2', click(2, timestamp));
const boughtBy2 = (number: number, purchasedCoupons: number, availableCoupons: number): OutputEvent => ({
  ...{ type: 'CouponsBoughtEvent', userId: 2, recordId: id(number), purchasedCoupons, availableCoupons },
});
const lottery = (number: number, event: object) => input(id(number), '1', event);
const withId = { eventId: 'a' };
const forgotten = Array.from({ length: 32 }, (_, index) => 400 + index);

describe('the audit of outcomes beside inputs', () => {
  it.each<[string, Partial<Evidence>]>([
    [
      'a rejection for want of coupons',
      changed('user', [rejected(id(300), 'INVALID_COUPON_AMOUNT')], [buyBy2(300, -1)]),
    ],
    [
      'a duplicate',
      changed(
        'user',
        [boughtBy2(9, 5, 10), rejected(id(50), 'DUPLICATE_EVENT'), { ...receipts.lost, availableCoupons: 9 }],
        [buyBy2(9, 5, withId), buyBy2(50, 5, withId)],
      ),
    ],
    [
      'a click out of range',
      changed('user', [rejected(id(300), 'TIMESTAMP_OUT_OF_RANGE')], [clickBy2(300, 9_000_000)]),
    ],
    [
      'bytes that are no event',
      changed('user', [rejected(id(300), 'INVALID_JSON')], [{ ...buyBy2(300, 5), data: Buffer.from('{') }]),
    ],
    [
      'a stop of a lottery that was stopped',
      changed('lottery', [rejected(id(300), 'LOTTERY_INACTIVE')], [lottery(300, stop())]),
    ],
  ])('allows %s', async (_what, evidence) => {
    const findings = await audit({ ...sound, ...evidence });
    expect(findings.filter((line) => !line.startsWith('user 2 has'))).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      'a rightful purchase was rejected',
      changed('user', [rejected(id(2), 'NO_COUPON')]),
      `the outcome of user event ${id(2)} does not fit it`,
    ],
    [
      'another amount was bought than asked for',
      { ...changed('user', [{ ...bought(2), purchasedCoupons: 500 }]) },
      `the outcome of user event ${id(2)} does not fit it`,
    ],
    [
      'somebody else got the coupons',
      changed('user', [{ ...bought(2), userId: 1 }]),
      `the outcome of user event ${id(2)} does not fit it`,
    ],
    [
      'a receipt has another timestamp than the click',
      changed('user', [{ ...receipts.lost, timestamp: 7 }]),
      `the outcome of user event ${lost} does not fit it`,
    ],
    [
      'a receipt is of another window than the click',
      changed('user', [{ ...receipts.lost, windowStart: 0, drawId: '1@0' }]),
      `the outcome of user event ${lost} does not fit it`,
    ],
    [
      'garbage was accepted',
      changed('user', [boughtBy2(300, 5, 9)], [{ ...buyBy2(300, 5), data: Buffer.from('{') }]),
      `the outcome of user event ${id(300)} does not fit it`,
    ],
    [
      'an event under the key of another was applied',
      changed('user', [boughtBy2(300, 5, 9)], [{ ...buyBy2(300, 5), partitionKey: '3' }]),
      `the outcome of user event ${id(300)} does not fit it`,
    ],
    [
      'a balance is below nothing',
      changed('user', [{ ...receipts.lost, availableCoupons: -7 }]),
      `user 2, event ${lost}: it leaves 4 coupons, the outcome says -7`,
    ],
    [
      'a click was accepted without a coupon',
      changed('user', [rejected(id(1), 'INVALID_COUPON_AMOUNT'), { ...receipts.won, availableCoupons: -1 }]),
      `user 1, event ${won}: it leaves -1 coupons`,
    ],
    [
      'a click was rejected, and there were coupons',
      changed('user', [rejected(late, 'NO_COUPON')]),
      `user 3, event ${late}: rejected for want of a coupon, with 5`,
    ],
    [
      'an event id counted twice',
      changed(
        'user',
        [boughtBy2(300, 5, 9), boughtBy2(301, 5, 14)],
        [buyBy2(300, 5, withId), buyBy2(301, 5, withId)],
      ),
      `user 2, event ${id(301)}: it was applied before, and was applied again`,
    ],
    [
      'an event was taken for a duplicate',
      changed('user', [rejected(id(300), 'DUPLICATE_EVENT')], [buyBy2(300, 5, withId)]),
      `user 2, event ${id(300)}: no duplicate of an event before it`,
    ],
    [
      'an event id was remembered for longer than its bound',
      changed(
        'user',
        [
          boughtBy2(300, 1, 5),
          ...forgotten.map((number, index) => boughtBy2(number, 1, 6 + index)),
          rejected(id(500), 'DUPLICATE_EVENT'),
        ],
        [
          buyBy2(300, 1, withId),
          ...forgotten.map((number) => buyBy2(number, 1, { eventId: number })),
          buyBy2(500, 1, withId),
        ],
      ),
      `user 2, event ${id(500)}: no duplicate of an event before it`,
    ],
    [
      'a refund that was granted was rejected',
      changed('user', [rejected(id(200), 'REFUND_UNKNOWN')]),
      `user 3, event ${id(200)}: a refund that is stored was rejected`,
    ],
    [
      'a click was out of range that was nearer than another',
      changed('user', [rejected(id(300), 'TIMESTAMP_OUT_OF_RANGE')], [clickBy2(300, 2_006)]),
      `user event ${id(300)} was out of range with 0 ms, another was not with 1 ms`,
    ],
    [
      'a lottery started with other prizes than asked for',
      changed('lottery', [{ ...startedEvent, prizes: ['a car'], firstWindowStart: 0 }]),
      `the outcome of lottery event ${id(1)} does not fit it`,
    ],
    [
      'the first start was rejected',
      changed('lottery', [rejected(id(1), 'LOTTERY_ALREADY_STARTED')]),
      `lottery 1, event ${id(1)}: rejected as started before, and it was the first`,
    ],
    [
      'a stop was rejected that nothing came before',
      changed('lottery', [rejected(id(2), 'LOTTERY_INACTIVE')]),
      `lottery 1, event ${id(2)}: rejected as inactive in run 1, which nothing had ended`,
    ],
    [
      'a lottery was stopped twice',
      changed('lottery', [{ ...stoppedEvent, recordId: id(300) }], [lottery(300, stop())]),
      `lottery 1, event ${id(300)}: it stopped run 1, which was not active`,
    ],
    [
      'a lottery was started while it ran',
      changed('lottery', [{ ...startedEvent, run: 2, recordId: id(1) }]),
      `lottery 1, event ${id(1)}: it started run 2 after run 0`,
    ],
    [
      'a lottery was started again, and nothing had ended it',
      {
        ...changed('lottery', [{ ...startedEvent, run: 2, recordId: id(2) }]),
        inputs: {
          ...sound.inputs,
          lottery: [lottery(1, start()), lottery(2, start())],
        },
      },
      `lottery 1, event ${id(2)}: it started run 2, and nothing had ended run 1`,
    ],
    [
      'a run has other prizes than were announced',
      changed('lottery', [{ ...startedEvent, prizes: ['a car'], firstWindowStart: 2_000 }]),
      'run 1#1 was started with other prizes than it has',
    ],
    [
      'a limit was named that was not reached',
      changed('user', [rejected(id(2), 'COUPON_LIMIT_EXCEEDED')]),
      `user 2, event ${id(2)}: over the limit with 0 coupons`,
    ],
  ])('finds that %s', async (_what, evidence, violation) => {
    expect(await audit({ ...sound, ...evidence })).toContain(violation);
  });
});

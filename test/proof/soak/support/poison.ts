import { Random } from '../../../../local/faults/random.ts';
import type { PlayerRecord } from '../../../../proof/simulation/player-record.ts';
import { buy, click } from '../../../support/client-events.ts';

/** A record and whether it is a good one. */
export interface FuzzedRecord extends PlayerRecord {
  /** The type of its outcome. */
  expected: 'EventRejectedEvent' | 'CouponsBoughtEvent' | 'ClickAcceptedEvent';
}

/** Kinesis takes 1 MiB with the partition key. */
const LARGEST_RECORD = 1_048_576 - 64;

const types = [
  'UserBuyCouponEvent',
  'UserClickEvent',
  'LotteryStartEvent',
  'LotteryStopEvent',
  'CouponRefundEvent',
];

const wrongValues: readonly unknown[] = [
  ...[null, true, -1, 1.5, 2 ** 60, '', 'x'.repeat(129), [], {}, [[1]], { $gt: 0 }, '\ud800', 'a\udfff'],
];

/** Bad records of every kind, with a good one here and there; what they are comes from the seed. */
export class Fuzz {
  readonly #random: Random;
  #good = 0;

  constructor(seed: number) {
    this.#random = new Random(seed, 'poison');
  }

  /** A purchase, and a click at the next call: give both the same user, and the click has its coupon. */
  good(userId: number): FuzzedRecord {
    this.#good += 1;
    const isClick = this.#good % 2 === 0;
    const event = isClick ? click(userId, Date.now()) : buy(userId, 5);
    return {
      ...{ channel: 'user', partitionKey: String(userId), data: Buffer.from(JSON.stringify(event)) },
      expected: isClick ? 'ClickAcceptedEvent' : 'CouponsBoughtEvent',
    };
  }

  bad(): FuzzedRecord {
    const data = this.#badData();
    const channel = this.#random.chance(0.3) ? 'lottery' : 'user';
    return { channel, partitionKey: String(this.#random.below(50)), data, expected: 'EventRejectedEvent' };
  }

  /** As large as a record can be: bytes, and JSON. */
  huge(): FuzzedRecord[] {
    const bytes = Buffer.alloc(LARGEST_RECORD, 0xfe);
    const prefix = '{"type":"UserBuyCouponEvent","userId":"';
    const text = `${prefix}${'x'.repeat(LARGEST_RECORD - prefix.length - 24)}","purchasedCoupons":1}`;
    const deep = Buffer.from('['.repeat(LARGEST_RECORD / 2) + ']'.repeat(LARGEST_RECORD / 2));
    return [bytes, Buffer.from(text), deep].map((data) => ({
      ...{ channel: 'user', partitionKey: 'huge', data, expected: 'EventRejectedEvent' },
    }));
  }

  #badData(): Buffer {
    const random = this.#random;
    switch (random.weighted({ bytes: 3, deep: 1, wrongField: 4, noEvent: 2, surrogate: 1, cut: 2 })) {
      case 'bytes':
        // The first byte begins no JSON, whatever follows.
        return Buffer.from([0xff, ...Array.from({ length: random.below(300) }, () => random.below(256))]);
      case 'deep': {
        const depth = 1 + random.below(20_000);
        return Buffer.from(`{"type":"UserClickEvent","userId":${'['.repeat(depth)}${']'.repeat(depth)}}`);
      }
      case 'wrongField':
        return json({
          type: random.pick(types),
          lotteryId: random.pick(wrongValues),
          userId: random.pick(wrongValues),
        });
      case 'noEvent':
        return json(
          random.pick([...wrongValues, { type: random.pick(['', '__proto__', 'toString', 7, null]) }]),
        );
      case 'surrogate':
        return Buffer.from('{"type":"UserBuyCouponEvent","userId":"\\ud83d","purchasedCoupons":1}');
      case 'cut': {
        const text = JSON.stringify({ type: random.pick(types), userId: 1, lotteryId: 1, timestamp: 1 });
        return Buffer.from(text.slice(0, 1 + random.below(text.length - 1)));
      }
    }
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

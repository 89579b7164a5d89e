import { gzipSync } from 'node:zlib';
import type { Random } from '../../local/faults/random.ts';
import { aggregateOf, bytesField, numberField } from './aggregate-writer.ts';
import { type Id, type PlayerRecord, userRecord } from './player-record.ts';

/** How much of what is put is aggregated: in most runs nothing is. */
const shares = [0, 0, 0, 0.03, 0.3];

/** What aggregated records are like, in parts. */
const mix = {
  honest: 60,
  burst: 30,
  lone: 8,
  large: 3,
  withHashKeys: 6,
  withHeartbeat: 6,
  nested: 4,
  compressed: 4,
  wrongChecksum: 3,
  truncated: 3,
  withoutEvent: 2,
  keyOutOfTable: 3,
  hashKeyOutOfTable: 2,
  garbage: 2,
  rubbish: 3,
  crowd: 1,
} as const;

/** Of one user in a record, 500 are applied; and of a batch, some 700 have room. */
const CROWD = { most: 520, records: 3 };
/** A larger one is put as it is: a record of Kinesis takes 1 MiB. */
const LARGEST = 20_000;

/** Producers that put many events into one record, and cheats among them. */
export class Aggregators {
  readonly #random: Random;
  readonly #share: number;
  /** What came while a record was filled, and does not belong in it. */
  readonly #waiting: PlayerRecord[] = [];
  /** The user of whom many come in a row, once in a run. */
  #crowd: { readonly userId: Id; left: number } | undefined;

  constructor(random: Random) {
    this.#random = random;
    this.#share = random.pick(shares);
  }

  /** @param one what players put next, mostly as it is */
  next(one: () => PlayerRecord): PlayerRecord {
    if (this.#crowd !== undefined && this.#crowd.left > 0) return this.#ofCrowd(this.#crowd);
    const record = this.#waiting.shift() ?? one();
    if (this.#share === 0 || !this.#random.chance(this.#share) || !isInner(record)) return record;
    const kind = this.#random.weighted(mix);
    if (kind === 'crowd' && this.#crowd === undefined && record.channel === 'user') {
      this.#waiting.push(record);
      this.#crowd = { userId: record.partitionKey, left: CROWD.records };
      return this.#ofCrowd(this.#crowd);
    }
    if (kind === 'burst' && record.channel === 'user')
      return { ...this.#place(record), data: aggregated(this.#burst(record)) };
    const count = { lone: 1, large: 60 }[String(kind)] ?? 2 + this.#random.below(7);
    const events = [record, ...this.#more(record.channel, count - 1, one)];
    return { ...this.#place(record), data: this.#dataOf(kind, events) };
  }

  /** What still has to be put, as nobody fills a record any more. */
  rest(): PlayerRecord[] {
    return this.#waiting.splice(0);
  }

  #more(channel: PlayerRecord['channel'], count: number, one: () => PlayerRecord): PlayerRecord[] {
    return Array.from({ length: count }, one).filter((record) => {
      const isOne = record.channel === channel && isInner(record);
      if (!isOne) this.#waiting.push(record);
      return isOne;
    });
  }

  /** Where its first event belongs, mostly: the others may be of any shard. */
  #place({ channel, partitionKey }: PlayerRecord): Omit<PlayerRecord, 'data'> {
    return this.#random.chance(0.8) ? { channel, partitionKey } : { channel, partitionKey: 'a' };
  }

  #dataOf(kind: keyof typeof mix, events: readonly PlayerRecord[]): Buffer {
    const whole = aggregated(events);
    const [first] = events;
    const inner = (data: Uint8Array) =>
      aggregated([...events, { partitionKey: first?.partitionKey ?? '', data }]);
    switch (kind) {
      case 'withHashKeys':
        return aggregated(events, [bytesField(2, Buffer.from('0'))], [numberField(2, 0)]);
      case 'hashKeyOutOfTable':
        return aggregated(events, [bytesField(2, Buffer.from('0'))], [numberField(2, 1)]);
      case 'withHeartbeat':
        return inner(Buffer.from('{"type":"Heartbeat"}'));
      case 'nested':
        return inner(whole);
      case 'compressed':
        return inner(gzipSync(first?.data ?? ''));
      case 'rubbish':
        return aggregated([...rubbish, ...events, ...rubbish]);
      case 'wrongChecksum':
        return Buffer.concat([whole.subarray(0, -1), Buffer.of((whole.at(-1) ?? 0) ^ 1)]);
      case 'truncated':
        return whole.subarray(0, 4 + this.#random.below(whole.length - 4));
      case 'withoutEvent':
        return aggregated([]);
      case 'keyOutOfTable':
        return aggregateOf([eventField(1, Buffer.from('{}')), bytesField(1, Buffer.from('a'))]);
      case 'garbage':
        return aggregateOf([Buffer.from(Array.from({ length: 20 }, () => this.#random.below(256)))]);
      default:
        return whole;
    }
  }

  /** What one user does at once: the same again and again, and purchases between. */
  #burst(record: PlayerRecord): PlayerRecord[] {
    return Array.from({ length: 3 + this.#random.below(4) }, () =>
      this.#random.chance(0.5) ? record : purchase(record.partitionKey, 1 + this.#random.below(20)),
    );
  }

  /** Purchases and clicks of one user: in one record more than are applied, or as many as fill a batch with the next. */
  #ofCrowd(crowd: { readonly userId: Id; left: number }): PlayerRecord {
    crowd.left -= 1;
    const count = this.#random.pick([CROWD.most, 400 + this.#random.below(100)]);
    const events = Array.from({ length: count }, (_, index) => purchase(crowd.userId, 1 + (index % 7)));
    return { channel: 'user', partitionKey: String(crowd.userId), data: aggregated(events) };
  }
}

function purchase(userId: Id, purchasedCoupons: number): PlayerRecord {
  return userRecord({ type: 'UserBuyCouponEvent', userId, purchasedCoupons });
}

/** Of one who shares a record with others: on average its events are shorter than any is. */
const rubbish = Array.from({ length: 200 }, () => ({ partitionKey: 'mallory', data: Buffer.from('x') }));

/** What goes with nothing but itself stays outside. */
function isInner({ data, grant, isLost }: PlayerRecord): boolean {
  return data.length <= LARGEST && grant === undefined && isLost === undefined;
}

type Inner = Pick<PlayerRecord, 'partitionKey'> & { readonly data: Uint8Array };

/** @param tables fields beside the keys @param more fields of each event */
function aggregated(
  events: readonly Inner[],
  tables: readonly Buffer[] = [],
  more: readonly Buffer[] = [],
): Buffer {
  const keys = [...new Set(events.map(({ partitionKey }) => partitionKey))];
  return aggregateOf([
    ...keys.map((key) => bytesField(1, Buffer.from(key))),
    ...tables,
    ...events.map(({ partitionKey, data }) => eventField(keys.indexOf(partitionKey), data, more)),
  ]);
}

function eventField(keyIndex: number, data: Uint8Array, more: readonly Buffer[] = []): Buffer {
  return bytesField(3, Buffer.concat([numberField(1, keyIndex), ...more, bytesField(3, data)]));
}

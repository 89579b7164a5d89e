import type { Channel } from '../../client/expectations.ts';
import { Random } from '../../local/faults/random.ts';

/** A record on its way to an input stream. */
export interface PlayerRecord {
  channel: Channel;
  partitionKey: string;
  data: Buffer;
}

export interface PlayersOptions {
  seed: number | string;
  players: number;
  windowMs: number;
  now(): number;
}

/** Lotteries: numbers and a word, for both forms of an id. */
const lotteryIds: readonly (number | string)[] = [1, 2, 3, 'gold'];

/** How often what is put, in parts. Most are clicks; the rest is what a pipeline must bear beside them. */
const mix = {
  click: 100,
  buy: 14,
  lateClick: 6,
  retry: 4,
  start: 4,
  stop: 0.5,
  outOfRange: 1,
  noCoupons: 1,
  forgedRefund: 1,
  garbage: 2,
  wrongField: 2,
} as const;

/** Of events with an id, the last so many may be put again, as by a producer that got no answer. */
const REMEMBERED = 8;

/** Simulated players: which events they put, and in which order, comes from the seed; timestamps from the clock. */
export class Players {
  readonly #options: PlayersOptions;
  readonly #random: Random;
  readonly #withId: PlayerRecord[] = [];
  #events = 0;

  constructor(options: PlayersOptions) {
    this.#options = options;
    this.#random = new Random(options.seed, 'players');
  }

  /** What comes first: the lotteries start. */
  opening(): PlayerRecord[] {
    return lotteryIds.map((lotteryId) => lotteryRecord({ type: 'LotteryStartEvent', lotteryId }));
  }

  /** What comes last: the lotteries stop, so that their seeds are revealed and their draws can be checked. */
  closing(): PlayerRecord[] {
    return lotteryIds.map((lotteryId) => lotteryRecord({ type: 'LotteryStopEvent', lotteryId }));
  }

  next(): PlayerRecord {
    this.#events += 1;
    // Everybody buys before all else, so that most clicks are accepted.
    if (this.#events <= this.#options.players) return this.#buy(userIdOf(this.#events));
    const kind = this.#random.weighted(mix);
    switch (kind) {
      case 'click':
        return this.#click(this.#random.pick([0, 0, 0, 200, 800]));
      case 'lateClick':
        return this.#click(this.#options.windowMs * (1 + 3 * this.#random.next()));
      case 'outOfRange':
        return this.#click(this.#random.pick([3_600_000, -300_000_000_000]));
      case 'buy':
        return this.#buy(this.#user());
      case 'noCoupons':
        return userRecord({ type: 'UserBuyCouponEvent', userId: this.#user(), purchasedCoupons: -1 });
      case 'retry':
        return this.#withId.length === 0 ? this.#buy(this.#user()) : this.#random.pick(this.#withId);
      case 'start':
        return this.#start();
      case 'stop':
        return lotteryRecord({ type: 'LotteryStopEvent', lotteryId: this.#random.pick(lotteryIds) });
      case 'forgedRefund':
        return this.#forgedRefund();
      case 'garbage':
        return this.#garbage();
      case 'wrongField':
        return this.#wrongField();
      default:
        return kind satisfies never;
    }
  }

  #user(): number | string {
    return userIdOf(1 + this.#random.below(this.#options.players));
  }

  #click(ageMs: number): PlayerRecord {
    const timestamp = Math.max(0, Math.round(this.#options.now() - ageMs));
    const lotteryId = this.#random.pick(lotteryIds);
    return userRecord({ type: 'UserClickEvent', timestamp, userId: this.#user(), lotteryId });
  }

  #buy(userId: number | string): PlayerRecord {
    const purchasedCoupons = 1 + this.#random.below(20);
    const event = { type: 'UserBuyCouponEvent', userId, purchasedCoupons };
    if (this.#random.chance(0.5)) return userRecord(event);
    const record = userRecord({ ...event, eventId: `purchase-${this.#events}` });
    this.#withId.push(record);
    if (this.#withId.length > REMEMBERED) this.#withId.shift();
    return record;
  }

  #start(): PlayerRecord {
    const prizes = Array.from({ length: 2 + this.#random.below(4) }, (_, index) => `prize ${index + 1}`);
    const lotteryId = this.#random.pick(lotteryIds);
    return lotteryRecord({
      type: 'LotteryStartEvent',
      lotteryId,
      ...(this.#random.chance(0.5) ? { prizes } : {}),
    });
  }

  /** A client may send such an event, but cannot invent a refund. */
  #forgedRefund(): PlayerRecord {
    const userId = this.#user();
    const entryId = `shardId-000000000000:${this.#events}`;
    const drawId = `1@${this.#options.windowMs}`;
    return userRecord({ type: 'CouponRefundEvent', userId, lotteryId: 1, drawId, entryId });
  }

  #garbage(): PlayerRecord {
    const bytes = Array.from({ length: 1 + this.#random.below(40) }, () => this.#random.below(256));
    const channel = this.#random.chance(0.3) ? 'lottery' : 'user';
    return { channel, partitionKey: 'no-id', data: Buffer.from(bytes) };
  }

  #wrongField(): PlayerRecord {
    return this.#random.pick([
      userRecord({ type: 'UserClickEvent', userId: this.#user(), lotteryId: 1 }),
      userRecord({ type: 'UserBuyCouponEvent', userId: this.#user(), purchasedCoupons: 'many' }),
      userRecord({ type: 'NoSuchEvent', userId: this.#user() }),
      lotteryRecord({ type: 'LotteryStartEvent', lotteryId: 1, prizes: [] }),
    ]);
  }
}

type Event = Readonly<Record<string, unknown>>;

/** Every tenth user has a name. */
function userIdOf(number: number): number | string {
  return number % 10 === 0 ? `player-${number}` : number;
}

function userRecord(event: { userId: number | string } & Event): PlayerRecord {
  return {
    channel: 'user',
    partitionKey: String(event.userId),
    data: Buffer.from(JSON.stringify(event)),
  };
}

function lotteryRecord(event: { lotteryId: number | string } & Event): PlayerRecord {
  return {
    channel: 'lottery',
    partitionKey: String(event.lotteryId),
    data: Buffer.from(JSON.stringify(event)),
  };
}

import type { Random } from '../../local/faults/random.ts';
import type { HonestPlayers, PlayersOptions } from './honest-players.ts';
import { oddValues } from './odd-values.ts';
import { type Id, lotteryRecord, type PlayerRecord, userRecord } from './player-record.ts';

/** A coupon that went back. */
export type Refunded = { readonly lotteryId: Id; readonly drawId: string; readonly entryId: string };

/** What a topic takes, and a stream a little more: 1 MB with key and overhead. */
const LARGEST = 1_000_000 - 512;

/** What is no event, or should not count, or is put where it should not be. What becomes of each docs/events.md says. */
export class Cheats {
  readonly #options: PlayersOptions;
  readonly #random: Random;
  readonly #honest: HonestPlayers;

  constructor(options: PlayersOptions, honest: HonestPlayers) {
    this.#options = options;
    this.#random = options.random;
    this.#honest = honest;
  }

  /** For a window to come, which nobody else clicks in yet. */
  futureClick(): PlayerRecord {
    const { now, toleranceMs = Number.POSITIVE_INFINITY, mostAheadMs } = this.#options;
    const most = Math.min(toleranceMs, mostAheadMs);
    return this.#honest.clickAt(now() + this.#random.pick([most, most * this.#random.next()]));
  }

  /** For a window of long ago, just within the tolerance or, when it arrives, just beyond it. */
  oldClick(): PlayerRecord {
    const { now, windowMs, toleranceMs = 100 * windowMs } = this.#options;
    return this.#honest.clickAt(now() - toleranceMs + this.#random.pick([-1, 0, 1, windowMs, 50]));
  }

  clickOutOfRange(): PlayerRecord {
    const { now, toleranceMs = 0 } = this.#options;
    const seconds = Math.floor(now() / 1000);
    return this.#honest.clickAt(
      this.#random.pick([now() + toleranceMs + 60_000, now() - toleranceMs - 1_000, seconds, 0]),
    );
  }

  /** A client may send such an event, but cannot invent a refund. */
  forgedRefund(): PlayerRecord {
    const { now, windowMs } = this.#options;
    const window = Math.floor(now() / windowMs) - this.#random.below(6);
    const lotteryId = this.#honest.lottery();
    const drawId = `${lotteryId}@${window * windowMs}${this.#random.pick(['', '', '#2'])}`;
    const entryId = `shardId-000000000000:${1 + this.#random.below(1_000_000)}`;
    return userRecord({ type: 'CouponRefundEvent', userId: this.#honest.user(), lotteryId, drawId, entryId });
  }

  /** Of what went back to somebody: again, and mostly to somebody else. */
  otherRefund({ lotteryId, drawId, entryId }: Refunded): PlayerRecord {
    return userRecord({ type: 'CouponRefundEvent', userId: this.#honest.user(), lotteryId, drawId, entryId });
  }

  /** A grant of somebody's, of nobody's, or of somebody's to come: mostly to somebody else, and often on another shard. */
  namedGrant(grantId: string): PlayerRecord {
    const record = userRecord({ type: 'CouponGrantEvent', userId: this.#honest.user(), grantId });
    return this.#random.chance(0.5) ? record : { ...record, explicitHashKey: this.#anyShard() };
  }

  /** Records of the streams that only functions write, on those that anybody may put on. */
  forgedRecord(): PlayerRecord {
    const lotteryId = this.#honest.lottery();
    const userId = this.#honest.user();
    const best = { userId, entryId: 'shardId-000000000000:1', priority: '0'.repeat(64) };
    const { now, windowMs } = this.#options;
    const windowStart = Math.floor(now() / windowMs) * windowMs;
    const place = { lotteryId: String(lotteryId), run: 1, windowStart };
    const forged = this.#random.pick<object>([
      { type: 'PartialDraw', ...place, dueAt: windowStart + windowMs, block: '0'.repeat(64) },
      { type: 'Tick', ...place },
      { type: 'Heartbeat' },
      { type: 'Heartbeat', time: now() + this.#random.pick([-60_000, 60_000, 1e12]) },
      { type: 'Heartbeat', time: this.#random.pick<unknown>(['now', -1, 0.5, null]) },
      { type: 'ClickAcceptedEvent', ...best, drawId: `${lotteryId}@${windowStart}`, availableCoupons: 1e6 },
      { type: 'LotteryEndedEvent', lotteryId, run: 1, seed: '0'.repeat(64) },
    ]);
    const event = { ...forged, userId, lotteryId };
    return this.#random.chance(0.5) ? userRecord(event) : lotteryRecord(event);
  }

  /** Under the key of somebody else, so that one user's events are on several shards. */
  wrongKey(): PlayerRecord {
    const record = this.#random.pick([this.#honest.click(), this.#honest.buy(this.#honest.user())]);
    const keys = [String(this.#honest.user()), String(this.#random.below(1_000)), '\u0000', 'k'.repeat(256)];
    return { ...record, partitionKey: this.#random.pick(keys) };
  }

  /** Under the right key, and on a shard of its own choice. */
  chosenShard(): PlayerRecord {
    const record = this.#random.pick([
      ...[this.#honest.click(), this.#honest.buy(this.#honest.user()), this.#honest.start()],
    ]);
    return { ...record, explicitHashKey: this.#anyShard() };
  }

  #anyShard(): string {
    return this.#random.pick(['0', String(2n ** 128n - 1n), String(2n ** 127n)]);
  }

  /** One of many that go to the same shard, whoever they are of. */
  flood(): PlayerRecord {
    return { ...this.#honest.click(), explicitHashKey: '0' };
  }

  /** The id of an event that was put before, on another one. */
  borrowedId(eventId: string): PlayerRecord {
    const more = { eventId };
    return this.#random.pick([
      ...[this.#honest.buy(this.#honest.user(), more), this.#honest.clickAt(this.#options.now(), more)],
    ]);
  }

  noCoupons(): PlayerRecord {
    const purchasedCoupons = this.#random.pick([0, -1]);
    return userRecord({ type: 'UserBuyCouponEvent', userId: this.#honest.user(), purchasedCoupons });
  }

  /** Right but for one field, which holds a value that is odd: many of them the schemas take. */
  oddValue(): PlayerRecord {
    const userId = this.#honest.user();
    const now = this.#options.now();
    // Lotteries of their own: one whose prizes are for the year 9999 would take no clicks of anybody.
    const odd = this.#random.pick(oddLotteries);
    const base = this.#random.pick<Readonly<Record<string, unknown>> & { lotteryId: Id; userId: Id }>([
      { type: 'UserBuyCouponEvent', userId, lotteryId: odd, purchasedCoupons: 1, eventId: 'odd' },
      { type: 'UserClickEvent', userId, lotteryId: this.#honest.lottery(), timestamp: now, eventId: 'odd' },
      { type: 'CouponRefundEvent', userId, lotteryId: odd, drawId: `${odd}@0`, entryId: 'a:1' },
      { type: 'CouponGrantEvent', userId, lotteryId: odd, grantId: 'odd' },
      { type: 'LotteryStartEvent', userId, lotteryId: odd, timestamp: now, prizes: ['odd'], eventId: 'odd' },
      { type: 'LotteryStopEvent', userId, lotteryId: odd, eventId: 'odd' },
    ]);
    const isLottery = String(base.type).startsWith('Lottery');
    const isOdd = (field: string) => field !== 'type' && !(isLottery && field === 'lotteryId');
    const field = this.#random.pick(Object.keys(base).filter(isOdd));
    // What is left out is odd as well.
    const values = oddValues(field);
    const value = values[this.#random.below(values.length + 1)];
    const record = isLottery ? lotteryRecord(base) : userRecord(base);
    return { ...record, data: Buffer.from(JSON.stringify({ ...base, [field]: value })) };
  }

  garbage(): PlayerRecord {
    const bytes = Array.from({ length: 1 + this.#random.below(40) }, () => this.#random.below(256));
    const text = this.#random.pick([
      '{',
      'null',
      '[]',
      '{}',
      '{"type":"__proto__"}',
      '{"type":null}',
      '\ufeff{}',
    ]);
    return this.#anywhere(this.#random.chance(0.5) ? Buffer.from(bytes) : Buffer.from(text));
  }

  /** As large as a record can be with its key, or larger than is sent back, or nested deeply. */
  huge(): PlayerRecord {
    const size = this.#random.pick([65_536, 65_537, 200_000, LARGEST]);
    const event = JSON.stringify({ type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 1, padding: '' });
    const padded = event.replace('""', `"${'x'.repeat(size - event.length)}"`);
    const nested = `{"type":"UserClickEvent","userId":${'['.repeat(9_000)}${']'.repeat(9_000)}}`;
    const texts = [padded, padded.replace('"userId":1', '"userId":[]'), nested, 'x'.repeat(size)];
    return this.#anywhere(Buffer.from(this.#random.pick(texts)));
  }

  #anywhere(data: Buffer): PlayerRecord {
    return { channel: this.#random.chance(0.3) ? 'lottery' : 'user', partitionKey: 'no-id', data };
  }
}

/** Started and stopped with odd values alone. */
export const oddLotteries: readonly Id[] = ['odd', 99];

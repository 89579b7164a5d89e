import type { Random } from '../../local/faults/random.ts';
import { type Id, lotteryRecord, type PlayerRecord, userRecord } from './player-record.ts';

export interface PlayersOptions {
  /** Where every choice comes from. */
  random: Random;
  /** Who decides what is aggregated. Default: nothing is. */
  aggregating?: Random;
  /** How many users there are. */
  users: number;
  /** The first runs without prizes from the beginning. */
  lotteries: readonly Id[];
  windowMs: number;
  /** How long a draw waits for late partials after its window's end. */
  graceMs: number;
  now(): number;
  /** How far a timestamp may be from its arrival; undefined: any distance. */
  toleranceMs: number | undefined;
  /** How far ahead clicks are dated at most, of those that are taken: their draws have to be waited for. */
  mostAheadMs: number;
}

/** What players do who mean no harm: they buy, click, start and stop, sometimes late and sometimes at a window's border. */
export class HonestPlayers {
  readonly #options: PlayersOptions;
  readonly #random: Random;

  constructor(options: PlayersOptions) {
    this.#options = options;
    this.#random = options.random;
  }

  user(): Id {
    return this.userOf(1 + this.#random.below(this.#options.users));
  }

  /** Every tenth user has a name. */
  userOf(number: number): Id {
    return number % 10 === 0 ? `player-${number}` : number;
  }

  lottery(): Id {
    return this.#random.pick(this.#options.lotteries);
  }

  buy(userId: Id, more: object = {}): PlayerRecord {
    const purchasedCoupons = 1 + this.#random.below(20);
    return userRecord({ type: 'UserBuyCouponEvent', userId, purchasedCoupons, ...more });
  }

  /** Of now, or of a moment ago. */
  click(): PlayerRecord {
    return this.clickAt(this.#options.now() - this.#random.pick([0, 0, 0, 200, 800]));
  }

  /** Of one of the last windows, whose grace may be over. */
  lateClick(): PlayerRecord {
    const { now, windowMs } = this.#options;
    return this.clickAt(now() - windowMs * (1 + 3 * this.#random.next()));
  }

  /** Of the first or last millisecond of a window. */
  borderClick(): PlayerRecord {
    const { now, windowMs } = this.#options;
    return this.clickAt(Math.floor(now() / windowMs) * windowMs - this.#random.below(2));
  }

  clickAt(time: number, more: object = {}): PlayerRecord {
    const timestamp = Math.max(0, Math.round(time));
    const ids = { userId: this.user(), lotteryId: this.lottery() };
    return userRecord({ type: 'UserClickEvent', timestamp, ...ids, ...more });
  }

  /** It starts a lottery again that has ended, and is rejected where one runs. */
  start(lotteryId: Id = this.lottery()): PlayerRecord {
    const prizes = Array.from({ length: 2 + this.#random.below(4) }, (_, index) => `prize ${index + 1}`);
    const more = this.#random.chance(0.4) ? { prizes } : {};
    return lotteryRecord({ type: 'LotteryStartEvent', lotteryId, ...more, ...this.#startTime() });
  }

  /** It ends by itself, and soon. */
  startBriefly(lotteryId: Id): PlayerRecord {
    const prizes = Array.from(
      { length: 1 + this.#random.below(2) },
      (_, index) => `brief prize ${index + 1}`,
    );
    // In a replay the time of its arrival is none of the clicks'.
    const more = this.#options.toleranceMs === undefined ? this.#startTime() : {};
    return lotteryRecord({ type: 'LotteryStartEvent', lotteryId, prizes, ...more });
  }

  startWithoutPrizes(lotteryId: Id): PlayerRecord {
    return lotteryRecord({ type: 'LotteryStartEvent', lotteryId });
  }

  /** Most name none. The first window is then that of the arrival. */
  #startTime(): object {
    const { now, windowMs, toleranceMs } = this.#options;
    if (toleranceMs !== undefined && this.#random.chance(0.8)) return {};
    const windows = this.#random.pick([-3, -1, 0, 1]);
    return { timestamp: Math.max(0, Math.floor(now() / windowMs + windows) * windowMs) };
  }

  stop(lotteryId: Id = this.lottery()): PlayerRecord {
    // It counts in a replay alone; and there nobody may put one without awaiting its outcome (docs/runbook.md).
    const { now, windowMs, toleranceMs } = this.#options;
    const isDated = this.#random.chance(0.3) && toleranceMs !== undefined;
    const more = isDated ? { timestamp: Math.max(0, now() - 2 * windowMs) } : {};
    return lotteryRecord({ type: 'LotteryStopEvent', lotteryId, ...more });
  }

  /** Whether a window begins or ends just now: when some start and stop. */
  get isAtBorder(): boolean {
    const { now, windowMs } = this.#options;
    const since = now() % windowMs;
    return Math.min(since, windowMs - since) < windowMs / 50;
  }
}

import type { Random } from '../../local/faults/random.ts';
import { Aggregators } from './aggregators.ts';
import { Cheats, oddLotteries, type Refunded } from './cheats.ts';
import { HonestPlayers, type PlayersOptions } from './honest-players.ts';
import { Operator } from './operator.ts';
import type { Id, PlayerRecord } from './player-record.ts';
import { QuietLottery, quietLottery } from './quiet-lottery.ts';

/** How often what is put, in parts. Most are clicks; the rest is what a pipeline must bear beside them. */
const mix = {
  click: 100,
  buy: 14,
  lateClick: 6,
  borderClick: 4,
  quietClick: 4,
  quietStart: 3,
  start: 6,
  stop: 0.5,
  retry: 4,
  borrowedId: 1,
  otherRefund: 2,
  grant: 3,
  grantAgain: 1.5,
  namedGrant: 2,
  futureClick: 3,
  oldClick: 2,
  clickOutOfRange: 1,
  noCoupons: 1,
  forgedRefund: 1,
  forgedRecord: 1,
  wrongKey: 3,
  chosenShard: 2,
  flood: 0.5,
  oddValue: 3,
  garbage: 2,
  huge: 0.1,
} as const;

/** Of records with an event id, the last so many may be put again, as by a producer that got no answer. */
const REMEMBERED = 8;
const FLOOD_RECORDS = 20;
/** How often a window's border has somebody start or stop, and the end of its grace somebody click. */
const AT_BORDER = 0.2;
const AT_LAST_MOMENT = 0.8;

/** How often somebody starts a lottery that has just ended; and then, of so many records, how many are clicks in it. */
const RESTARTED = 0.8;
const RUSH_RECORDS = 80;
const RUSHED = 0.3;

type Ended = { readonly lotteryId: Id };

/** What anybody can read on the output streams. */
export interface Seen {
  /** What went back to somebody. */
  readonly refunded?: Refunded | undefined;
  readonly ended?: Ended | undefined;
}

/**
 * Simulated players, honest ones and cheats, and an operator among them: what they put comes from the random numbers given, its
 * times from the clock.
 */
export class Players {
  readonly #options: PlayersOptions;
  readonly #random: Random;
  readonly #honest: HonestPlayers;
  readonly #cheats: Cheats;
  readonly #quiet: QuietLottery;
  readonly #operator: Operator;
  readonly #aggregators: Aggregators | undefined;
  readonly #withId: { eventId: string; record: PlayerRecord }[] = [];
  #events = 0;
  /** How many records of a flood are still to come. */
  #flood = 0;
  /** The lottery that ended last, and during how many records more of them click in it. */
  #ended: Ended | undefined;
  #rush = 0;

  constructor(options: PlayersOptions) {
    this.#options = options;
    this.#random = options.random;
    this.#honest = new HonestPlayers(options);
    this.#cheats = new Cheats(options, this.#honest);
    this.#quiet = new QuietLottery(options, this.#honest);
    this.#operator = new Operator(options, this.#honest);
    this.#aggregators = options.aggregating && new Aggregators(options.aggregating);
  }

  /** What comes first: the lotteries start, the first of them for as long as it goes. */
  opening(): PlayerRecord[] {
    const starts = this.#options.lotteries.map((lotteryId, index) => {
      if (index > 0 && this.#random.chance(0.3)) return this.#honest.start(lotteryId);
      return this.#honest.startWithoutPrizes(lotteryId);
    });
    return [...starts, this.#quiet.start()];
  }

  /** What comes last: grants are completed; the lotteries stop, so that their seeds are revealed and draws can be checked. */
  closing(): PlayerRecord[] {
    const all = [...this.#options.lotteries, quietLottery, ...oddLotteries];
    const rest = this.#aggregators?.rest() ?? [];
    return [...rest, ...this.#operator.finish(), ...all.map((lotteryId) => this.#honest.stop(lotteryId))];
  }

  next(seen: Seen = {}): PlayerRecord {
    const one = () => this.#one(seen);
    return this.#aggregators?.next(one) ?? one();
  }

  #one(seen: Seen): PlayerRecord {
    this.#events += 1;
    // Everybody buys before all else, so that most clicks are accepted.
    if (this.#events <= this.#options.users) return this.#buy(this.#honest.userOf(this.#events));
    return this.#restart(seen.ended) ?? this.#any(seen.refunded);
  }

  /** Some start a lottery again as soon as it has ended, and click in it at once. */
  #restart(ended: Ended | undefined): PlayerRecord | undefined {
    if (ended !== undefined && ended !== this.#ended) {
      this.#ended = ended;
      this.#rush = this.#random.chance(RESTARTED) ? RUSH_RECORDS : 0;
      if (this.#rush > 0) return this.#honest.startBriefly(ended.lotteryId);
    }
    if (this.#ended === undefined || this.#rush === 0) return undefined;
    this.#rush -= 1;
    if (!this.#random.chance(RUSHED)) return undefined;
    return this.#honest.clickAt(this.#options.now(), { lotteryId: this.#ended.lotteryId });
  }

  #any(refunded: Refunded | undefined): PlayerRecord {
    if (this.#flood > 0) {
      this.#flood -= 1;
      return this.#cheats.flood();
    }
    if (this.#honest.isAtBorder && this.#random.chance(AT_BORDER))
      return this.#random.chance(0.9) ? this.#honest.start() : this.#honest.stop();
    if (this.#quiet.isLastMoment && this.#random.chance(AT_LAST_MOMENT)) return this.#quiet.click();
    const kind = this.#random.weighted(mix);
    switch (kind) {
      case 'click':
      case 'lateClick':
      case 'borderClick':
      case 'start':
      case 'stop':
        return this.#honest[kind]();
      case 'quietClick':
        return this.#quiet.click();
      case 'quietStart':
        return this.#quiet.start();
      case 'buy':
        return this.#buy(this.#honest.user());
      case 'retry':
        return this.#remembered()?.record ?? this.#honest.click();
      case 'borrowedId':
        return this.#cheats.borrowedId(this.#remembered()?.eventId ?? 'of nobody');
      case 'otherRefund':
        return refunded ? this.#cheats.otherRefund(refunded) : this.#cheats.forgedRefund();
      case 'grant':
      case 'grantAgain':
        return this.#operator[kind]();
      case 'namedGrant':
        return this.#cheats.namedGrant(this.#operator.anyId());
      case 'flood':
        this.#flood = FLOOD_RECORDS;
        return this.#cheats.flood();
      default:
        return this.#cheats[kind]();
    }
  }

  #remembered(): { eventId: string; record: PlayerRecord } | undefined {
    return this.#withId.length === 0 ? undefined : this.#random.pick(this.#withId);
  }

  #buy(userId: number | string): PlayerRecord {
    if (this.#random.chance(0.5)) return this.#honest.buy(userId);
    const eventId = `purchase-${this.#events}`;
    const record = this.#honest.buy(userId, { eventId });
    this.#withId.push({ eventId, record });
    if (this.#withId.length > REMEMBERED) this.#withId.shift();
    return record;
  }
}

import type { HonestPlayers, PlayersOptions } from './honest-players.ts';
import { type Id, lotteryRecord, type PlayerRecord, userRecord } from './player-record.ts';

/** So few play in it that whoever comes too late for a draw has often the lowest priority all the same. */
export const quietLottery: Id = 'quiet';

/** Runs of one window or two: what is late finds the next window, or none. */
const MOST_PRIZES = 2;

/** Those who click when a window's grace is nearly over: some partials come in time for its draw, others after it. */
export class QuietLottery {
  readonly #options: PlayersOptions;
  readonly #honest: HonestPlayers;

  constructor(options: PlayersOptions, honest: HonestPlayers) {
    this.#options = options;
    this.#honest = honest;
  }

  /** Again and again: it is rejected while a run goes on. */
  start(): PlayerRecord {
    const prizes = Array.from(
      { length: 1 + this.#options.random.below(MOST_PRIZES) },
      (_, index) => `quiet prize ${index + 1}`,
    );
    return lotteryRecord({ type: 'LotteryStartEvent', lotteryId: quietLottery, prizes });
  }

  /** Of now; when grace is nearly over, of the window that it belongs to. */
  click(): PlayerRecord {
    const { now, windowMs, graceMs } = this.#options;
    const timestamp = this.isLastMoment ? Math.floor((now() - graceMs) / windowMs) * windowMs : now();
    const ids = { userId: this.#honest.user(), lotteryId: quietLottery };
    return userRecord({ type: 'UserClickEvent', timestamp, ...ids });
  }

  /** The last tenth of a window's grace: a partial takes about as long. */
  get isLastMoment(): boolean {
    const { now, windowMs, graceMs } = this.#options;
    return (now() - graceMs) % windowMs > windowMs - graceMs / 10;
  }
}

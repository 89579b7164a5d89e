import type { HonestPlayers, PlayersOptions } from './honest-players.ts';
import { type Id, type PlayerRecord, userRecord } from './player-record.ts';

/** So few play in it that whoever comes too late for a draw has often the lowest priority all the same. */
export const quietLottery: Id = 'quiet';

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
    return this.#honest.startBriefly(quietLottery);
  }

  /** Of now; when grace is nearly over, or just was, of the window that it belongs to. */
  click(): PlayerRecord {
    const { now, windowMs, graceMs } = this.#options;
    const timestamp = this.isLastMoment ? Math.floor((now() - 1.25 * graceMs) / windowMs) * windowMs : now();
    const ids = { userId: this.#honest.user(), lotteryId: quietLottery };
    return userRecord({ type: 'UserClickEvent', timestamp, ...ids });
  }

  /** Around the end of a window's grace: a partial takes about as long, and so far its stamp may step back. */
  get isLastMoment(): boolean {
    const { now, windowMs, graceMs } = this.#options;
    const since = (now() - graceMs) % windowMs;
    return since > windowMs - graceMs / 10 || since < graceMs / 4;
  }
}

import type { EventLine } from '../../client/event-lines.ts';
import { Filling, Held, type Turn } from './turn.ts';

/**
 * The user-events function may know an active lottery for a second (CachedLotteries): only then is a stop, or a start
 * after an end, sure to be seen by every click that is put. In ms, with a margin.
 */
const ACTIVE_LOTTERY_CACHE_MS = 1_100;

/** So many lines are read ahead: among them lotteries are started before their clicks come. */
const MOST_WAITING = 1_000;
/** Together. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

export interface OrderOptions {
  now(): number;
  /** When the run of this lottery ends, ms of the events' time; undefined where none is there that has an end. */
  endOf(lotteryId: string): number | undefined;
  /** How much later than its window a click may come and be of it, ms: infinite where its time does not count. */
  graceMs: number;
}

/**
 * Decides when each line of a file may be put, so that the results are those of the file's order although the two
 * streams know no order between them:
 * - the lines of users go in their order, whoever's they are: in a replay each click moves the time for those behind it,
 *   and what the time is at a click does not hang on the shards;
 * - a click goes when every lottery event before it on its lottery has taken effect;
 * - a lottery event goes when every click before it on its lottery has its outcome;
 * - a start or stop also waits for the end of a run that ends before it by the events' own time; and no line of a user goes
 *   between it and its outcome where such an end is still to come, or it is a lottery's second start: each click moves the
 *   time, and may have the run end first.
 * Lottery events overtake what they do not have to wait for.
 */
export class Order {
  readonly #options: OrderOptions;
  #waiting: EventLine[] = [];
  #waitingBytes = 0;
  /** How many lines are put and have no outcome yet, by lottery. */
  readonly #underWay = { lottery: new Map<string, number>(), click: new Map<string, number>() };
  /** When every click on a lottery meets what the lottery is now, ms. */
  readonly #clearAt = new Map<string, number>();
  /** Put, without an outcome yet, on runs that end when the time comes. */
  readonly #racing = new Set<EventLine>();
  /** Lotteries that an event has taken effect on. */
  readonly #known = new Set<string>();
  /** That of the events so far: the largest timestamp of a click that was put, or what the shards were told. In ms. */
  #time = 0;

  constructor(options: OrderOptions) {
    this.#options = options;
  }

  /** How many lines wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** There is room for one more line, whatever its size. */
  get hasRoom(): boolean {
    return this.#waiting.length < MOST_WAITING && this.#waitingBytes < MOST_WAITING_BYTES;
  }

  add(line: EventLine): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.data.length;
  }

  /** The lines whose turn it is, in the file's order; they count as put. */
  take(): Turn {
    const turn = new Filling();
    const held = new Held();
    const rest: EventLine[] = [];
    let seen = 0;
    for (const line of this.#waiting) {
      if (!turn.hasRoom(line)) break;
      seen += 1;
      if (line.stream === 'user' ? this.#mayClick(line, held) : this.#mayChange(line, held, turn)) {
        turn.add(line, this.#toldBefore(line));
        this.#put(line);
      } else {
        held.add(line);
        rest.push(line);
      }
    }
    this.#waiting = rest.concat(this.#waiting.slice(seen));
    return turn.lines;
  }

  /** The outcome of a line that was put has come. */
  settle(line: EventLine): void {
    const { stream, lotteryId } = line;
    if (lotteryId === undefined) return;
    const counts = this.#countsOf(stream);
    const left = (counts.get(lotteryId) ?? 0) - 1;
    if (left > 0) counts.set(lotteryId, left);
    else counts.delete(lotteryId);
    if (stream === 'user') return;
    this.#racing.delete(line);
    // Nobody can remember a lottery from before its first start.
    if (this.#known.has(lotteryId) || !isStart(line)) {
      this.#clearAt.set(lotteryId, this.#options.now() + ACTIVE_LOTTERY_CACHE_MS);
    }
    this.#known.add(lotteryId);
  }

  #mayClick({ lotteryId }: EventLine, held: Held): boolean {
    if (held.isUserHeld || held.isTimeHeld || this.#racing.size > 0) return false;
    if (lotteryId === undefined) return true;
    return (
      !held.lotteries.has(lotteryId) && !this.#underWay.lottery.has(lotteryId) && this.#isClear(lotteryId)
    );
  }

  #mayChange(line: EventLine, held: Held, turn: Filling): boolean {
    const { lotteryId } = line;
    if (lotteryId === undefined) return true;
    const minds = isStart(line) ? !this.#isFirst(lotteryId, held) : this.#endsInTime(lotteryId);
    const may =
      !held.lotteries.has(lotteryId) &&
      !held.clicks.has(lotteryId) &&
      !this.#underWay.click.has(lotteryId) &&
      !(isStart(line) && this.#underWay.lottery.has(lotteryId));
    const goes = may && !(minds && this.#waitsForEnd(line, lotteryId, held, turn));
    if (!goes && minds) held.isTimeHeld = true;
    return goes;
  }

  /** Of the events' own: whoever puts lines has a hand in it. */
  #endsInTime(lotteryId: string): boolean {
    return Number.isFinite(this.#options.graceMs) && this.#options.endOf(lotteryId) !== undefined;
  }

  #isFirst(lotteryId: string, held: Held): boolean {
    return !(
      this.#known.has(lotteryId) ||
      this.#underWay.lottery.has(lotteryId) ||
      held.lotteries.has(lotteryId)
    );
  }

  /** A run that has not ended by the file's time refuses the start, whenever that is put; of one that has, the end is waited for. */
  #waitsForEnd({ timestamp = 0 }: EventLine, lotteryId: string, held: Held, turn: Filling): boolean {
    const end = this.#options.endOf(lotteryId);
    if (end === undefined) return false;
    // What the time is here is not known before the clicks before it are put.
    if (held.isUserHeld) return true;
    if (end > Math.max(this.#time, timestamp)) return false;
    // A click of the window that ends just then could still come at that very time.
    turn.tell(end + 1);
    this.#time = Math.max(this.#time, end + 1);
    return true;
  }

  /**
   * A shard knows the clicks that are in it: with more shards, or after a reshard, it may know less than the file says. To a
   * click that is so late that it may be of another window it is told.
   */
  #toldBefore({ stream, timestamp }: EventLine): number | undefined {
    if (stream !== 'user' || timestamp === undefined) return undefined;
    return timestamp + this.#options.graceMs < this.#time ? this.#time : undefined;
  }

  #isClear(lotteryId: string): boolean {
    const clearAt = this.#clearAt.get(lotteryId);
    if (clearAt === undefined) return true;
    if (this.#options.now() < clearAt) return false;
    this.#clearAt.delete(lotteryId);
    return true;
  }

  #put(line: EventLine): void {
    const { stream, lotteryId, data, timestamp = 0 } = line;
    this.#waitingBytes -= data.length;
    if (stream === 'lottery' && lotteryId !== undefined && this.#endsInTime(lotteryId))
      this.#racing.add(line);
    if (stream === 'user') this.#time = Math.max(this.#time, timestamp);
    if (lotteryId === undefined) return;
    const counts = this.#countsOf(stream);
    counts.set(lotteryId, (counts.get(lotteryId) ?? 0) + 1);
  }

  #countsOf(stream: EventLine['stream']): Map<string, number> {
    return stream === 'lottery' ? this.#underWay.lottery : this.#underWay.click;
  }
}

function isStart({ type }: EventLine): boolean {
  return type === 'LotteryStartEvent';
}

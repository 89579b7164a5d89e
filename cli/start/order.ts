import type { EventLine } from '../../client/event-lines.ts';

/**
 * The user-events function may know an active lottery for a second (CachedLotteries): only then is a stop, or a start
 * after an end, sure to be seen by every click that is put. In ms, with a margin.
 */
const ACTIVE_LOTTERY_CACHE_MS = 1_100;

/**
 * A lottery with prizes is open as long as its windows took, from when its start arrives: the clicks behind a start must
 * not come much later. So no line overtakes more than so many, and a start waits until so few lines of users are under
 * way.
 */
const MOST_WAITING = 1_000;
const MOST_BEFORE_START = 1_000;
/** Together. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * What one call of PutRecords takes on the engine: 500 records, and 7 MiB of JSON, in which 4 MiB of data are 5.3 MiB of
 * base64. On AWS it takes 10 MiB (Kinesis API reference).
 */
const MOST_RECORDS = 500;
const MOST_BYTES = 4 * 1024 * 1024;

export interface OrderOptions {
  now(): number;
  /** Whether a run of the lottery is about to end: until then a start would be rejected. */
  isEnding(lotteryId: string): boolean;
}

/** Lines that are put by one call for each stream. */
export type Turn = Record<EventLine['stream'], EventLine[]>;

/**
 * Decides when each line of a file may be put, so that the results are those of the file's order although the two
 * streams know no order between them:
 * - a user's lines go in their order;
 * - a click goes when every lottery event before it on its lottery has taken effect;
 * - a lottery event goes when every click before it on its lottery has its outcome; a start also waits for the end of
 *   a run that is ending.
 * What does not have to wait overtakes what does.
 */
export class Order {
  readonly #options: OrderOptions;
  #waiting: EventLine[] = [];
  #waitingBytes = 0;
  /** How many lines of users are put and have no outcome yet. */
  #usersUnderWay = 0;
  /** How many lines are put and have no outcome yet, by lottery. */
  readonly #underWay = { lottery: new Map<string, number>(), click: new Map<string, number>() };
  /** When every click on a lottery meets what the lottery is now, ms. */
  readonly #clearAt = new Map<string, number>();
  /** Lotteries that an event was put for. */
  readonly #known = new Set<string>();

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
      if (!turn.hasRoom(line) || (isStart(line) && this.#usersUnderWay > MOST_BEFORE_START)) break;
      seen += 1;
      if (this.#mayGo(line, held)) {
        turn.add(line);
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
    if (stream === 'user') this.#usersUnderWay -= 1;
    if (lotteryId === undefined) return;
    const counts = this.#countsOf(stream);
    const left = (counts.get(lotteryId) ?? 0) - 1;
    if (left > 0) counts.set(lotteryId, left);
    else counts.delete(lotteryId);
    if (stream === 'user') return;
    // Nobody can remember a lottery from before its first start.
    if (this.#known.has(lotteryId) || !isStart(line)) {
      this.#clearAt.set(lotteryId, this.#options.now() + ACTIVE_LOTTERY_CACHE_MS);
    }
    this.#known.add(lotteryId);
  }

  #mayGo(line: EventLine, held: Held): boolean {
    const { stream, partitionKey, lotteryId } = line;
    if (stream === 'user' && held.users.has(partitionKey)) return false;
    if (lotteryId === undefined) return true;
    if (held.lotteries.has(lotteryId)) return false;
    if (stream === 'user') return !this.#underWay.lottery.has(lotteryId) && this.#isClear(lotteryId);
    if (held.clicks.has(lotteryId) || this.#underWay.click.has(lotteryId)) return false;
    return !isStart(line) || (!this.#underWay.lottery.has(lotteryId) && !this.#options.isEnding(lotteryId));
  }

  #isClear(lotteryId: string): boolean {
    const clearAt = this.#clearAt.get(lotteryId);
    if (clearAt === undefined) return true;
    if (this.#options.now() < clearAt) return false;
    this.#clearAt.delete(lotteryId);
    return true;
  }

  #put({ stream, lotteryId, data }: EventLine): void {
    this.#waitingBytes -= data.length;
    if (stream === 'user') this.#usersUnderWay += 1;
    if (lotteryId === undefined) return;
    const counts = this.#countsOf(stream);
    counts.set(lotteryId, (counts.get(lotteryId) ?? 0) + 1);
  }

  #countsOf(stream: EventLine['stream']): Map<string, number> {
    return stream === 'lottery' ? this.#underWay.lottery : this.#underWay.click;
  }
}

/** Who and what the lines that are held back name: what comes behind them and names the same waits with them. */
class Held {
  readonly users = new Set<string>();
  readonly clicks = new Set<string>();
  readonly lotteries = new Set<string>();

  add({ stream, partitionKey, lotteryId }: EventLine): void {
    if (stream === 'user') this.users.add(partitionKey);
    if (lotteryId === undefined) return;
    if (stream === 'user') this.clicks.add(lotteryId);
    else this.lotteries.add(lotteryId);
  }
}

/** A turn that is being filled, up to what one call takes. */
class Filling {
  readonly lines: Turn = { lottery: [], user: [] };
  readonly #bytes = { lottery: 0, user: 0 };

  hasRoom({ stream, data }: EventLine): boolean {
    return (
      this.lines[stream].length < MOST_RECORDS &&
      (this.#bytes[stream] === 0 || this.#bytes[stream] + data.length <= MOST_BYTES)
    );
  }

  add(line: EventLine): void {
    this.lines[line.stream].push(line);
    this.#bytes[line.stream] += line.data.length;
  }
}

function isStart({ type }: EventLine): boolean {
  return type === 'LotteryStartEvent';
}

import type { EventLine } from '../../client/event-lines.ts';

/**
 * What one call of PutRecords takes on the engine: 500 records, and 7 MiB of JSON, in which 4 MiB of data are 5.3 MiB of
 * base64. On AWS it takes 10 MiB (Kinesis API reference).
 */
const MOST_RECORDS = 500;
const MOST_BYTES = 4 * 1024 * 1024;

/** Lines that are put by one call for each stream. */
export interface Turn extends Record<EventLine['stream'], EventLine[]> {
  /** Which time the shards have to be told behind them, ms, so that a run ends; absent where none waits for that. */
  time?: number;
  /** Which time the shard of a line has to be told right before it, ms. */
  before: ReadonlyMap<EventLine, number>;
}

/** What the lines that are held back name: what comes behind them and names the same waits with them. */
export class Held {
  isUserHeld = false;
  /** A line that time must not overtake. */
  isTimeHeld = false;
  readonly clicks = new Set<string>();
  readonly lotteries = new Set<string>();

  add({ stream, lotteryId }: EventLine): void {
    if (stream === 'user') this.isUserHeld = true;
    if (lotteryId === undefined) return;
    if (stream === 'user') this.clicks.add(lotteryId);
    else this.lotteries.add(lotteryId);
  }
}

/** A turn that is being filled, up to what one call takes. */
export class Filling {
  readonly #before = new Map<EventLine, number>();
  readonly lines: Turn = { lottery: [], user: [], before: this.#before };
  readonly #bytes = { lottery: 0, user: 0 };

  hasRoom({ stream, data }: EventLine): boolean {
    const records = this.lines[stream].length + (stream === 'user' ? this.#before.size : 0);
    return (
      // A line and what its shard is told.
      records + 2 <= MOST_RECORDS &&
      (this.#bytes[stream] === 0 || this.#bytes[stream] + data.length <= MOST_BYTES)
    );
  }

  /** @param before what its shard has to be told, ms; undefined: nothing */
  add(line: EventLine, before: number | undefined): void {
    if (before !== undefined) this.#before.set(line, before);
    this.lines[line.stream].push(line);
    this.#bytes[line.stream] += line.data.length;
  }

  tell(time: number): void {
    this.lines.time = Math.max(this.lines.time ?? 0, time);
  }
}

import type { EventLine } from '../../client/event-lines.ts';
import type { Clock } from '../../local/clock.ts';
import { Wake } from '../../local/event-source-mapping/wake.ts';
import type { Order } from './order.ts';

export interface ReadAheadOptions {
  lines: AsyncIterable<EventLine> | Iterable<EventLine>;
  order: Order;
  clock: Clock;
  signal: AbortSignal;
}

/** Reads lines while others are put, as far ahead as the order has room. */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  readonly #read: Wake;
  readonly #room: Wake;
  #ended = false;
  #failure: unknown;

  /** Starts to read. */
  constructor(options: ReadAheadOptions) {
    this.#options = options;
    this.#read = new Wake(options.clock);
    this.#room = new Wake(options.clock);
    void this.#readAll();
  }

  /**
   * Resolves with true when a line waits, with false at the end of the lines or when the signal is aborted.
   * @throws what reading threw, after the lines before it.
   */
  async hasMore(): Promise<boolean> {
    const { order, signal } = this.#options;
    while (order.waiting === 0 && !this.#ended && !signal.aborted) {
      await this.#read.wait(Number.POSITIVE_INFINITY, signal);
    }
    if (signal.aborted) return false;
    if (order.waiting === 0 && this.#failure !== undefined) throw this.#failure;
    return order.waiting > 0;
  }

  /** Lines have left the order. */
  roomWasMade(): void {
    this.#room.wake();
  }

  async #readAll(): Promise<void> {
    const { lines, order, signal } = this.#options;
    try {
      for await (const line of lines) {
        order.add(line);
        this.#read.wake();
        while (!order.hasRoom && !signal.aborted) await this.#room.wait(Number.POSITIVE_INFINITY, signal);
        if (signal.aborted) break;
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#ended = true;
    this.#read.wake();
  }
}

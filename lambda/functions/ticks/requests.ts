import type { TickMessage } from '../../core/entries-records.ts';
import type { DrawKey, DrawTiming } from '../../core/window.ts';
import { drawIdOf } from '../../core/window.ts';
import type { TickQueue } from '../../ports/ports.ts';

/**
 * Lambda closes a tumbling window that gets no new records only after up to two minutes. So whoever puts a
 * partial on the entries stream also asks for a tick: a record that arrives there when the draw is due.
 */

/**
 * The draw's grace runs from the arrival of its first partial at the latest; hosts' clocks and the stream's
 * differ by less than this.
 */
const marginMs = 1000;

/** A tick is only as good as its time: how many draws' latest ticks are remembered, to not ask twice. */
const rememberedTicks = 10_000;

/** @param now a time at which the partial is in the stream, ms */
export function tickTime(windowStart: number, now: number, { windowMs, graceMs }: DrawTiming): number {
  return Math.max(windowStart + windowMs, now) + graceMs + marginMs;
}

/**
 * Asks for ticks, once per draw and execution environment as long as the last one asked for is late enough.
 * To be called after the partials are in the stream: a tick that was asked for earlier could come before its
 * draw is due.
 */
export class TickRequests {
  readonly #queue: TickQueue;
  readonly #timing: DrawTiming;
  readonly #latest = new Map<string, number>();

  constructor(queue: TickQueue, timing: DrawTiming) {
    this.#queue = queue;
    this.#timing = timing;
  }

  async request(draws: readonly DrawKey[], now: number): Promise<void> {
    const wanted = draws
      .map((draw) => ({ drawId: drawIdOf(draw), at: tickTime(draw.windowStart, now, this.#timing), draw }))
      // Late draws ask with every batch: a tick that is up to half the margin earlier does as well.
      .filter(({ drawId, at }) => at - marginMs / 2 > (this.#latest.get(drawId) ?? 0));
    if (wanted.length === 0) return;
    await this.#queue.send(
      wanted.map(({ at, draw }) => ({ at, record: { type: 'Tick', lotteryId: draw.lotteryId } })),
    );
    for (const { drawId, at } of wanted) this.#remember(drawId, at);
  }

  /** For what is not a draw: an ending. */
  async send(messages: readonly TickMessage[]): Promise<void> {
    if (messages.length > 0) await this.#queue.send(messages);
  }

  #remember(drawId: string, at: number): void {
    this.#latest.delete(drawId);
    this.#latest.set(drawId, at);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > rememberedTicks && oldest !== undefined) this.#latest.delete(oldest);
  }
}

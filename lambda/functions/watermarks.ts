import { mapBounded } from '../batch/map-bounded.ts';
import type { InputRecord } from '../core/decode.ts';
import type { WindowTiming } from '../core/window.ts';
import type { InputName, Progress, WatermarkWriter } from '../ports/ports.ts';

export interface WatermarkSettings {
  readonly timing: WindowTiming;
  /** How far arrival stamps of one shard may be out of order, ms. */
  readonly marginMs: number;
}

/** Shards whose progress is read or written at a time. */
export const shardsInFlight = 16;

/**
 * Tells how far an input is, shard by shard. To be told after everything is published: a window is complete, and is
 * drawn, once every shard is past it.
 */
export class Watermarks {
  readonly #input: InputName;
  readonly #writer: WatermarkWriter;
  readonly #settings: WatermarkSettings;
  /** What this execution environment wrote last, by shard, ms. */
  readonly #written = new Map<string, number>();

  constructor(input: InputName, writer: WatermarkWriter, settings: WatermarkSettings) {
    this.#input = input;
    this.#writer = writer;
    this.#settings = settings;
  }

  /**
   * Once in a window is often enough, when its last arrivals are there; and where a heartbeat came, somebody waits.
   * @param done what of the batch is done, in each shard up to the first record that failed
   */
  async advance(done: readonly InputRecord[], isWaitedFor: boolean): Promise<void> {
    await mapBounded(shardsInFlight, progressOf(done), async ({ shardId, progress }) => {
      const written = this.#written.get(shardId);
      const { watermark } = progress;
      const isPast = written === undefined || this.#windowsUpTo(written) < this.#windowsUpTo(watermark);
      if (!isPast && !isWaitedFor) return;
      await this.#writer.advance({ input: this.#input, shardId }, progress);
      this.#written.set(shardId, watermark);
    });
  }

  /** How many windows had all their arrivals by then (`dueAt`). */
  #windowsUpTo(watermark: number): number {
    const { timing, marginMs } = this.#settings;
    return Math.floor((watermark - timing.graceMs - 1 - marginMs) / timing.windowMs);
  }
}

/** How far a shard is. */
interface ShardProgress {
  readonly shardId: string;
  readonly progress: Progress;
  /** Of what is done, in the shard. */
  readonly last: InputRecord;
}

/** @param done in order in each shard */
export function progressOf(done: readonly InputRecord[]): ShardProgress[] {
  const shards = new Map<string, { last: InputRecord; watermark: number }>();
  for (const record of done) {
    const { shardId } = record.source;
    const { watermark = 0 } = shards.get(shardId) ?? {};
    shards.set(shardId, { last: record, watermark: Math.max(watermark, record.arrival) });
  }
  return [...shards].map(([shardId, { last, watermark }]) => {
    return { shardId, progress: { position: last.source.sequenceNumber, watermark }, last };
  });
}

import type { DecodedBatch } from '../batch/kinesis-batch.ts';
import type { InputRecord } from '../core/decode.ts';
import type { WindowTiming } from '../core/window.ts';
import type { InputName, Progress, WatermarkWriter } from '../ports/ports.ts';

export interface WatermarkSettings {
  readonly timing: WindowTiming;
  /** How far arrival stamps of one shard may be out of order, ms. */
  readonly marginMs: number;
}

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
   * @param done what of the batch is done, up to the first record that failed
   */
  async advance(done: readonly InputRecord[], isWaitedFor: boolean): Promise<void> {
    const progress = progressOf(done);
    if (progress === undefined) return;
    const { shardId, ...rest } = progress;
    const written = this.#written.get(shardId);
    const isPast = written === undefined || this.#windowsUpTo(written) < this.#windowsUpTo(rest.watermark);
    if (!isPast && !isWaitedFor) return;
    await this.#writer.advance({ input: this.#input, shardId }, rest);
    this.#written.set(shardId, rest.watermark);
  }

  /** How many windows had all their arrivals by then (`dueAt`). */
  #windowsUpTo(watermark: number): number {
    const { timing, marginMs } = this.#settings;
    return Math.floor((watermark - timing.graceMs - 1 - marginMs) / timing.windowMs);
  }
}

/** @param done of one shard */
export function progressOf(done: readonly InputRecord[]): (Progress & { shardId: string }) | undefined {
  const last = done.at(-1);
  if (last === undefined) return undefined;
  const { shardId, sequenceNumber: position } = last.source;
  const watermark = done.reduce((latest, { arrival }) => Math.max(latest, arrival), 0);
  return { shardId, position, watermark };
}

/** The records of a batch before the first that failed. */
export function doneOf<Event>(
  { records }: DecodedBatch<Event>,
  firstFailed: string | undefined,
): readonly InputRecord[] {
  const end = records.findIndex(({ source }) => source.sequenceNumber === firstFailed);
  return end < 0 ? records : records.slice(0, end);
}

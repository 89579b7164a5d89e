import type { Clock } from '../local/clock.ts';
import type { StreamReaderOptions, StreamRecord } from '../local/stream-reader.ts';
import { eventsOf, type StreamEvent } from './aggregated.ts';
import type { OuterReader, OuterStreams } from './streams/outer-streams.ts';

/**
 * Wait between two polls that brought nothing, in ms. Kinesis allows five reads of a shard a second for all consumers
 * together: it leaves room for others.
 */
const IDLE_MS = 500;

export interface FollowerOptions extends StreamReaderOptions {
  outer: OuterStreams;
  streams: readonly string[];
  clock: Clock;
  onRecord(record: StreamEvent): void;
  /** Aggregated records are handed over as they are, and not event by event. */
  isWhole?: boolean;
}

/** Follows the output streams and lets others wait for what comes on them. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #readers: readonly OuterReader[];
  /** Rounds of polls so far that brought nothing. */
  #emptyRounds = 0;
  #lastRecordAt: number;
  #wakeUp: (() => void)[] = [];

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { streams, outer, clock } = options;
    this.#readers = streams.map((stream) => outer.reader(stream, clock, options));
    this.#lastRecordAt = options.clock.now();
  }

  /** Takes its places on the streams: with `from: 'latest'` all that comes from now on is handed over. */
  async begin(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.begin()));
  }

  /**
   * Reads until the signal is aborted, which ends a read that is under way. @throws what a read throws; whoever waits is not
   * woken then.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const records = await this.#round(signal);
      for (const record of records) this.#handOver(record);
      if (records.length > 0) this.#lastRecordAt = this.#options.clock.now();
      else this.#emptyRounds += 1;
      this.#wake();
      if (records.length === 0) await this.#options.clock.sleep(IDLE_MS, signal);
    }
    this.#wake();
  }

  /**
   * Begins, and reads while the work goes on.
   * @param work given a signal that is aborted when it is over, reading has failed, or the other signal is
   * @throws what the work throws, and what a read throws: then the work goes on, and nobody waits for it
   */
  async during<Result>(
    work: (signal: AbortSignal) => Promise<Result>,
    ...signals: readonly AbortSignal[]
  ): Promise<Result> {
    const ending = new AbortController();
    const signal = AbortSignal.any([...signals, ending.signal]);
    await this.begin();
    const reading = this.run(signal);
    const working = work(signal);
    try {
      // Without what reads nothing comes any more, and whoever waits for it would wait for ever.
      return await Promise.race([working, reading.then(() => working)]);
    } finally {
      ending.abort();
      // Nobody has it any more, where reading failed.
      working.catch(() => {});
      await reading.catch(() => {});
    }
  }

  /**
   * Resolves when the condition holds or the signal is aborted; it is looked at after each round of polls.
   * @param stallMs gives up when nothing has come for so long.
   * @param missing says for the error what is waited for.
   */
  async until(
    condition: () => boolean,
    signal: AbortSignal,
    stallMs = Number.POSITIVE_INFINITY,
    missing: () => string = () => 'more',
  ): Promise<void> {
    const startedAt = this.#options.clock.now();
    const wake = () => this.#wake();
    // Where reading has failed no round comes any more.
    signal.addEventListener('abort', wake);
    try {
      while (!condition() && !signal.aborted) {
        const quietMs = this.#options.clock.now() - Math.max(this.#lastRecordAt, startedAt);
        if (quietMs > stallMs) {
          throw new Error(`Nothing came for ${Math.round(quietMs / 1000)} s while waiting for ${missing()}`);
        }
        await new Promise<void>((resolve) => this.#wakeUp.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Resolves when all that was on the streams at the call has been handed over. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    // The round under way may have begun before the call; the one after it has not.
    const target = this.#emptyRounds + 2;
    await this.until(() => this.#emptyRounds >= target, signal);
  }

  /** Nothing where it was ended. */
  async #round(signal: AbortSignal): Promise<StreamRecord[]> {
    try {
      const polled = await Promise.all(this.#readers.map((reader) => reader.poll(signal)));
      return polled.flat();
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  #handOver(record: StreamRecord): void {
    const { onRecord, isWhole } = this.#options;
    for (const event of isWhole ? [record] : eventsOf(record)) onRecord(event);
  }

  #wake(): void {
    const waiting = this.#wakeUp;
    this.#wakeUp = [];
    for (const wakeUp of waiting) wakeUp();
  }
}

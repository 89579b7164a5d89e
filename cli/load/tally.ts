import type { OutputEvent } from '../../client/output-events.ts';
import { Latencies, type Percentiles } from './latencies.ts';

/** What came of the events of one kind. Rates in events a second. */
export interface Counted {
  /** Events that were due by then. */
  due: number;
  /** That are on the stream. */
  put: number;
  asked: number;
  reached: number;
  accepted: number;
  rejected: Readonly<Record<string, number>>;
  /** Puts that failed, by what was said. */
  failed: Readonly<Record<string, number>>;
  withoutOutcome: number;
  /** From when an event was due to when its outcome came onto the output stream, ms; absent where none came. */
  latency?: Percentiles;
  /** It was ended before its time: too many had no outcome. */
  isCut: boolean;
}

/** Counts what comes of events that are put at a rate. */
export class Tally {
  readonly #rate: number;
  readonly #latencies = new Latencies();
  readonly #rejected = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  #due = 0;
  #put = 0;
  #accepted = 0;
  #tookMs = 0;

  /** @param rate that was asked for */
  constructor(rate: number) {
    this.#rate = rate;
  }

  due(count: number): void {
    this.#due += count;
  }

  /** @param afterMs since the first one was due */
  put(count: number, afterMs: number): void {
    this.#put += count;
    this.#tookMs = Math.max(this.#tookMs, afterMs);
  }

  failed(count: number, error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#failed.set(reason, (this.#failed.get(reason) ?? 0) + count);
  }

  outcome(event: OutputEvent, ms: number): void {
    this.#latencies.add(ms);
    if (event.type !== 'EventRejectedEvent') this.#accepted += 1;
    else this.#rejected.set(event.reason, (this.#rejected.get(event.reason) ?? 0) + 1);
  }

  get counted(): Omit<Counted, 'isCut'> {
    const rejected = [...this.#rejected.values()].reduce((sum, count) => sum + count, 0);
    const latency = this.#latencies.percentiles;
    // Those of a second are all there when the last one of it is due, which is before it is over.
    const seconds = Math.max(this.#tookMs, (this.#due / this.#rate) * 1000) / 1000;
    return {
      ...{ due: this.#due, put: this.#put, asked: this.#rate, accepted: this.#accepted },
      reached: seconds === 0 ? 0 : this.#put / seconds,
      rejected: Object.fromEntries(this.#rejected),
      failed: Object.fromEntries(this.#failed),
      withoutOutcome: this.#put - this.#accepted - rejected,
      ...(latency && { latency }),
    };
  }
}

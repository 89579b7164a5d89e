import type { Environment } from '../../client/environment/open.ts';
import { route } from '../../client/event-lines.ts';
import { FollowedOutcomes } from '../../client/followed-outcomes.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { type Producer, producerOf } from '../../client/producer.ts';
import { writeAggregate } from '../../lambda/core/kpl.ts';
import type { Clock } from '../../local/clock.ts';
import { pace } from './pace.ts';
import { type Counted, Tally } from './tally.ts';

/** What PutRecords takes. */
const RECORDS_A_CALL = 500;
/** Calls under way; where more would be needed the rate is not reached. */
const CALLS = 32;
/** Events without an outcome, so many at most: the environment is too far behind to go on. */
const MOST_OWED = 200_000;

type Line = { readonly partitionKey: string; readonly data: Buffer };

export interface Phase {
  /** Events a second. */
  rate: number;
  total: number;
  /** The event of that place, due at that time, ms. */
  event(index: number, at: number): object;
}

export interface LoadOptions {
  environment: Environment;
  clock: Clock;
  /** Ends putting, and waiting. */
  signal: AbortSignal;
  /** How long outcomes are waited for when all is put, ms. */
  timeoutMs: number;
  /** How many events are put in one record. 1: each is a record of its own. */
  aggregated: number;
}

/** Puts events at a rate and measures what comes of them, each by its record's id. */
export class Load {
  readonly #options: LoadOptions;
  readonly #producer: Producer;
  /** Of the phase that goes on. */
  readonly #outcomes: FollowedOutcomes;
  /** Ends putting and waiting. */
  #signal: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: LoadOptions) {
    const { environment, clock } = options;
    this.#options = options;
    this.#signal = options.signal;
    this.#producer = producerOf(environment, clock);
    this.#outcomes = new FollowedOutcomes({ environment, clock, isPutting: () => this.#underWay.size > 0 });
  }

  /** Follows the outputs while the work goes on. @throws what the work throws, and what following throws */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    let working: Promise<Result> | undefined;
    try {
      return await this.#outcomes.during((ending) => {
        this.#signal = AbortSignal.any([this.#options.signal, ending]);
        working = work();
        return working;
      });
    } finally {
      // What the work does in the end it does before the clients are closed.
      await Promise.allSettled([working]);
    }
  }

  /** One event. @returns its outcome; undefined where none comes in time */
  async send(event: object): Promise<OutputEvent | undefined> {
    let outcome: OutputEvent | undefined;
    const text = JSON.stringify(event);
    const { stream, partitionKey } = route(text);
    await this.#tracked(async () => {
      const recordId = await this.#producer.put({ stream, partitionKey, data: Buffer.from(text) });
      this.#outcomes.expect(stream, recordId, (came) => {
        outcome = came;
      });
    });
    await this.#settled();
    return outcome;
  }

  /** All events of a phase, and what came of them when they are put and no outcome is owed, or the time for that is over. */
  async phase({ rate, total, event }: Phase): Promise<Counted> {
    const { clock } = this.#options;
    const signal = this.#signal;
    const tally = new Tally(rate);
    const start = clock.now();
    const isBehind = () => this.#outcomes.owed >= MOST_OWED;
    for await (const { first, count, dueAt } of pace({ rate, total, most: RECORDS_A_CALL, clock, signal })) {
      if (isBehind()) break;
      tally.due(count);
      const places = Array.from({ length: count }, (_, index) => first + index);
      const events = places.map((index) => ({ event: event(index, clock.now()), at: dueAt(index) }));
      while (this.#underWay.size >= CALLS) await Promise.race(this.#underWay);
      this.#tracked(() => this.#put(events, start, tally)).catch(() => {});
    }
    const isCut = isBehind();
    await Promise.allSettled(this.#underWay);
    await this.#settled();
    return { ...tally.counted, isCut };
  }

  async #put(events: readonly { event: object; at: number }[], start: number, tally: Tally): Promise<void> {
    const lines = events.map(({ event }) => {
      const text = JSON.stringify(event);
      return { partitionKey: route(text).partitionKey, data: Buffer.from(text) };
    });
    try {
      const recordIds = await this.#putLines(lines);
      tally.put(recordIds.length, this.#options.clock.now() - start);
      for (const [index, recordId] of recordIds.entries()) {
        const at = events[index]?.at ?? start;
        this.#outcomes.expect('user', recordId, (event, arrival) => tally.outcome(event, arrival - at));
      }
    } catch (error) {
      tally.failed(events.length, error);
    }
  }

  /** @returns ids of the events */
  async #putLines(lines: readonly Line[]): Promise<string[]> {
    const { aggregated } = this.#options;
    if (aggregated === 1) return this.#producer.putAll('user', lines);
    const records = aggregatedOf(lines, aggregated);
    const ids = await this.#producer.putAll('user', records);
    return lines.map((_, index) => `${ids[Math.floor(index / aggregated)]}:${index % aggregated}`);
  }

  async #tracked(work: () => Promise<void>): Promise<void> {
    const underWay = work().finally(() => this.#underWay.delete(underWay));
    this.#underWay.add(underWay);
    await underWay;
  }

  async #settled(): Promise<void> {
    await this.#outcomes.settled(this.#options.timeoutMs, this.#signal);
    // What has not come by now is of no phase to come.
    this.#outcomes.giveUpAll();
  }
}

/** As Kinesis' Producer Library has them, so many events in each but the last; where they lie the first event says. */
export function aggregatedOf(lines: readonly Line[], most: number): Line[] {
  const records: Line[] = [];
  for (let start = 0; start < lines.length; start += most) {
    const events = lines.slice(start, start + most);
    records.push({ partitionKey: events[0]?.partitionKey ?? '', data: writeAggregate(events) });
  }
  return records;
}

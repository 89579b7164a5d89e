import { route } from '../../../client/event-lines.ts';
import { Follower } from '../../../client/follower.ts';
import type { Channel } from '../../../client/outcomes.ts';
import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from '../../../client/output-events.ts';
import { Producer } from '../../../client/producer.ts';
import { lotteryResources } from '../../../client/resources.ts';
import type { OuterStreams } from '../../../client/streams/outer-streams.ts';
import { clientEventTypes } from '../../../lambda/core/events.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import type { PlayAnswer } from '../../../web/machine/types.ts';
import { RequestError } from './request.ts';

/** How long an answer is held for the outcome, ms. */
const patienceMs = 15_000;
/** Answers that wait at a time. */
const mostWaiting = 50;
/** Outcomes that came before anybody knew the record's id. */
const mostKept = 500;

const types: readonly string[] = Object.values(clientEventTypes).flat();

export interface ExchangeOptions {
  readonly runtime: Runtime;
  readonly outer: OuterStreams;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Puts an event, and has its outcome from the output streams. One reads them for all, from the first event on that is put: each
 * reader more would take from what a shard gives to the functions.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #producer: Producer;
  readonly #follower: Follower;
  /** By channel and record: shards of two streams have one name, and may have given one number. */
  readonly #outcomes = new Map<string, OutputEvent>();
  #beginning: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  #waiting = 0;

  constructor(options: ExchangeOptions) {
    const { runtime, outer, clock } = options;
    const resources = lotteryResources(runtime);
    this.#options = options;
    this.#producer = new Producer(outer, resources, clock);
    this.#follower = new Follower({
      ...{ outer, clock, streams: [resources.lotteryEventsOutput, resources.userEventsOutput] },
      from: 'latest',
      onRecord: ({ stream, data }) =>
        this.#keep(stream === resources.lotteryEventsOutput ? 'lottery' : 'user', parseOutputEvent(data)),
    });
  }

  /** @throws RequestError for what is no event of a client, or while too many wait */
  async put(event: Readonly<Record<string, unknown>>): Promise<PlayAnswer> {
    if (typeof event.type !== 'string' || !types.includes(event.type))
      throw new RequestError(400, `type must be one of ${types.join(', ')}`);
    if (this.#waiting >= mostWaiting) throw new RequestError(429, `${mostWaiting} events are under way`);
    this.#waiting += 1;
    try {
      await this.#begin();
      const text = JSON.stringify(event);
      const to = route(text);
      const recordId = await this.#producer.put({ ...to, data: Buffer.from(text) });
      const outcome = await this.#outcomeOf(keyOf(to.stream, recordId));
      return { recordId, ...(outcome && { outcome }) };
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Before anything is put, or its outcome could be missed. */
  async #begin(): Promise<void> {
    this.#beginning ??= this.#follower.begin();
    try {
      await this.#beginning;
    } catch (error) {
      this.#beginning = undefined;
      throw error;
    }
  }

  async #outcomeOf(key: string): Promise<OutputEvent | undefined> {
    const { clock, signal } = this.#options;
    const until = clock.now() + patienceMs;
    const following = this.#follow();
    const isOver = () => this.#outcomes.has(key) || clock.now() >= until;
    await Promise.race([this.#follower.until(isOver, signal), following]);
    return this.#outcomes.get(key);
  }

  /** One that failed is tried again with the next event. */
  #follow(): Promise<void> {
    this.#following ??= this.#follower.run(this.#options.signal).finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  #keep(channel: Channel, event: OutputEvent | undefined): void {
    const recordId = event && recordIdOfOutcome(event);
    if (event === undefined || recordId === undefined) return;
    this.#outcomes.set(keyOf(channel, recordId), event);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > mostKept && oldest !== undefined) this.#outcomes.delete(oldest);
  }
}

function keyOf(channel: Channel, recordId: string): string {
  return `${channel} ${recordId}`;
}

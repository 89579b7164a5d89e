import type { Clock } from '../local/clock.ts';
import type { Environment } from './environment/open.ts';
import { outerOf } from './environment/output.ts';
import { route } from './event-lines.ts';
import { Follower } from './follower.ts';
import type { Channel } from './outcomes.ts';
import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from './output-events.ts';
import { producerOf } from './producer.ts';

/** What was waited for has not come. What was put is on the stream all the same. */
export class NothingCame extends Error {
  override readonly name = 'NothingCame';
}

export interface ExchangeOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An output event and when its record came, ms. */
export interface Arrived {
  readonly event: OutputEvent;
  readonly arrival: number;
}

/** Puts events of one user or lottery, and has what comes of them from the output stream. */
export interface Exchange {
  /** @returns the record's id */
  put(event: object): Promise<string>;
  /** The outcome of a record that was put. @throws NothingCame by then (ms), what following throws, or when it is interrupted */
  outcomeOf(recordId: string, by: number): Promise<Arrived>;
  /** The first event since the exchange began that a test holds for. @throws as `outcomeOf` */
  next(test: (event: OutputEvent) => boolean, by: number, what: string): Promise<Arrived>;
}

/** Puts an event whose outcome nobody waits for. @returns the record's id */
export function putEvent(
  { environment, clock }: Omit<ExchangeOptions, 'signal'>,
  event: object,
): Promise<string> {
  const text = JSON.stringify(event);
  return producerOf(environment, clock).put({ ...route(text), data: Buffer.from(text) });
}

/**
 * Takes its place on the output stream before anything is put, so that nothing that comes of it is missed, whatever the
 * clocks say; reads the shard of this key only, and leaves when the work is done.
 * @param of what is put: its channel, and the id of its lottery or user
 * @throws what the work throws, and what following throws
 */
export async function withExchange<Result>(
  options: ExchangeOptions,
  of: { channel: Channel; partitionKey: string },
  work: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const { clock } = options;
  const { follower, arrived } = followerOf(options, of);
  return follower.during((signal) => {
    const next: Exchange['next'] = async (test, by, what) => {
      const waited = new AbortController();
      const late = AbortSignal.any([signal, waited.signal]);
      const find = () => arrived.find(({ event }) => test(event));
      // A read that is refused again and again, or not answered, must not hold up who waits until then.
      while (find() === undefined && clock.now() < by && !signal.aborted) {
        const isOver = () => clock.now() >= by || find() !== undefined;
        await Promise.race([follower.until(isOver, signal), clock.sleep(by - clock.now(), late)]);
      }
      waited.abort();
      const found = find();
      if (found === undefined) throw new NothingCame(what);
      return found;
    };
    return work({
      put: (event) => putEvent(options, event),
      outcomeOf: (recordId, by) =>
        next((event) => recordIdOfOutcome(event) === recordId, by, `the outcome of ${recordId}`),
      next,
    });
  }, options.signal);
}

/** Puts one event and waits for its outcome. @param timeoutMs from when it was put @throws NothingCame, and what following throws */
export function putAndWait(
  options: ExchangeOptions,
  { event, timeoutMs, ...of }: { channel: Channel; partitionKey: string; event: object; timeoutMs: number },
): Promise<Arrived> {
  return withExchange(options, of, async ({ put, outcomeOf }) =>
    outcomeOf(await put(event), options.clock.now() + timeoutMs),
  );
}

/**
 * Puts a start or a stop and waits for its outcome. These have no ids that are remembered: where the SDK repeats a put whose
 * answer was lost, the repetition is the one that is waited for, and it is rejected. So what came out meanwhile counts.
 * @param isDone whether an event is what was to come of it @throws as `putAndWait`
 */
export function putRepeatable(
  options: ExchangeOptions,
  {
    event,
    timeoutMs,
    isDone,
    ...of
  }: Parameters<typeof putAndWait>[1] & { isDone: (event: OutputEvent) => boolean },
): Promise<Arrived> {
  return withExchange(options, of, async ({ put, outcomeOf, next }) => {
    const arrived = await outcomeOf(await put(event), options.clock.now() + timeoutMs);
    if (arrived.event.type !== 'EventRejectedEvent') return arrived;
    return next(isDone, options.clock.now(), 'it').catch((error: unknown) => {
      if (error instanceof NothingCame) return arrived;
      throw error;
    });
  });
}

function followerOf(
  { environment, clock }: ExchangeOptions,
  { channel, partitionKey }: { channel: Channel; partitionKey: string },
): { follower: Follower; arrived: Arrived[] } {
  const output = channel === 'lottery' ? 'LotteryEventsOutput' : 'UserEventsOutput';
  const arrived: Arrived[] = [];
  const follower = new Follower({
    ...{ outer: environment.streams, clock, streams: [outerOf(environment, output)] },
    ...{ from: 'latest' as const, partitionKey },
    onRecord(record) {
      // The shard has others' as well.
      if (record.partitionKey !== partitionKey) return;
      const event = parseOutputEvent(record.data);
      if (event !== undefined) arrived.push({ event, arrival: record.arrival });
    },
  });
  return { follower, arrived };
}

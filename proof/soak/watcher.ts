import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Follower } from '../../client/follower.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import type { Clock } from '../../local/clock.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { Observations, Watch } from './observations.ts';

export interface WatcherOptions {
  outer: OuterStreams;
  clock: Clock;
  observations: Observations;
  fail: (error: unknown) => void;
  /** Aborted when something failed: nothing more will come. */
  signal: AbortSignal;
}

/** Reads along on the streams, from the beginning. */
export class Watcher implements Watch {
  readonly #options: WatcherOptions;
  readonly #follower: Follower;
  readonly #ending = new AbortController();
  readonly #following: Promise<void>;

  constructor(options: WatcherOptions) {
    const { outer, clock, observations, fail } = options;
    this.#options = options;
    this.#follower = new Follower({
      ...{ outer, clock, streams: observations.streams },
      // The oracle takes them apart by itself.
      isWhole: true,
      onRecord: (record) => observations.add(record),
    });
    this.#following = this.#follower.run(this.#ending.signal).catch(fail);
  }

  get inputs(): Observations['inputs'] {
    return this.#options.observations.inputs;
  }

  get outputs(): Observations['outputs'] {
    return this.#options.observations.outputs;
  }

  throwIfFailed(): void {
    this.#options.signal.throwIfAborted();
  }

  /** The condition is looked at after each round of polls. */
  until(condition: () => boolean, deadline: AbortSignal): Promise<void> {
    return this.#wait((signal) => this.#follower.until(condition, signal), deadline);
  }

  caughtUp(deadline: AbortSignal): Promise<void> {
    return this.#wait((signal) => this.#follower.caughtUp(signal), deadline);
  }

  /** A follower that failed wakes nobody: the signal ends the wait. */
  async #wait(work: (signal: AbortSignal) => Promise<void>, deadline: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([deadline, this.#options.signal]);
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
    await Promise.race([work(signal), aborted]);
    signal.throwIfAborted();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }
}

/** Players and audit stand outside: no fault is meant for the calls of this caller. */
const CREDENTIALS = { accessKeyId: 'soak', secretAccessKey: 'soak' };

/** A client that does not try again by itself: what it puts must be counted exactly. */
export function ownClient({
  endpoints,
  region,
}: Pick<Runtime, 'region'> & { readonly endpoints: Pick<Runtime['endpoints'], 'kinesis'> }): KinesisClient {
  return new KinesisClient({
    region,
    endpoint: endpoints.kinesis,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    // The SDK's Kinesis client speaks HTTP/2 by default, which the engine does not.
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000 }),
  });
}

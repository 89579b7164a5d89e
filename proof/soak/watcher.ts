import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Channel, Expectations } from '../../client/expectations.ts';
import { Follower } from '../../client/follower.ts';
import { parseOutputEvent } from '../../client/output-events.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { Clock } from '../../local/clock.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { Outputs } from '../audit/evidence.ts';
import type { InputRecord } from '../oracle/oracle.ts';

export interface WatcherOptions {
  kinesis: KinesisClient;
  clock: Clock;
  resources: LotteryResources;
  expectations: Expectations;
  fail: (error: unknown) => void;
  /** Aborted when something failed: nothing more will come. */
  signal: AbortSignal;
}

/** Reads along on both input and both output streams, from the beginning. */
export class Watcher {
  readonly outputs = new Outputs();
  readonly #inputs: Record<Channel, InputRecord[]> = { lottery: [], user: [] };
  readonly #options: WatcherOptions;
  readonly #follower: Follower;
  readonly #ending = new AbortController();
  readonly #following: Promise<void>;

  constructor(options: WatcherOptions) {
    const { kinesis, clock, resources, fail } = options;
    this.#options = options;
    const { lotteryEventsInput, userEventsInput, lotteryEventsOutput, userEventsOutput } = resources;
    this.#follower = new Follower({
      kinesis,
      clock,
      streams: [lotteryEventsInput, userEventsInput, lotteryEventsOutput, userEventsOutput],
      onRecord: (record) => this.#observe(record),
    });
    this.#following = this.#follower.run(this.#ending.signal).catch(fail);
  }

  /** The records of the input streams. */
  get inputs(): Readonly<Record<Channel, readonly InputRecord[]>> {
    return this.#inputs;
  }

  #observe({ stream, shardId, sequenceNumber, partitionKey, arrival, data }: StreamRecord): void {
    const { resources, expectations } = this.#options;
    const isLottery = stream === resources.lotteryEventsInput || stream === resources.lotteryEventsOutput;
    const channel: Channel = isLottery ? 'lottery' : 'user';
    if (stream === resources.lotteryEventsInput || stream === resources.userEventsInput) {
      this.#inputs[channel].push({ shardId, sequenceNumber, partitionKey, arrival, data });
      expectations.expect(channel, `${shardId}:${sequenceNumber}`);
      return;
    }
    const event = parseOutputEvent(data);
    this.outputs.add(channel, Buffer.from(data).toString('utf8'), event, arrival);
    if (event) expectations.observe(channel, event);
  }

  /** @throws what made the soak fail */
  throwIfFailed(): void {
    this.#options.signal.throwIfAborted();
  }

  /** Waits until the condition holds; it is looked at after each round of polls. @throws the deadline's reason. */
  until(condition: () => boolean, deadline: AbortSignal): Promise<void> {
    return this.#wait((signal) => this.#follower.until(condition, signal), deadline);
  }

  /** Waits until all that is on the streams now was read. @throws the deadline's reason. */
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
export function ownClient({ endpoints, region }: Pick<Runtime, 'endpoints' | 'region'>): KinesisClient {
  return new KinesisClient({
    region,
    endpoint: endpoints.kinesis,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    // The SDK's Kinesis client speaks HTTP/2 by default, which the engine does not.
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000 }),
  });
}

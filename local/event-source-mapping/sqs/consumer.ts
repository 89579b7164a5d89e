import type { Clock } from '../../clock.ts';
import type { FunctionHost } from '../../function-host.ts';
import { backoffMs, type Emulation } from '../emulation.ts';
import type { Observer } from '../events.ts';
import type { RecursiveLoop } from '../options.ts';
import type { SqsMappingProperties } from '../properties.ts';
import { itemFailures } from '../response.ts';
import { Wake } from '../wake.ts';
import { stopLoops } from './loops.ts';
import { MESSAGES_PER_CALL, type Queue } from './queue.ts';
import { fitting, type ReceivedMessage } from './record.ts';

export interface SqsContext {
  functionName: string;
  recursiveLoop: RecursiveLoop;
  queue: Queue;
  properties: SqsMappingProperties;
  settings: Emulation;
  clock: Clock;
  host: FunctionHost;
  observe: Observer;
  /** Called after every change of what the consumer reports. */
  onChange: () => void;
}

/** More than the fields beside the records take in a payload, in bytes. */
const ENVELOPE_BYTES = 100;
const DELETE_ATTEMPTS = 5;

/** One run of a mapping over its queue: from enabled to disabled. */
export class Consumer {
  readonly #context: SqsContext;
  readonly #concurrency: number;
  /** A batch has ended, or somebody wants a poll at once. */
  readonly #wake: Wake;
  readonly #batches = new Map<Promise<void>, number>();
  /** Received, but too large for the batch before. */
  #carried: ReceivedMessage[] = [];
  #drainRequests = 0;
  #empty: { at: number; drainRequests: number } | undefined;

  constructor(context: SqsContext) {
    const { settings, properties, clock } = context;
    this.#context = context;
    const limit = properties.ScalingConfig?.MaximumConcurrency ?? settings.sqsConcurrency;
    this.#concurrency = Math.min(limit, settings.sqsConcurrency);
    this.#wake = new Wake(clock);
  }

  get inFlight(): number {
    return this.#batches.size;
  }

  /** Messages received and not finished. */
  get unfinished(): number {
    return [...this.#batches.values()].reduce((sum, count) => sum + count, this.#carried.length);
  }

  /** Everything sent before this instant (ms) is processed; undefined where that is not so or not known. */
  get caughtUpTo(): number | undefined {
    return this.unfinished === 0 ? this.#empty?.at : undefined;
  }

  requestDrain(): number {
    this.#drainRequests += 1;
    this.#wake.wake();
    return this.#drainRequests;
  }

  caughtUpWith(drainRequest: number): boolean {
    return this.unfinished === 0 && (this.#empty?.drainRequests ?? -1) >= drainRequest;
  }

  /** Runs until the signal aborts; then waits for the invocations under way. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      if (this.#batches.size >= this.#concurrency) {
        await this.#wake.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      try {
        await this.#next(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        this.#context.observe({ type: 'pollFailed', origin: this.#context.queue.name, error });
        await this.#context.clock.sleep(backoffMs(failures, this.#context.settings), signal);
      }
    }
    await Promise.all(this.#batches.keys());
  }

  async #next(signal: AbortSignal): Promise<void> {
    const { clock, settings, queue } = this.#context;
    const started = { at: clock.now(), drainRequests: this.#drainRequests };
    const messages = await this.#gather(signal);
    // What was received and is not delivered any more comes again after its visibility timeout, as on AWS.
    if (signal.aborted) return;
    if (messages.length > 0) {
      const allowed = stopLoops(messages, this.#context);
      if (allowed.length > 0) this.#start(allowed);
      return;
    }
    const isEmpty = this.unfinished === 0 && (await queue.size()) === 0;
    this.#empty = isEmpty ? started : undefined;
    this.#context.onChange();
    if (settings.sqsWaitSeconds === 0) await this.#wake.wait(settings.pollIntervalMs, signal);
  }

  /** A batch: full, at the payload's limit, or all that came within the batching window; empty where nothing came. */
  async #gather(signal: AbortSignal): Promise<ReceivedMessage[]> {
    const { properties, settings, clock, queue } = this.#context;
    const gathered = this.#carried;
    this.#carried = [];
    let deadline = clock.now() + properties.MaximumBatchingWindowInSeconds * 1000;
    let wait = settings.sqsWaitSeconds;
    while (gathered.length < properties.BatchSize && !signal.aborted) {
      const most = Math.min(properties.BatchSize - gathered.length, MESSAGES_PER_CALL);
      const received = await queue.receive(most, gathered.length === 0 ? wait : 0, signal);
      if (gathered.length === 0) deadline = clock.now() + properties.MaximumBatchingWindowInSeconds * 1000;
      gathered.push(...received);
      if (gathered.length === 0 || clock.now() >= deadline) break;
      wait = 0;
      if (received.length === 0)
        await clock.sleep(Math.min(settings.shortestPollIntervalMs, deadline - clock.now()), signal);
    }
    const count = fitting(gathered, settings.payloadLimitBytes - ENVELOPE_BYTES);
    this.#carried = gathered.splice(count);
    return gathered;
  }

  #start(messages: readonly ReceivedMessage[]): void {
    this.#empty = undefined;
    const batch = this.#deliver(messages).finally(() => {
      this.#batches.delete(batch);
      this.#context.onChange();
      this.#wake.wake();
    });
    this.#batches.set(batch, messages.length);
  }

  async #deliver(messages: readonly ReceivedMessage[]): Promise<void> {
    const { host, observe, queue } = this.#context;
    const origin = queue.name;
    observe({ type: 'invoked', origin, records: messages.length, final: false, early: false });
    let succeeded: readonly ReceivedMessage[];
    try {
      const response = await host.invoke({ Records: messages.map(({ record }) => record) });
      succeeded = this.#succeeded(messages, response);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      observe({ type: 'failed', origin, records: messages.length, reason, error });
      return;
    }
    if (succeeded.length < messages.length) {
      observe({ type: 'partial', origin, records: messages.length, succeeded: succeeded.length });
    }
    await this.#delete(succeeded);
  }

  /** The messages to delete. The others become visible again after the queue's visibility timeout. */
  #succeeded(messages: readonly ReceivedMessage[], response: unknown): readonly ReceivedMessage[] {
    if (!this.#context.properties.FunctionResponseTypes.includes('ReportBatchItemFailures')) return messages;
    const ids = new Set(messages.map(({ messageId }) => messageId));
    const failures = itemFailures(response, (id) => ids.has(id));
    switch (failures.type) {
      case 'none':
        return messages;
      case 'some':
        return messages.filter(({ messageId }) => !failures.identifiers.has(messageId));
      case 'invalid':
        throw new Error(failures.reason);
      default:
        return failures satisfies never;
    }
  }

  /** A message that cannot be deleted comes again: delivery is at least once. */
  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    const { queue, clock, settings, observe } = this.#context;
    let left = messages;
    for (let attempt = 1; left.length > 0 && attempt <= DELETE_ATTEMPTS; attempt += 1) {
      const failed: ReceivedMessage[] = [];
      for (let from = 0; from < left.length; from += MESSAGES_PER_CALL) {
        const part = left.slice(from, from + MESSAGES_PER_CALL);
        try {
          failed.push(...(await queue.delete(part)));
        } catch (error) {
          observe({ type: 'pollFailed', origin: queue.name, error });
          failed.push(...part);
        }
      }
      left = failed;
      if (left.length > 0) await clock.sleep(backoffMs(attempt, settings));
    }
  }
}

import { backoffMs } from '../emulation.ts';
import { type Batch, decide, type RetryPolicy } from '../retries.ts';
import { Wake } from '../wake.ts';
import type { Generation, Reader } from './access.ts';
import { Commits } from './commits.ts';
import type { KafkaContext } from './context.ts';
import { discard } from './discard.ts';
import { invoke, roomFor } from './invocation.ts';
import { OwnPartitions } from './own-partitions.ts';
import type { PendingRecord } from './record.ts';
import { startsOf, withinLog } from './starts.ts';
import { nextStep, type Step } from './step.ts';

/**
 * What a poller does with its partitions while they are its own: one invocation at a time, one that failed before all else.
 * Offsets are committed after that, never ahead.
 */
export class Assignment {
  readonly #context: KafkaContext;
  readonly #commits: Commits;
  readonly #reader: Reader;
  readonly #partitions: OwnPartitions;
  readonly #policy: RetryPolicy;
  readonly #read: Wake;
  /** Ends the wait for room in the queue. */
  readonly #room: Wake;
  /** The partitions are somebody else's. */
  readonly #lost = new AbortController();
  #pending: readonly Batch<PendingRecord>[] = [];
  #inFlight = false;

  constructor(context: KafkaContext, generation: Generation) {
    this.#context = context;
    this.#commits = new Commits(context, generation);
    this.#reader = context.access.reader(context);
    this.#partitions = new OwnPartitions(context.progress, generation.partitions);
    this.#policy = policyOf(context);
    this.#read = new Wake(context.clock);
    this.#room = new Wake(context.clock);
  }

  get inFlight(): boolean {
    return this.#inFlight;
  }

  get unfinished(): number {
    return this.#lost.signal.aborted ? 0 : this.#partitions.unfinished;
  }

  /** Arrival of the oldest record that was read and is not finished, ms. */
  get oldestArrivalMs(): number | undefined {
    if (this.#lost.signal.aborted) return undefined;
    return (this.#pending[0]?.items[0] ?? this.#partitions.queue[0])?.arrivalMs;
  }

  /** From now on nothing of it counts: not the answer of an invocation that is under way either. */
  lose(): void {
    this.#lost.abort();
    this.#partitions.release();
  }

  /** Works until the signal aborts, or it is lost; an invocation under way is waited for. Never rejects. */
  async run(stopping: AbortSignal): Promise<void> {
    const over = AbortSignal.any([stopping, this.#lost.signal]);
    await this.#trying(over, async () => {
      const asked = { reader: this.#reader, commits: this.#commits, signal: over };
      this.#partitions.begin(await startsOf(this.#context, this.#partitions.numbers, asked));
    });
    const reading = this.#readOn(over).finally(() => this.#reader.close());
    await this.#work(over);
    this.#partitions.release();
    await Promise.all([reading, this.#reader.close(), this.#commits.close()]);
  }

  /** Until it succeeds, or the signal aborts. */
  async #trying(signal: AbortSignal, action: () => Promise<void>): Promise<void> {
    const { observe, topic, clock, settings } = this.#context;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        return await action();
      } catch (error) {
        if (signal.aborted) return;
        observe({ type: 'pollFailed', origin: topic, error });
        this.#reader.forget();
        await clock.sleep(backoffMs(failures, settings), signal);
      }
    }
  }

  async #readOn(signal: AbortSignal): Promise<void> {
    // Without partitions, since there are more pollers than those, a fetch has nobody to ask and nothing to wait for.
    if (this.#partitions.numbers.length === 0) return;
    const ended = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    while (!signal.aborted) {
      if (this.#partitions.unfinished >= this.#context.settings.readAheadRecords) {
        await this.#room.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      let isSure = true;
      await this.#trying(signal, async () => {
        if (!isSure) this.#partitions.seek(await withinLog(this.#partitions.next, this.#reader));
        isSure = false;
        const askedAt = this.#context.clock.now();
        const fetched = await Promise.race([this.#reader.fetch(this.#partitions.next), ended]);
        if (fetched === undefined || signal.aborted) return;
        if (this.#partitions.accept(fetched, askedAt, this.#context.clock.now())) this.#read.wake();
      });
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { properties, clock } = this.#context;
    const rules = {
      batchSize: properties.BatchSize,
      batchingMs: batchingMs(this.#context),
      maximumAgeSeconds: properties.MaximumRecordAgeInSeconds,
      room: roomFor(this.#partitions.numbers.length, this.#context),
    };
    while (!signal.aborted) {
      const view = { now: clock.now(), queue: this.#partitions.queue, pending: this.#pending[0] };
      const step = nextStep(view, rules);
      if (step.type === 'wait') await this.#read.wait(step.ms, signal);
      else await this.#take(step, signal);
    }
  }

  async #take(step: Exclude<Step, { type: 'wait' }>, signal: AbortSignal): Promise<void> {
    if (step.taken > 0) {
      this.#partitions.takeOut(step.taken);
      this.#pending = [step.batch];
    }
    if (step.type === 'invoke') return this.#deliver(step.batch, signal);
    const { batch, items, condition } = step;
    await discard(this.#context, { ...batch, items }, condition);
    const gone = new Set(items);
    const rest = { ...batch, items: batch.items.filter((item) => !gone.has(item)) };
    this.#pending = [...(rest.items.length > 0 ? [rest] : []), ...this.#pending.slice(1)];
    await this.#finish(items, signal);
  }

  async #deliver(batch: Batch<PendingRecord>, signal: AbortSignal): Promise<void> {
    const { settings, clock } = this.#context;
    this.#inFlight = true;
    const { items, outcome } = await invoke(batch.items, this.#context).finally(() => {
      this.#inFlight = false;
    });
    if (this.#lost.signal.aborted) return;
    const context = { policy: this.#policy, settings, now: clock.now() };
    const { completed, next, discard: givenUp } = decide({ ...batch, items }, outcome, context);
    this.#report(batch, completed, next);
    if (givenUp) await discard(this.#context, givenUp, 'RetryAttemptsExhausted');
    this.#pending = [...next, ...this.#pending.slice(1)];
    await this.#finish(givenUp ? items : items.slice(0, completed), signal);
  }

  async #finish(items: readonly PendingRecord[], signal: AbortSignal): Promise<void> {
    if (items.length === 0 || this.#lost.signal.aborted) return;
    const offsets = this.#partitions.offsetsAfter(items);
    if (await this.#commits.store(offsets, signal)) this.#partitions.finish(items);
    else if (!signal.aborted) this.lose();
    this.#room.wake();
  }

  #report(
    batch: Batch<PendingRecord>,
    completed: number,
    [first, second]: readonly Batch<PendingRecord>[],
  ): void {
    const { observe, topic: origin, clock } = this.#context;
    const records = batch.items.length;
    if (first === undefined) return;
    const into = [first.items.length, second?.items.length ?? 0] as [number, number];
    if (second) observe({ type: 'bisected', origin, records, into });
    else if (completed > 0) observe({ type: 'partial', origin, records, succeeded: completed });
    else {
      const waitMs = first.notBefore - clock.now();
      observe({ type: 'retried', origin, records, retries: first.retries, waitMs });
    }
  }
}

/** Where there is a destination, "for ever" is a number. */
function policyOf({ properties, settings, destination }: KafkaContext): RetryPolicy {
  const { BisectBatchOnFunctionError, MaximumRetryAttempts: most } = properties;
  const isBounded = most >= 0 || destination === undefined;
  return {
    BisectBatchOnFunctionError,
    MaximumRetryAttempts: isBounded ? most : settings.kafkaRetriesWithDestination,
  };
}

function batchingMs({ properties, settings }: KafkaContext): number {
  const { MaximumBatchingWindowInSeconds: seconds } = properties;
  return seconds === undefined ? settings.kafkaBatchingMs : seconds * 1000;
}

import { backoffMs } from '../emulation.ts';
import type { Outcome } from '../response.ts';
import { type Batch, type Decision, decide } from '../retries.ts';
import { Wake } from '../wake.ts';
import type { KinesisContext } from './context.ts';
import { discard } from './discard.ts';
import { invoke } from './invocation.ts';
import { interpret } from './policy.ts';
import type { PendingRecord } from './record.ts';
import { nextStep, type Step } from './step.ts';
import { type Closing, type OpenWindow, openWindow, stateBytes } from './window.ts';

/**
 * One of a shard's parallel batches: records of its partition keys, in order, one invocation at a time. What it does
 * next is decided by `nextStep`, what becomes of an invocation by `decide`; the lane carries it out.
 */
export class Lane {
  readonly #context: KinesisContext;
  readonly #shardId: string;
  readonly #onProgress: () => void;
  readonly #wake: Wake;
  #queue: PendingRecord[] = [];
  /** What is under way, the next one first: a batch, or what a split has left of it. */
  #pending: readonly Batch<PendingRecord>[] = [];
  #window: OpenWindow | undefined;
  #sourceEnded = false;
  #emptyPollAt: number | undefined;
  #inFlight = false;

  /** @param onProgress called after records were finished or the window's state changed, synchronously. */
  constructor(
    context: KinesisContext,
    shardId: string,
    window: OpenWindow | undefined,
    onProgress: () => void,
  ) {
    this.#context = context;
    this.#shardId = shardId;
    this.#window = window;
    this.#onProgress = onProgress;
    this.#wake = new Wake(context.clock);
  }

  get #reportsFailures(): boolean {
    return this.#context.properties.FunctionResponseTypes.includes('ReportBatchItemFailures');
  }

  get window(): OpenWindow | undefined {
    return this.#window;
  }

  get inFlight(): boolean {
    return this.#inFlight;
  }

  add(items: readonly PendingRecord[]): void {
    this.#emptyPollAt = undefined;
    for (const item of items) this.#queue.push(item);
    this.#wake.wake();
  }

  /** A poll that began at `startedAt` (ms) found the shard empty. */
  sourceWasEmpty(startedAt: number): void {
    this.#emptyPollAt = startedAt;
    this.#wake.wake();
  }

  /** The shard is closed and read to its end. */
  sourceHasEnded(): void {
    this.#sourceEnded = true;
    this.#wake.wake();
  }

  /** Works until the signal aborts (an invocation under way is waited for) or the closed shard is drained. */
  async run(signal: AbortSignal): Promise<void> {
    const { properties, settings, clock } = this.#context;
    while (!signal.aborted) {
      const view = {
        now: clock.now(),
        queue: this.#queue,
        pending: this.#pending[0],
        window: this.#window,
        sourceEnded: this.#sourceEnded,
        emptyPollAt: this.#emptyPollAt,
      };
      const step = nextStep(view, properties, settings);
      if (step.type === 'done') return;
      if (step.type === 'wait') await this.#wake.wait(step.ms, signal);
      else await this.#take(step);
    }
  }

  async #take(step: Exclude<Step, { type: 'done' | 'wait' }>): Promise<void> {
    switch (step.type) {
      case 'open':
        this.#window = openWindow(step.window);
        return;
      case 'close':
        if (this.#window) {
          const closing = { early: step.early, reason: step.reason, failures: 0, notBefore: 0 };
          this.#window = { ...this.#window, closing };
        }
        return;
      case 'final':
        return this.#endWindow(step.window);
      case 'expire':
        this.#start(step.batch, step.taken);
        return this.#expire(step.batch, step.count);
      case 'invoke':
        this.#start(step.batch, step.taken);
        return this.#deliver(step.batch);
      default:
        step satisfies never;
    }
  }

  /** Moves a new batch from the queue to what is under way. */
  #start(batch: Batch<PendingRecord>, taken: number): void {
    if (taken === 0) return;
    this.#queue.splice(0, taken);
    this.#pending = [batch];
  }

  async #deliver(batch: Batch<PendingRecord>): Promise<void> {
    const { items, final } = batch;
    const { properties, settings, clock } = this.#context;
    const expected = this.#window && { needsState: !final || settings.finalResponseNeedsState };
    const outcome = await this.#invoke(items, final, false, (response) =>
      interpret(response, items, this.#reportsFailures, expected),
    );
    const decision = decide(batch, outcome, { policy: properties, settings, now: clock.now() });
    this.#report(batch, decision);
    if (decision.discard) {
      await discard(this.#context, this.#shardId, decision.discard, 'RetryAttemptsExhausted');
    }
    // From here on nothing is awaited: a checkpoint never has the new state with the old position.
    this.#keepState(outcome, decision.completed > 0);
    this.#pending = [...decision.next, ...this.#pending.slice(1)];
    finish(decision.discard ? items : items.slice(0, decision.completed));
    if (final && outcome.type === 'success') this.#closed({ early: false, reason: 'border' });
    this.#onProgress();
  }

  #keepState(outcome: Outcome, progressed: boolean): void {
    if (!this.#window || outcome.type === 'failure' || outcome.state === undefined) return;
    if (outcome.type === 'partial') {
      if (!progressed || this.#context.settings.stateAfterPartialFailure === 'previous') return;
    }
    const { state } = outcome;
    this.#window = { ...this.#window, state, stateBytes: stateBytes(state) };
  }

  async #expire(batch: Batch<PendingRecord>, count: number): Promise<void> {
    const expired = batch.items.slice(0, count);
    await discard(this.#context, this.#shardId, { ...batch, items: expired }, 'RecordAgeExceeded');
    const items = batch.items.slice(count);
    const others = this.#pending.slice(1);
    this.#pending = items.length > 0 ? [{ ...batch, items }, ...others] : others;
    finish(expired);
    this.#onProgress();
  }

  /** The final invocation. The shard stands still until it succeeds (documented), whatever the retry limit says. */
  async #endWindow(window: OpenWindow): Promise<void> {
    const { settings, clock } = this.#context;
    const { closing } = window;
    if (!closing) return;
    const outcome = await this.#invoke([], true, closing.early, (response) =>
      interpret(response, [], this.#reportsFailures, { needsState: settings.finalResponseNeedsState }),
    );
    if (outcome.type === 'success') {
      this.#closed(closing);
      this.#onProgress();
      return;
    }
    const failures = closing.failures + 1;
    const notBefore = clock.now() + backoffMs(failures, settings);
    this.#window = { ...window, closing: { ...closing, failures, notBefore } };
  }

  #closed({ early, reason }: Pick<Closing, 'early' | 'reason'>): void {
    const window = this.#window;
    if (!window) return;
    const bounds = { start: window.start, end: window.end };
    this.#context.observe({ type: 'windowClosed', origin: this.#shardId, window: bounds, early, reason });
    // A state above its limit ends the window early, and the same window goes on with a fresh state.
    this.#window = reason === 'state' ? openWindow(bounds) : undefined;
  }

  async #invoke(
    items: readonly PendingRecord[],
    final: boolean,
    early: boolean,
    read: (response: unknown) => Outcome,
  ): Promise<Outcome> {
    const invocation = { shardId: this.#shardId, items, window: this.#window, final, early };
    this.#inFlight = true;
    const outcome = await invoke(this.#context, invocation, read);
    this.#inFlight = false;
    return outcome;
  }

  #report(batch: Batch<PendingRecord>, { completed, next }: Decision<PendingRecord>): void {
    const { observe, clock } = this.#context;
    const origin = this.#shardId;
    const records = batch.items.length;
    const [first, second] = next;
    if (completed > 0 && completed < records) {
      observe({ type: 'partial', origin, records, succeeded: completed });
    }
    if (first && second) {
      observe({ type: 'bisected', origin, records, into: [first.items.length, second.items.length] });
    } else if (first) {
      const waitMs = first.notBefore - clock.now();
      observe({ type: 'retried', origin, records: first.items.length, retries: first.retries, waitMs });
    }
  }
}

function finish(items: readonly PendingRecord[]): void {
  for (const item of items) item.done = true;
}

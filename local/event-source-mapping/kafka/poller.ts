import { backoffMs } from '../emulation.ts';
import type { Generation, Member } from './access.ts';
import { Assignment } from './assignment.ts';
import type { KafkaContext } from './context.ts';

/** A member of the mapping's group that works on what the group gives it, generation after generation. */
export class Poller {
  readonly #context: KafkaContext;
  readonly #lost = new AbortController();
  /** Those that still run: of the generation of now, and what former ones have under way. */
  readonly #running = new Map<Assignment, Promise<void>>();
  #current: Assignment | undefined;
  #isAssigned = false;

  constructor(context: KafkaContext) {
    this.#context = context;
  }

  /** The group has told it what is its own. */
  get isAssigned(): boolean {
    return this.#isAssigned;
  }

  get inFlight(): number {
    return [...this.#running.keys()].filter((assignment) => assignment.inFlight).length;
  }

  get current(): Pick<Assignment, 'unfinished' | 'oldestArrivalMs'> | undefined {
    return this.#current;
  }

  /** It is gone while its invocation runs on: the answer counts for nothing. */
  lose(): void {
    this.#lost.abort();
    this.#current?.lose();
  }

  /** Runs until the signal aborts, or it is lost; then waits for the invocations under way. Never rejects. */
  async run(stopping: AbortSignal): Promise<void> {
    const { observe, topic, clock, settings } = this.#context;
    const over = AbortSignal.any([stopping, this.#lost.signal]);
    for (let failures = 1; !over.aborted; failures += 1) {
      const membership = this.#context.access.member(this.#context);
      const left = new AbortController();
      try {
        await Promise.race([membership.join(), aborted(over)]);
        void this.#look(membership, AbortSignal.any([over, left.signal]));
        await this.#serve(membership, stopping, over);
      } catch (error) {
        if (!over.aborted) observe({ type: 'pollFailed', origin: topic, error });
      }
      left.abort();
      if (!stopping.aborted) this.#current?.lose();
      else if (this.#current) await this.#running.get(this.#current);
      await membership.leave();
      await clock.sleep(backoffMs(failures, settings), over);
    }
    await Promise.all(this.#running.values());
  }

  /** @throws why it is no member any more */
  async #serve(membership: Member, stopping: AbortSignal, over: AbortSignal): Promise<void> {
    let served: Generation | undefined;
    while (!over.aborted) {
      if (membership.failure !== undefined) throw membership.failure;
      const { current } = membership;
      if (current && current !== served) this.#begin(current, stopping);
      served = current;
      await membership.changes.next(over);
    }
  }

  #begin(generation: Generation, stopping: AbortSignal): void {
    const { observe, topic, progress } = this.#context;
    this.#current?.lose();
    const assignment = new Assignment(this.#context, generation);
    const run = assignment.run(stopping).finally(() => this.#running.delete(assignment));
    this.#running.set(assignment, run);
    this.#current = assignment;
    this.#isAssigned = true;
    observe({ type: 'rebalanced', origin: topic, partitions: generation.partitions });
    progress.changed();
  }

  /** Now and then, for more partitions, until the signal aborts. Never rejects. */
  async #look(membership: Member, over: AbortSignal): Promise<void> {
    const { observe, topic, clock, settings } = this.#context;
    while (!over.aborted) {
      await clock.sleep(settings.kafkaPartitionsMs, over);
      if (over.aborted) return;
      await membership.look().catch((error) => {
        if (!over.aborted) observe({ type: 'pollFailed', origin: topic, error });
      });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

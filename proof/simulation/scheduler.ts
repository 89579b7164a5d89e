import type { Clock } from '../../local/clock.ts';
import type { Random } from '../../local/faults/random.ts';

interface Event {
  readonly at: number;
  /** Chosen by the seed: which of several events of one instant comes first. */
  readonly rank: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Nothing is left that could ever happen, and something still waits. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
}

/**
 * Time and order of everything in a simulation: what is to happen lies in one queue, and the seed decides what of one
 * instant comes first. Between two events all promises run out, so that no other order is possible: the same seed gives
 * the same run.
 */
export class Scheduler {
  readonly clock: Clock = {
    now: () => this.now,
    sleep: (ms, signal) => this.#sleep(ms, signal),
  };
  readonly #random: Random;
  readonly #queue: Event[] = [];
  #now: number;
  #steps = 0;

  /** @param startAt ms since the epoch */
  constructor(random: Random, startAt: number) {
    this.#random = random;
    this.#now = startAt;
  }

  /** Whole milliseconds, as clocks of hosts tell them. */
  get now(): number {
    return Math.floor(this.#now);
  }

  /** Events that have happened. */
  get steps(): number {
    return this.#steps;
  }

  /** Has something happen after so many ms. @returns what takes it back */
  after(ms: number, run: () => void): () => void {
    const event: Event = {
      at: this.#now + Math.max(0, ms),
      rank: this.#random.next(),
      run,
      isCancelled: false,
    };
    push(this.#queue, event);
    return () => {
      event.isCancelled = true;
    };
  }

  /**
   * Lets everything happen until the work is done.
   * @throws what the work throws; Deadlock when the work waits for what can never happen
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    let settled: { value: Result } | { error: unknown } | undefined;
    work().then(
      (value) => {
        settled = { value };
      },
      (error: unknown) => {
        settled = { error };
      },
    );
    for (;;) {
      await promisesRunOut();
      if (settled !== undefined) break;
      let event = pop(this.#queue);
      while (event?.isCancelled) event = pop(this.#queue);
      if (event === undefined) throw new Deadlock('Nothing is left to happen, and the work is not done');
      this.#now = event.at;
      this.#steps += 1;
      event.run();
    }
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      // For ever: only the signal ends it.
      const cancel = ms === Number.POSITIVE_INFINITY ? () => {} : this.after(ms, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}

/** No promise of the simulation waits for anything but the scheduler: one turn of Node's loop, and all have run. */
function promisesRunOut(): Promise<void> {
  return new Promise((resolve) => {
    // biome-ignore lint/plugin: it takes no time of the simulation, and nothing else happens meanwhile.
    setImmediate(resolve);
  });
}

function isBefore(left: Event, right: Event): boolean {
  return left.at < right.at || (left.at === right.at && left.rank < right.rank);
}

/** A binary heap: the event that comes first lies at 0. */
function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(event, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): Event | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    if (left === undefined) break;
    const right = heap[2 * index + 2];
    const child = right !== undefined && isBefore(right, left) ? right : left;
    if (!isBefore(child, last)) break;
    heap[index] = child;
    index = 2 * index + (child === left ? 1 : 2);
  }
  heap[index] = last;
  return first;
}

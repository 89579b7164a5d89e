import type { Random } from '../../../local/faults/random.ts';
import type { Disturbances } from '../../support/fakes/disturbances.ts';

/** The invocation dies here, as if its process were killed. */
export class Killed extends Error {}

/**
 * Where an invocation may die or be passed by another: before and after every write and every put. Many
 * invocations may be under way; which of them takes its next step is the schedule's choice.
 */
export class Faults implements Disturbances {
  /** Probability that one step kills its invocation. 0 while the pipeline drains. */
  killChance = 0;
  /** Probability that one write of a batch reports a failure (before or after its effect), or a put fails. */
  failChance = 0;
  readonly seen = new Map<string, number>();
  readonly #random: Random;
  readonly #waiting: (() => void)[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  get random(): Random {
    return this.#random;
  }

  /** To be awaited before and after each effect. */
  async step(place: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    if (this.#random.chance(this.killChance)) {
      this.#note(`killed ${place}`);
      throw new Killed(place);
    }
  }

  fails(place: string): boolean {
    const failing = this.#random.chance(this.failChance);
    if (failing) this.#note(`failed ${place}`);
    return failing;
  }

  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  shuffled<Item>(items: readonly Item[]): readonly Item[] {
    return this.#random.shuffled(items);
  }

  #note(kind: string): void {
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
  }

  /** Lets the invocations under way take their steps, in an order of the schedule's choice, until all are done. */
  async run(invocations: readonly Promise<unknown>[]): Promise<void> {
    let isDone = false;
    const all = Promise.allSettled(invocations).then(() => {
      isDone = true;
    });
    while (!isDone) {
      // A turn of the event loop, so that whoever can go on has reached its next step.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      const index = this.#random.below(this.#waiting.length);
      this.#waiting.splice(index, 1).forEach((resume) => {
        resume();
      });
    }
    await all;
  }
}

/**
 * The fakes are the ports of lambda/ports/ports.ts in memory, one each. A test may look at what they hold, and tell
 * one of them what its next call does. What delays and lost answers do is shown on the services of `npm run simulate`.
 */

/** What happened, in order: several fakes share one, so that a test can see what came before what. */
export type Journal = string[];

export class Died extends Error {}

/** The effects of several fakes: what happened of them, and where the one who makes them dies. */
export class Effects {
  readonly journal: Journal = [];
  #done = 0;
  #crash: { readonly at: number; readonly when: 'before' | 'after' } | undefined;

  /** What others do before a step of an invocation that this is asked of. */
  meanwhile: (step: string) => Promise<void> = async () => {};

  /** Whoever makes the nth effect from now dies, before it has taken place or after; undefined: nobody does. */
  dieAt(crash: { readonly at: number; readonly when: 'before' | 'after' } | undefined): void {
    this.#done = 0;
    this.#crash = crash;
  }

  make<Result>(step: string, effect: () => Result): Result {
    this.#done += 1;
    const crash = this.#crash?.at === this.#done ? this.#crash.when : undefined;
    if (crash === 'before') throw new Died(`Died before: ${step}`);
    const result = effect();
    this.journal.push(step);
    if (crash === 'after') throw new Died(`Died after: ${step}`);
    return result;
  }
}

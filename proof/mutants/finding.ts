export interface Found {
  readonly seed: number;
  readonly problem: string;
}

/**
 * Runs one seed after the other, up to the first that shows a problem.
 *
 * @param mutant by its name; undefined: the code as it is
 * @throws Error when a run does not come to its end
 */
export type Run = (
  mutant: string | undefined,
  seeds: { readonly from: number; readonly count: number },
) => Promise<Found | undefined>;

/** Finds defects. A seed that shows a problem without the defect as well has found none. */
export class Finder {
  readonly #run: Run;
  readonly #withoutDefect = new Map<number, Promise<Found | undefined>>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** @returns undefined: none of the seeds showed it @throws Error where code without the defect fails, too */
  async find(mutant: string, seeds: number): Promise<Found | undefined> {
    const found = await this.#run(mutant, { from: 1, count: seeds });
    if (found === undefined) return undefined;
    const without = await this.#asItIs(found.seed);
    if (without === undefined) return found;
    throw new Error(`seed ${found.seed} fails without it, too: ${without.problem}`);
  }

  /** Once for each seed: many defects show in the first ones. */
  #asItIs(seed: number): Promise<Found | undefined> {
    const running = this.#withoutDefect.get(seed) ?? this.#run(undefined, { from: seed, count: 1 });
    this.#withoutDefect.set(seed, running);
    return running;
  }
}

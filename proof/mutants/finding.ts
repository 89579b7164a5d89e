import type { Mutant } from './mutant.ts';

export interface Found {
  readonly seed: number;
  readonly problem: string;
}

type Defect = Pick<Mutant, 'name' | 'connector'>;

/**
 * Runs one seed after the other, up to the first that shows a problem.
 *
 * @param mutant by its name; undefined: the code as it is
 * @param seeds `connector`: what the outer streams are in each, unless it is the seed's own
 * @throws Error when a run does not come to its end
 */
export type Run = (
  mutant: string | undefined,
  seeds: { readonly from: number; readonly count: number } & Pick<Mutant, 'connector'>,
) => Promise<Found | undefined>;

/** Finds defects. A seed that shows a problem without the defect as well has found none. */
export class Finder {
  readonly #run: Run;
  readonly #withoutDefect = new Map<string, Promise<Found | undefined>>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** @returns undefined: none of the seeds showed it @throws Error where code without the defect fails, too */
  async find({ name, connector }: Defect, seeds: number): Promise<Found | undefined> {
    const own = connector && { connector };
    const found = await this.#run(name, { from: 1, count: seeds, ...own });
    if (found === undefined) return undefined;
    const without = await this.#asItIs({ from: found.seed, count: 1, ...own });
    if (without === undefined) return found;
    throw new Error(`seed ${found.seed} fails without it, too: ${without.problem}`);
  }

  /** Once for each seed: many defects show in the first ones. */
  #asItIs(seed: Parameters<Run>[1]): Promise<Found | undefined> {
    const key = `${seed.from} ${seed.connector}`;
    const running = this.#withoutDefect.get(key) ?? this.#run(undefined, seed);
    this.#withoutDefect.set(key, running);
    return running;
  }
}

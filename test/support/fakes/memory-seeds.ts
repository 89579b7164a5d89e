import { seedCommitment } from '../../../lambda/core/fairness.ts';
import type { SeedKeeper, Seeds } from '../../../lambda/ports/ports.ts';
import { Effects } from './journal.ts';

/** The seeds table. */
export class MemorySeeds implements SeedKeeper, Seeds {
  /** What keeping a seed throws. */
  error: Error | undefined;
  reads = 0;
  readonly #seeds: Map<string, string>;
  readonly #effects: Effects;

  /** @param known seeds that are there from the beginning */
  constructor(known: readonly string[] = [], effects = new Effects()) {
    this.#seeds = new Map(known.map((seed) => [seedCommitment(seed), seed]));
    this.#effects = effects;
  }

  async keep(seeds: readonly string[]): Promise<void> {
    if (this.error) throw this.error;
    for (const seed of seeds) {
      this.#effects.make('keep seed', () => this.#seeds.set(seedCommitment(seed), seed));
    }
  }

  /** As somebody's hand does it. */
  forget(seed: string): void {
    this.#seeds.delete(seedCommitment(seed));
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    this.reads += 1;
    return new Map(
      commitments.flatMap((commitment) => {
        const seed = this.#seeds.get(commitment);
        return seed === undefined ? [] : [[commitment, seed] as const];
      }),
    );
  }
}

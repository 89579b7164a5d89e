import type { Seeds } from '../ports/ports.ts';

/** 128 bytes each: more than the lotteries that one execution environment meets in its life. */
const maximumRemembered = 10_000;

/** Seeds, read once by each execution environment: what a commitment stands for never changes. */
export class CachedSeeds implements Seeds {
  readonly #source: Seeds;
  readonly #remembered = new Map<string, string>();

  constructor(source: Seeds) {
    this.#source = source;
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const commitment of commitments) {
      const seed = this.#remembered.get(commitment);
      if (seed !== undefined) found.set(commitment, seed);
    }
    const missing = commitments.filter((commitment) => !found.has(commitment));
    if (missing.length === 0) return found;
    for (const [commitment, seed] of await this.#source.byCommitment(missing)) {
      found.set(commitment, seed);
      if (this.#remembered.size >= maximumRemembered) this.#remembered.clear();
      this.#remembered.set(commitment, seed);
    }
    return found;
  }
}

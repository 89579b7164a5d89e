import * as z from 'zod/mini';
import { seedCommitment } from '../core/fairness.ts';
import type { SeedKeeper, Seeds } from '../ports/ports.ts';
import type { Item } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';

const seedItemSchema = z.object({ seedCommitment: z.string(), seed: z.string() });

/**
 * The seeds table, key `seedCommitment`: the seed that a run is committed to. An item is named by its contents,
 * so that it can be put any number of times and is never changed.
 */
export class SeedsTable implements SeedKeeper, Seeds {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async keep(seeds: readonly string[]): Promise<void> {
    const results = await this.#table.putAll(
      seeds.map((seed) => ({
        item: { seedCommitment: seedCommitment(seed), seed },
        condition: 'attribute_not_exists(seedCommitment)',
      })),
    );
    // A conflict: it is there, from an attempt whose answer was lost.
    for (const result of results) if (result.kind === 'failed') throw result.error;
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    if (commitments.length === 0) return new Map();
    const keys = commitments.map((commitment) => ({ seedCommitment: commitment }));
    // Consistent: a click may come in the moment its lottery was started.
    const items = await this.#table.getAll(keys, true);
    return new Map(items.flatMap(seedOf));
  }
}

/** Somebody can change an item by hand. What was drawn with another seed no one could check: it is as good as none. */
function seedOf(item: Item): [string, string][] {
  const parsed = seedItemSchema.safeParse(item);
  if (!parsed.success || !isSeed(parsed.data.seed)) return [];
  const { seedCommitment: commitment, seed } = parsed.data;
  return seedCommitment(seed) === commitment ? [[commitment, seed]] : [];
}

/** Hex that is no whole bytes, or none, would be cut short by who reads it, and have the commitment of the rest. */
function isSeed(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

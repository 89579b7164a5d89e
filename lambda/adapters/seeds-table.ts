import * as z from 'zod/mini';
import { seedCommitment } from '../core/fairness.ts';
import type { SeedKeeper, Seeds } from '../ports.ts';
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
    return new Map(items.map((item) => checked(seedItemSchema.parse(item))));
  }
}

/** An operator can change an item by hand, and what was drawn with another seed no one could check. */
function checked(item: z.infer<typeof seedItemSchema>): [string, string] {
  if (seedCommitment(item.seed) !== item.seedCommitment) {
    throw new Error(`The seed stored for the commitment ${item.seedCommitment} is not the one committed to`);
  }
  return [item.seedCommitment, item.seed];
}

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { SeedsTable } from '../../lambda/adapters/seeds-table.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { secondSeed, seed } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';

export function seedsTableContract(tables: StateTables): void {
  describe('seeds', () => {
    let name: string;
    let seeds: SeedsTable;

    beforeEach(async () => {
      name = await tables.seeds();
      seeds = new SeedsTable(new DynamoTable(tables.client(), name));
    });

    test('are found by the commitments to them, and no others', async () => {
      await seeds.keep([seed, secondSeed]);
      const unknown = seedCommitment('0'.repeat(64));
      expect(await seeds.byCommitment([seedCommitment(seed), unknown])).toEqual(
        new Map([[seedCommitment(seed), seed]]),
      );
      expect(await seeds.byCommitment([])).toEqual(new Map());
    });

    test('are kept any number of times', async () => {
      await seeds.keep([]);
      await seeds.keep([seed]);
      await seeds.keep([seed]);
      expect((await seeds.byCommitment([seedCommitment(seed)])).size).toBe(1);
    });

    test.each([
      ['another one', secondSeed],
      ['one that is cut short when it is read', `${seed}0`],
      ['nothing', ''],
    ])('that were changed by hand to %s are as good as none', async (_, changed) => {
      await seeds.keep([seed, secondSeed]);
      const forged = { seedCommitment: { S: seedCommitment(seed) }, seed: { S: changed } };
      await tables.client().send(new PutItemCommand({ TableName: name, Item: forged }));
      const found = await seeds.byCommitment([seed, secondSeed].map(seedCommitment));
      expect([...found.values()]).toEqual([secondSeed]);
    });
  });
}

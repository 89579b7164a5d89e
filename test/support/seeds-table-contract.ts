import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { SeedsTable } from '../../lambda/adapters/seeds-table.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { secondSeed, seed } from './events.ts';
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

    test('that were changed by hand are refused: a draw with another seed no one could check', async () => {
      await seeds.keep([seed]);
      const forged = { seedCommitment: { S: seedCommitment(seed) }, seed: { S: secondSeed } };
      await tables.client().send(new PutItemCommand({ TableName: name, Item: forged }));
      await expect(seeds.byCommitment([seedCommitment(seed)])).rejects.toThrow(
        `The seed stored for the commitment ${seedCommitment(seed)} is not the one committed to`,
      );
    });
  });
}

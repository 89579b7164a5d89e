import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import type { DynamoEngine } from '../support/dynamo-engine.ts';
import { createTable } from '../support/dynamo-engine.ts';
import { drawsTableContract } from './draws-table-contract.ts';
import { expressionsContract } from './expressions-contract.ts';
import { itemsContract } from './items-contract.ts';
import { lotteriesTableContract } from './lotteries-table-contract.ts';
import { oddValuesContract } from './odd-values-contract.ts';
import { seedsTableContract } from './seeds-table-contract.ts';
import { statementsContract } from './statements-contract.ts';
import { withStaleReads } from './support/stale-reads.ts';
import { usersTableContract } from './users-table-contract.ts';

/** Tables of an engine, made anew for every test that asks. */
export interface StateTables {
  /** A client of the engine that runs, whose eventually consistent reads see nothing of what was written. */
  readonly client: () => DynamoDBClient;
  readonly users: () => Promise<string>;
  readonly lotteries: () => Promise<string>;
  readonly seeds: () => Promise<string>;
  readonly draws: () => Promise<string>;
}

/**
 * What the state tables promise, whatever engine is under them: to be run on each.
 * @param makeClient starts the engine, or connects to one
 */
export function stateTablesContract(name: string, makeClient: () => Promise<DynamoEngine>): void {
  describe(`state tables on ${name}`, () => {
    let engine: DynamoEngine | undefined;

    beforeAll(async () => {
      engine = await makeClient();
      withStaleReads(engine.client);
    });

    afterAll(() => engine?.stop());

    const running = () => {
      if (engine === undefined) throw new Error(`${name} did not start`);
      return engine.client;
    };
    const tables: StateTables = {
      client: running,
      users: () => createTable(running(), { userId: 'S' }),
      lotteries: () => createTable(running(), { lotteryId: 'S', run: 'N' }),
      seeds: () => createTable(running(), { seedCommitment: 'S' }),
      draws: () => createTable(running(), { drawId: 'S' }),
    };
    usersTableContract(tables);
    lotteriesTableContract(tables);
    seedsTableContract(tables);
    drawsTableContract(tables);
    statementsContract(running);
    expressionsContract(running);
    itemsContract(running);
    oddValuesContract(tables);
  });
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import type { DynamoEngine } from '../support/dynamo-engine.ts';
import { createTable } from '../support/dynamo-engine.ts';
import { drawsTableContract } from './draws-table-contract.ts';
import { expressionsContract } from './expressions-contract.ts';
import { grantsTableContract } from './grants-table-contract.ts';
import { itemsContract } from './items-contract.ts';
import { lotteriesTableContract } from './lotteries-table-contract.ts';
import { oddValuesContract } from './odd-values-contract.ts';
import { openDrawsTableContract } from './open-draws-table-contract.ts';
import { refundsTableContract } from './refunds-table-contract.ts';
import { seedsTableContract } from './seeds-table-contract.ts';
import { statementsContract } from './statements-contract.ts';
import { inMemoryServices } from './support/in-memory-services.ts';
import { withStaleReads } from './support/stale-reads.ts';
import { usersTableContract } from './users-table-contract.ts';
import { watermarksTableContract } from './watermarks-table-contract.ts';

/** Tables of an engine, made anew for every test that asks. */
export interface StateTables {
  /** A client of the engine that runs, whose eventually consistent reads see nothing of what was written. */
  readonly client: () => DynamoDBClient;
  readonly users: () => Promise<string>;
  readonly lotteries: () => Promise<string>;
  readonly seeds: () => Promise<string>;
  readonly draws: () => Promise<string>;
  readonly refunds: () => Promise<string>;
  readonly grants: () => Promise<string>;
  readonly watermarks: () => Promise<string>;
  /** A bucket `draws` in memory, where what outgrows an item goes. */
  readonly bucket: () => Promise<S3Client>;
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
      refunds: () => createTable(running(), { refundId: 'S' }),
      grants: () => createTable(running(), { grantId: 'S' }),
      watermarks: () => createTable(running(), { shardId: 'S' }),
      bucket: async () => {
        const { s3 } = inMemoryServices().clients;
        await s3.send(new CreateBucketCommand({ Bucket: 'draws' }));
        return s3;
      },
    };
    usersTableContract(tables);
    lotteriesTableContract(tables);
    seedsTableContract(tables);
    drawsTableContract(tables);
    openDrawsTableContract(tables);
    refundsTableContract(tables);
    grantsTableContract(tables);
    watermarksTableContract(tables);
    statementsContract(running);
    expressionsContract(running);
    itemsContract(running);
    oddValuesContract(tables);
  });
}

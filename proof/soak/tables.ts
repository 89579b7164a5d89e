import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type AttributeMap, fromAttributes, type Item } from '../../lambda/adapters/attribute-values.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import {
  drawItem,
  type Evidence,
  type LateItem,
  lateItem,
  lotteryItem,
  seedItem,
  userItem,
} from '../audit/evidence.ts';

type Stored = Pick<Evidence, 'users' | 'draws' | 'lateEntries' | 'lotteries' | 'seeds' | 'failedBatches'>;

/** Everything that the tables and the artifacts bucket hold. @throws Error when an item cannot be read. */
export async function readStored(runtime: Pick<Runtime, 'clients' | 'outputs'>): Promise<Stored> {
  const { dynamodb, s3 } = runtime.clients;
  const output = (name: string) => {
    const value = runtime.outputs[name];
    if (value === undefined) throw new Error(`The app has no output ${name}`);
    return value;
  };
  const [users, draws, lotteries, seeds, failedBatches] = await Promise.all([
    scan(dynamodb, output('UsersTableName')),
    scan(dynamodb, output('DrawsTableName')),
    scan(dynamodb, output('LotteriesTableName')),
    scan(dynamodb, output('SeedsTableName')),
    keysOf(s3, output('ArtifactsBucketName')),
  ]);
  return {
    users: users.map((item) => userItem.parse(item)),
    draws: draws.map((item) => drawItem.parse(item)),
    lateEntries: draws.flatMap(lateEntriesOf),
    lotteries: lotteries.map((item) => lotteryItem.parse(item)),
    seeds: seeds.map((item) => seedItem.parse(item)),
    failedBatches,
  };
}

const lateEntries = z.record(z.string(), z.record(z.string(), z.unknown()));

/** They lie with the draw that they missed, by entry id. */
function lateEntriesOf({ drawId, late }: Item): LateItem[] {
  return Object.entries(lateEntries.parse(late)).map(([entryId, entry]) =>
    lateItem.parse({ ...entry, entryId, missedDrawId: drawId }),
  );
}

async function scan(client: DynamoDBClient, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: AttributeMap | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
    );
    items.push(...(page.Items ?? []).map(fromAttributes));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

async function keysOf(client: S3Client, Bucket: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, ...(token && { ContinuationToken: token }) }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** How many ticks were set aside. */
export async function deadTicks({ clients }: Pick<Runtime, 'clients'>, environment: string): Promise<number> {
  const { QueueUrl } = await clients.sqs.send(
    new GetQueueUrlCommand({ QueueName: `${environment}-ticks-dead-letter` }),
  );
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

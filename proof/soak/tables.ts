import { gunzipSync } from 'node:zlib';
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type AttributeMap, fromAttributes, type Item } from '../../lambda/adapters/attribute-values.ts';
import { mapBounded } from '../../lambda/batch/map-bounded.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import {
  block,
  drawsTableItem,
  type Evidence,
  grantItem,
  lotteryItem,
  refundItem,
  seedItem,
  userItem,
} from '../audit/evidence.ts';

type Stored = Pick<
  Evidence,
  | 'users'
  | 'draws'
  | 'refunds'
  | 'grants'
  | 'closed'
  | 'open'
  | 'blocks'
  | 'sheets'
  | 'archive'
  | 'lotteries'
  | 'seeds'
  | 'failedBatches'
>;

/** Everything that the tables and the buckets hold. @throws Error when an item or an object cannot be read. */
export async function readStored(runtime: Pick<Runtime, 'clients' | 'outputs'>): Promise<Stored> {
  const { dynamodb, s3 } = runtime.clients;
  const output = (name: string) => {
    const value = runtime.outputs[name];
    if (value === undefined) throw new Error(`The app has no output ${name}`);
    return value;
  };
  const bucket = output('DrawsBucketName');
  const [users, ofDraws, refunds, grants, lotteries, seeds, failedBatches, objects, archive] =
    await Promise.all([
      scan(dynamodb, output('UsersTableName')),
      scan(dynamodb, output('DrawsTableName')),
      scan(dynamodb, output('RefundsTableName')),
      scan(dynamodb, output('GrantsTableName')),
      scan(dynamodb, output('LotteriesTableName')),
      scan(dynamodb, output('SeedsTableName')),
      keysOf(s3, output('ArtifactsBucketName')),
      objectsOf(s3, bucket),
      archiveOf(s3, bucket),
    ]);
  const items = ofDraws.map((item) => drawsTableItem.parse(withWholeTexts(item, objects)));
  const named = (folder: string) =>
    [...objects].flatMap(([key, text]) =>
      key.startsWith(folder) ? [[key.slice(folder.length), text] as const] : [],
    );
  return {
    users: users.map((item) => userItem.parse(item)),
    draws: items.flatMap((each) => (each.kind === 'draw' ? [each.item] : [])),
    refunds: refunds.map((item) => refundItem.parse(item)),
    grants: grants.map((item) => grantItem.parse(item)),
    closed: items.flatMap((each) => (each.kind === 'closed' ? [each.item] : [])),
    open: items.flatMap((each) => (each.kind === 'open' ? [each.item] : [])),
    blocks: new Map(named('blocks/').map(([name, text]) => [name, block.parse(JSON.parse(text))])),
    sheets: new Map(named('sheets/')),
    lotteries: lotteries.map((item) => lotteryItem.parse(item)),
    seeds: seeds.map((item) => seedItem.parse(item)),
    ...{ archive, failedBatches },
  };
}

/** Long texts of the draws table lie in the bucket, and their keys in the item (lambda/adapters/long-texts.ts). */
function withWholeTexts(item: Item, objects: ReadonlyMap<string, string>): Item {
  const whole = (text: unknown) => JSON.parse(objects.get(String(text)) ?? String(text));
  return {
    ...item,
    ...('blocks' in item && { blocks: whole(item.blocks) }),
    ...('draws' in item && { draws: whole(item.draws) }),
  };
}

const READS_IN_FLIGHT = 16;

const ARCHIVE = 'archive/';

/** The texts of all objects but the archive's, by their keys. */
export async function objectsOf(client: S3Client, Bucket: string): Promise<Map<string, string>> {
  const keys = await keysOf(client, Bucket);
  const texts = keys.filter((key) => !key.startsWith(ARCHIVE));
  return new Map(
    await mapBounded(READS_IN_FLIGHT, texts, async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ''] as const;
    }),
  );
}

/** The objects of the archive, unpacked, by their keys. @throws Error where one is no gzip */
async function archiveOf(client: S3Client, Bucket: string): Promise<Map<string, string>> {
  const read = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const packed = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return [Key, gunzipSync(packed).toString('utf8')] as const;
  };
  return new Map(await mapBounded(READS_IN_FLIGHT, await keysOf(client, Bucket, ARCHIVE), read));
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

async function keysOf(client: S3Client, Bucket: string, Prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix, ...(token && { ContinuationToken: token }) }),
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

import { AsyncLocalStorage } from 'node:async_hooks';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { streamOfIterator } from '../../../local/iam/rights/iterators.ts';

/** Whose calls they are; those of nobody are a test's own. */
export const during = new AsyncLocalStorage<string>();

/** The rights that calls took, in the words of test/lib/rights.ts, by whoever made them. */
export const rightsTaken = new Map<string, Set<string>>();

type Input = Readonly<Record<string, unknown>>;

/**
 * Has every client of this process note what rights its calls take: whatever has loaded the commands before, it has these classes.
 * @returns what ends it
 */
export function noteCalls(): () => void {
  const ends = [
    noting(KinesisClient, 'kinesis', ({ StreamName, ShardIterator }) => [
      `Streams${plain(StreamName ?? streamOfIterator(String(ShardIterator)))}`,
    ]),
    noting(DynamoDBDocumentClient, 'dynamodb', ({ TableName, RequestItems = {} }) =>
      (TableName === undefined ? Object.keys(Object(RequestItems)) : [TableName]).map(
        (table) => `Tables${plain(table)}`,
      ),
    ),
    noting(S3Client, 's3', ({ Bucket, Key }) => [`${bucketOf(Bucket)}${folderOf(Key)}`]),
    noting(SQSClient, 'sqs', () => ['TicksQueue']),
    noting(LambdaClient, 'lambda', () => []),
    noting(CloudFormationClient, 'cloudformation', () => []),
    noting(CloudWatchClient, 'cloudwatch', () => []),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** The method that clients of a service have from all clients. @param resourcesOf none: the action is all that is noted */
function noting(
  { prototype }: { prototype: { send: (...parameters: never[]) => unknown } },
  service: string,
  resourcesOf: (input: Input) => string[],
): () => void {
  const original = prototype.send;
  prototype.send = function (this: object, ...parameters: readonly unknown[]) {
    const [command] = parameters as readonly [{ input: Input }];
    note(`${service}:${actionOf(command.constructor.name)}`, () => resourcesOf(command.input));
    return Reflect.apply(original, this, parameters);
  };
  return () => {
    prototype.send = original;
  };
}

function note(action: string, resourcesOf: () => string[]): void {
  const whose = during.getStore();
  if (whose === undefined) return;
  const taken = rightsTaken.get(whose) ?? new Set();
  rightsTaken.set(whose, taken);
  const resources = resourcesOf();
  for (const on of resources.length === 0 ? [''] : resources) taken.add(on ? `${action} on ${on}` : action);
}

/** Where the action is not called like the command. */
const actions: Readonly<Record<string, string>> = {
  BatchGetCommand: 'BatchGetItem',
  GetCommand: 'GetItem',
  ListObjectsV2Command: 'ListBucket',
};

function actionOf(command: string): string {
  return actions[command] ?? command.replace(/Command$/, '');
}

/** `dev-user-events-input`: as it is in logical ids. */
function plain(name: unknown): string {
  return String(name).replace(/^dev-/, '').replaceAll('-', '');
}

function bucketOf(name: unknown): string {
  return /artifacts/i.test(String(name)) ? 'ArtifactsBucket' : 'DrawsBucket';
}

function folderOf(key: unknown): string {
  return typeof key === 'string' ? `/${key.slice(0, key.indexOf('/'))}/*` : '';
}

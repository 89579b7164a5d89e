import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import {
  dynamoClient,
  kinesisClient,
  kmsClient,
  s3Client,
  sqsClient,
} from '../../../lambda/adapters/clients.ts';

interface ResponseMetadata {
  readonly $metadata: { readonly totalRetryDelay?: number };
}

export function sdkClients() {
  return {
    ...{ dynamodb: dynamoClient(), kinesis: kinesisClient(), kms: kmsClient() },
    ...{ s3: s3Client(), sqs: sqsClient() },
  };
}

/** Every call that functions make, with values of all types that they use. A test bundles this module as functions are bundled. */
export function sdkCalls(clients = sdkClients()): Record<string, () => Promise<object>> {
  const { dynamodb: dynamo, kinesis, kms, s3, sqs } = clients;
  const table = { TableName: 'users', Key: { id: { S: 'ü' }, at: { N: '7' } } };
  const values = {
    ':a': { B: Buffer.from('bytes') },
    ':b': { L: [{ BOOL: true }, { M: { c: { S: 'x' } } }] },
  };
  const object = { Bucket: 'dev-draws', Key: 'blocks/a b+ü' };
  const entry = { Data: Buffer.from('{"a":1}'), PartitionKey: '7' };
  const message = Buffer.from('message');
  return {
    BatchExecuteStatement: () =>
      dynamo.send(
        new BatchExecuteStatementCommand({
          Statements: [{ Statement: 'SELECT 1', Parameters: Object.values(values) }],
        }),
      ),
    BatchGetItem: () =>
      dynamo.send(new BatchGetItemCommand({ RequestItems: { users: { Keys: [table.Key] } } })),
    DeleteItem: () => dynamo.send(new DeleteItemCommand(table)),
    GetItem: () => dynamo.send(new GetItemCommand({ ...table, ConsistentRead: true })),
    PutItem: () => dynamo.send(new PutItemCommand({ TableName: 'users', Item: { ...table.Key, ...values } })),
    Query: () =>
      dynamo.send(
        new QueryCommand({
          TableName: 'users',
          KeyConditionExpression: 'a = :a',
          ExpressionAttributeValues: values,
        }),
      ),
    UpdateItem: () => dynamo.send(new UpdateItemCommand({ ...table, UpdateExpression: 'SET a = :a' })),
    ListShards: () => kinesis.send(new ListShardsCommand({ StreamName: 'entries' })),
    PutRecords: () => kinesis.send(new PutRecordsCommand({ StreamName: 'entries', Records: [entry, entry] })),
    GetPublicKey: () => kms.send(new GetPublicKeyCommand({ KeyId: 'key' })),
    Sign: () =>
      kms.send(new SignCommand({ KeyId: 'key', Message: message, SigningAlgorithm: 'ECDSA_SHA_256' })),
    GetObject: async () => {
      const { Body, ...output } = await s3.send(new GetObjectCommand(object));
      return { ...output, text: await Body?.transformToString() };
    },
    PutObject: () =>
      s3.send(new PutObjectCommand({ ...object, Body: '{"a":"ü"}', ContentType: 'application/json' })),
    // As sheets and the archive are: so many that the SDK waits for S3 to take them.
    'PutObject of bytes': () =>
      s3.send(new PutObjectCommand({ ...object, Body: Buffer.alloc(2_200_000, 'é') })),
    SendMessageBatch: () =>
      sqs.send(
        new SendMessageBatchCommand({
          // The SDK calls the queue where its URL says.
          QueueUrl: `${process.env.AWS_ENDPOINT_URL}/123456789012/ticks`,
          Entries: [{ Id: '0', MessageBody: 'tick', DelaySeconds: 3 }],
        }),
      ),
  };
}

/** @returns what came, or of an error what functions and their logs look at */
export async function outcomeOf(call: () => Promise<object>): Promise<object> {
  try {
    return withoutDelay(await call());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message } = error;
    return {
      ...{ name, message, details: withoutDelay({ ...error, $response: undefined }) },
      ...{
        isCondition: error instanceof ConditionalCheckFailedException,
        isMissing: error instanceof NoSuchKey,
      },
    };
  }
}

/** Delays before tries are random. */
function withoutDelay(output: object): object {
  const { $metadata: { totalRetryDelay, ...metadata } = {}, ...others } = output as Partial<ResponseMetadata>;
  return { ...others, metadata };
}

import type { KinesisClient, PutRecordsCommandInput, PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import { KinesisClient as Kinesis } from '@aws-sdk/client-kinesis';
import { type GetPublicKeyCommandOutput, KMSClient, type SignCommandOutput } from '@aws-sdk/client-kms';
import type {
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { SQSClient as Sqs } from '@aws-sdk/client-sqs';
import type { RetryPolicy } from '../../lambda/adapters/retry.ts';

/**
 * The SDK's own clients, with an answer in the place of the network: the first middleware answers, so that no
 * request is made. Each takes the operations that the product uses of its service.
 */

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export function kinesisAnswering(
  answer: (input: PutRecordsCommandInput) => Partial<PutRecordsCommandOutput>,
): KinesisClient {
  const client = new Kinesis(settings);
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        if (!('Records' in input)) throw new TypeError('Only PutRecords is answered');
        return { response: {}, output: { Records: undefined, $metadata: {}, ...answer(input) } };
      },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

export function sqsAnswering(
  answer: (input: SendMessageBatchCommandInput) => Partial<SendMessageBatchCommandOutput>,
): SQSClient {
  const client = new Sqs(settings);
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        if (!isSendMessageBatch(input)) throw new TypeError('Only SendMessageBatch is answered');
        return { response: {}, output: { Successful: [], Failed: [], $metadata: {}, ...answer(input) } };
      },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

/** Signs and tells the public key as it is told; each call is noted. */
export function kmsAnswering(
  answer: () => Partial<SignCommandOutput & GetPublicKeyCommandOutput>,
): KMSClient & { readonly inputs: object[] } {
  const inputs: object[] = [];
  const client = new KMSClient(settings);
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        inputs.push(input);
        return { response: {}, output: { $metadata: {}, ...answer() } };
      },
    { step: 'initialize', priority: 'high' },
  );
  return Object.assign(client, { inputs });
}

function isSendMessageBatch(input: object): input is SendMessageBatchCommandInput {
  const entries: unknown = 'Entries' in input ? input.Entries : undefined;
  return Array.isArray(entries) && entries.every((entry) => 'MessageBody' in entry);
}

/** Retries that do not wait; the waits that were asked for are noted. */
export function noWaiting(attempts = 4): RetryPolicy & { readonly pauses: number[] } {
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    pauses.push(ms);
  };
  return { attempts, firstPauseMs: 100, sleep, random: () => 0.5, pauses };
}

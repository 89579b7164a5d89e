import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { requestTimeoutMs } from '../contract/waiting.ts';
import { putRecordsBody } from './put-records-body.ts';
import { withBody } from './request-bodies.ts';
import { roleCredentials } from './role-credentials.ts';
import { Sha256 } from './sha256.ts';

/**
 * Clients, to be made once per execution environment, during its init. Region and endpoints come from the SDK's
 * own variables (AWS_REGION, AWS_ENDPOINT_URL_KINESIS and so on).
 */

const connectionTimeout = 1_000;
/** Attempts of one call, with the SDK's exponential backoff. */
const maxAttempts = 4;

function settings() {
  return { maxAttempts, credentials: roleCredentials, requestHandler: requestHandler() };
}

/**
 * Of clients that are called dozens of times a batch. The middleware of a command is put in order once (so the first command of
 * each kind stays in memory, with its input), and hashes are our own.
 */
function settingsOfMany() {
  return { ...settings(), cacheMiddleware: true, sha256: Sha256 };
}

/** HTTP/1.1 for Kinesis too: a function has few calls in flight, and a session over HTTP/2 gains nothing. */
function requestHandler(): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout,
    // A call that takes longer is given up and tried again; conditional writes and minima make that safe.
    requestTimeout: requestTimeoutMs,
    // Without it the handler only logs a warning and goes on waiting.
    throwOnRequestTimeout: true,
    httpsAgent: { maxSockets: 64 },
  });
}

export function dynamoClient(): DynamoDBClient {
  return withOneSigner(withoutLogger(new DynamoDBClient(settingsOfMany())));
}

export function kinesisClient(): KinesisClient {
  const client = withOneSigner(withoutLogger(new KinesisClient(settingsOfMany())));
  return withBody(client, 'PutRecords', putRecordsBody);
}

/** One attempt a call: who signs tries again by itself, and knows for how long. */
export function kmsClient(): KMSClient {
  return withoutLogger(new KMSClient({ ...settings(), maxAttempts: 1 }));
}

export function sqsClient(): SQSClient {
  return withoutLogger(new SQSClient(settings()));
}

export function s3Client(): S3Client {
  // The bucket's name in the path: a name in front of the host is more to resolve, and not every endpoint has it.
  return withoutLogger(new S3Client({ ...settings(), forcePathStyle: true }));
}

interface Client {
  readonly middlewareStack: { removeByTag(tag: string): boolean };
}

/**
 * The SDK's logger writes nothing unless it is given one, but copies every request and response for it, member by
 * member: a fifth of the CPU of a write.
 * @throws Error when the SDK calls it otherwise
 */
function withoutLogger<SdkClient extends Client>(client: SdkClient): SdkClient {
  if (!client.middlewareStack.removeByTag('LOGGER')) throw new Error('The client has no logger to remove');
  return client;
}

type Signing<Signer> = { readonly config: { signer: (scheme?: never) => Promise<Signer> } };

/**
 * The SDK makes a signer for each request, from a copy of the client's settings. It is always the same one: what it signs for,
 * with which credentials and when, it is told or asks at each request.
 */
function withOneSigner<SdkClient extends Signing<unknown>>(client: SdkClient): SdkClient {
  const { config } = client;
  const make = config.signer;
  let made: ReturnType<typeof make> | undefined;
  config.signer = (scheme) => {
    made ??= make(scheme).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return client;
}

import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clients } from '../../../local/clients.ts';
import { requestHandlerFor, type Send } from './request-handler.ts';

export interface SimulatedClientsOptions {
  readonly region: string;
  readonly send: Send;
  /** Access key id of who calls: an execution environment (`dev-user-events.1`), or the runtime's own. */
  readonly caller: string;
  /**
   * How often a call is tried, and what passes in between: the SDK's own strategies wait with a timer. Default: once.
   */
  readonly retryStrategy?: Exclude<DynamoDBClientConfig['retryStrategy'], undefined>;
}

const once: SimulatedClientsOptions['retryStrategy'] = { retry: (next, args) => next(args) };

/**
 * The SDK's own clients, whose calls go to `send`. Everything that they would look up for themselves, in files of the
 * user or of the machine, is given to them, so that a call needs nothing but microtasks and is the same everywhere.
 */
export function simulatedClients(options: SimulatedClientsOptions): Clients {
  const byAccount = { accountIdEndpointMode: 'disabled' as const };
  const clients = {
    kinesis: withoutLogger(new KinesisClient({ ...settingsFor('kinesis', options), ...byAccount })),
    dynamodb: withoutLogger(new DynamoDBClient({ ...settingsFor('dynamodb', options), ...byAccount })),
    // Digests of bodies are for what can change under way.
    sqs: withoutLogger(
      new SQSClient({ ...settingsFor('sqs', options), md5: false, useQueueUrlAsEndpoint: false }),
    ),
    s3: withoutLogger(
      new S3Client({
        ...settingsFor('s3', options),
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        disableS3ExpressSessionAuth: true,
        useArnRegion: false,
        sigv4aSigningRegionSet: [options.region],
      }),
    ),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function settingsFor(
  service: string,
  { region, send, caller, retryStrategy = once }: SimulatedClientsOptions,
) {
  const credentials = { accessKeyId: caller, secretAccessKey: 'simulated' };
  const url = new URL(`https://${service}.${region}.amazonaws.com`);
  return {
    region,
    credentials,
    retryStrategy,
    requestHandler: requestHandlerFor(service, send, caller),
    endpoint: url.href,
    // Instead of the rules that the SDK goes through at each call; those of S3 put the bucket into the path.
    ...(service !== 's3' && { endpointProvider: () => ({ url }) }),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: async () => undefined,
    authSchemePreference: [],
    defaultUserAgentProvider: async (): Promise<[string, string][]> => [],
    // A signature has the time of the machine in it, and takes a tenth of a millisecond.
    httpAuthSchemes: [
      {
        schemeId: 'aws.auth#sigv4',
        identityProvider: () => async () => ({}),
        signer: { sign: async <Request>(request: Request) => request },
      },
    ],
  };
}

interface Client {
  readonly middlewareStack: { removeByTag(tag: string): boolean };
}

/** As the functions' clients: the logger writes nothing, and copies every request and answer for it. */
function withoutLogger<SdkClient extends Client>(client: SdkClient): SdkClient {
  if (!client.middlewareStack.removeByTag('LOGGER')) throw new Error('The client has no logger to remove');
  return client;
}

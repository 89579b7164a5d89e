import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
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
  /** One handler for all calls of a command: nobody changes a client's middleware. Default: one for each call. */
  readonly cacheMiddleware?: boolean;
}

const once: SimulatedClientsOptions['retryStrategy'] = { retry: (next, args) => next(args) };

/**
 * The SDK's own clients, whose calls go to `send`. Everything that they would look up for themselves, in files of the
 * user or of the machine, is given to them, so that a call needs nothing but microtasks and is the same everywhere.
 */
export function simulatedClients(options: SimulatedClientsOptions): SimulatedClients {
  return new SimulatedClients(options);
}

const byAccount = { accountIdEndpointMode: 'disabled' as const };

/** Each is made when it is first asked for. */
export class SimulatedClients implements Clients {
  readonly #options: SimulatedClientsOptions;
  #kinesis: KinesisClient | undefined;
  #dynamodb: DynamoDBClient | undefined;
  #sqs: SQSClient | undefined;
  #s3: S3Client | undefined;
  #kms: KMSClient | undefined;

  constructor(options: SimulatedClientsOptions) {
    this.#options = options;
  }

  get kinesis(): KinesisClient {
    this.#kinesis ??= leaner(new KinesisClient({ ...settingsFor('kinesis', this.#options), ...byAccount }));
    return this.#kinesis;
  }

  get dynamodb(): DynamoDBClient {
    this.#dynamodb ??= leaner(
      new DynamoDBClient({ ...settingsFor('dynamodb', this.#options), ...byAccount }),
    );
    return this.#dynamodb;
  }

  get sqs(): SQSClient {
    // Digests of bodies are for what can change under way.
    const settings = {
      ...settingsFor('sqs', this.#options),
      md5: false as const,
    };
    this.#sqs ??= withoutQueueUrl(leaner(new SQSClient(settings)));
    return this.#sqs;
  }

  get s3(): S3Client {
    this.#s3 ??= lean(
      new S3Client({
        ...settingsFor('s3', this.#options),
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        disableS3ExpressSessionAuth: true,
        useArnRegion: false,
        sigv4aSigningRegionSet: [this.#options.region],
      }),
    );
    return this.#s3;
  }

  /** Whoever signs tries again by itself. */
  get kms(): KMSClient {
    this.#kms ??= leaner(new KMSClient(settingsFor('kms', { ...this.#options, retryStrategy: once })));
    return this.#kms;
  }

  destroy(): void {
    const clients = [this.#kinesis, this.#dynamodb, this.#sqs, this.#s3, this.#kms];
    for (const client of clients) client?.destroy();
  }
}

function settingsFor(
  service: string,
  { region, send, caller, retryStrategy = once, cacheMiddleware = false }: SimulatedClientsOptions,
) {
  const credentials = { accessKeyId: caller, secretAccessKey: 'simulated' };
  const hostname = `${service}.${region}.amazonaws.com`;
  return {
    region,
    credentials,
    retryStrategy,
    requestHandler: requestHandlerFor(service, send, caller),
    endpoint: { protocol: 'https:', hostname, path: '/' },
    cacheMiddleware,
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

interface Stack {
  removeByTag(tag: string): boolean;
}

interface Client {
  readonly config: object;
  readonly middlewareStack: Stack & { concat(commands: Stack): Stack };
}

/**
 * What serves HTTP, or an own log: nothing of it reaches a service. As with the functions' clients, the logger writes
 * nothing and copies every request and answer for it.
 */
const UNUSED = ['LOGGER', 'USER_AGENT', 'HOST'];

/**
 * Nor does this, of those services whose calls all go to one place: who signs, and how, the SDK asks anew at each of
 * them. Without it, and the rules for endpoints, a call takes half the time (63 to 40 µs for two records put).
 */
const UNUSED_BY_JSON = [
  ...UNUSED,
  'CONTENT_LENGTH',
  'HTTP_AUTH_SCHEME',
  'HTTP_SIGNING',
  'RECURSION_DETECTION',
];

function lean<SdkClient extends Client>(client: SdkClient, unused = UNUSED): SdkClient {
  for (const tag of unused) {
    if (!client.middlewareStack.removeByTag(tag)) throw new Error(`The client has no ${tag} to remove`);
  }
  return client;
}

/** A URL of a queue could be the endpoint of a call, too. */
function withoutQueueUrl(client: SQSClient): SQSClient {
  if (!client.middlewareStack.remove('queueUrlMiddleware'))
    throw new Error('The client has no queueUrlMiddleware');
  return client;
}

/** What is read of the copies that the SDK makes of its configuration, two for each call: half of a call's time. */
const COPIED = new Set(['endpoint', 'streamCollector']);

/** All else it finds where a copy does not look for it. */
function leaner<SdkClient extends Client>(client: SdkClient): SdkClient {
  const { config, middlewareStack } = client;
  const inherited = { ...config };
  for (const name of Object.keys(config)) if (!COPIED.has(name)) Reflect.deleteProperty(config, name);
  Object.setPrototypeOf(config, inherited);
  // Each command brings along what looks for its endpoint by rules; without that, the client's own is taken.
  const { concat } = middlewareStack;
  middlewareStack.concat = (ofCommand) => {
    const stack = concat(ofCommand);
    if (!stack.removeByTag('ENDPOINT')) throw new Error('The command has no ENDPOINT to remove');
    return stack;
  };
  return lean(client, UNUSED_BY_JSON);
}

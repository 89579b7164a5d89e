import type { RequestListener } from 'node:http';
import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import type { Assembly, SynthesizeOptions } from './cloudformation/assembly.ts';
import type { ChainInfo } from './drand/chain.ts';
import type { StreamWrites } from './engines/index.ts';
import type { Emulation, EventSourceMapping, MappingEvent } from './event-source-mapping/index.ts';
import type { FunctionHost, KillableHost } from './function-host.ts';
import type { Refusal } from './iam/refusal.ts';
import type { Topic } from './kafka/topics.ts';
import type { Throttled } from './limits/shard-limits.ts';
import type { Interceptor } from './proxy/aws-call.ts';
import type { ServiceEndpoints } from './services.ts';

/** How to run, and what: an app that is synthesized already, or how to synthesize it. */
export type RuntimeOptions = RuntimeSettings & AppOptions;

export type AppOptions =
  /** The assembly is removed when the runtime stops; one that was opened where it lies stays. */
  { assembly: Assembly } | (SynthesizeOptions & { assembly?: undefined });

export interface RuntimeSettings {
  /**
   * Kinesis listens on it, DynamoDB on the next one, SQS and S3 on the one after, Lambda's API, KMS and the beacon on the
   * fourth, and what a browser talks to on the last.
   * Default: free ports.
   */
  port?: number;
  clock?: Clock;
  /** Settings of the event source mappings that differ from the default. */
  emulation?: Partial<Emulation>;
  /** Where the services and the mappings keep their data over restarts; in memory without it. */
  dataDir?: string;
  /** Whether calls of functions are refused that their roles' policies do not allow. Default: true. */
  iam?: boolean;
  /**
   * There is a drand chain (local/drand). Told of it, once; what it returns functions see instead of what the templates set,
   * each those variables that it has. Default: there is no chain.
   */
  beacon?: (own: OwnBeacon) => Readonly<Record<string, string>>;
  /** Where the topics of the app's mappings are. Default: where the templates say. */
  kafka?: KafkaSettings;
  /**
   * Sees each AWS call of the functions and of the runtime itself, and each request to the beacon (service `drand`): for
   * fault injection.
   */
  intercept?: Interceptor;
  /** Shards take and give no more in a second than on AWS (local/limits). Default: as much as they can. */
  limits?: boolean;
  /** Stands between the event source mappings and a function's host: for fault injection, or for other code. */
  wrapHost?: (host: FunctionHost, functionName: string) => FunctionHost;
  /** Told what happens; by default nobody is. */
  observer?: (event: RuntimeEvent) => void;
}

export type RuntimeEvent =
  /** A line that a function wrote. */
  | { type: 'functionLog'; functionName: string; line: string }
  /** `source`: the ARN of the stream or queue, or a topic's name. */
  | { type: 'mapping'; functionName: string; source: string; event: MappingEvent }
  /** Streams have taken records, by their names. */
  | { type: 'written'; records: StreamWrites }
  /** AWS would refuse it, and so it is here: the function's role lacks a right. Told once for each. */
  | { type: 'accessDenied'; refusal: Refusal }
  /** With `limits`: something was refused. */
  | ({ type: 'throttled' } & Throttled)
  /** Something is not as on AWS. */
  | { type: 'warning'; message: string }
  /** An engine ended although nobody stopped it: nothing works any more. */
  | { type: 'engineFailed'; error: Error };

/** A broker for an app with topics: one of the runtime's own, or one that is there. */
export interface KafkaSettings {
  /**
   * `embedded`: Apache Kafka on this machine, with Java and Maven (local/kafka), on the port after those of the services. Else
   * brokers that are there, `host:port,…`. What the templates name instead is passed over.
   */
  brokers: string;
  /** Made where they are not there, looked at where they are. */
  topics: readonly Topic[];
  /** What functions see instead of what the templates set, each those variables that it has. */
  variables: (bootstrapServers: string) => Readonly<Record<string, string>>;
  /** What outputs are instead, where a stack has them. */
  outputs: (bootstrapServers: string) => Readonly<Record<string, string>>;
}

/** A drand chain that the runtime has made. */
export interface OwnBeacon {
  readonly chain: ChainInfo;
  /** Of each mirror: what comes before `/<chain hash>/public/<round>`. */
  readonly urls: readonly string[];
}

export interface HostedFunction {
  host: KillableHost;
  /** The variables that the template sets, as the function sees them. */
  variables: Readonly<Record<string, string>>;
}

/** A running app. */
export interface Runtime {
  region: string;
  endpoints: ServiceEndpoints;
  /** Lambda's own API, as far as it is played: see local/lambda-api. CloudFormation's DescribeStacks is answered there too. */
  lambdaEndpoint: string;
  /** Where `beacon` is set. */
  beacon?: OwnBeacon;
  clients: Clients;
  /** Where the topics are, with `kafka`. */
  kafka?: {
    readonly bootstrapServers: string;
    /** How many a topic has. @throws what the brokers say */
    partitions(topic: string): Promise<number>;
    /** Until it has so many. @throws what the brokers say */
    addPartitions(topic: string, count: number): Promise<void>;
  };
  /** The outputs of all its stacks, by name: the physical names of what was created. */
  outputs: Readonly<Record<string, string>>;
  /** What a browser talks to: the page, where the app has a distribution. Undefined where no browser does. */
  page?: {
    readonly url: string;
    /** Has the paths that begin so served by another one. */
    serve(prefix: string, listener: RequestListener): void;
  };
  /** By function name. */
  functions: ReadonlyMap<string, HostedFunction>;
  /** By function name; a function may have several. */
  mappings: ReadonlyMap<string, readonly EventSourceMapping[]>;
  /** Ends the mappings, the functions and the engines, and removes the temporary files. Safe to call again. */
  stop(): Promise<void>;
}

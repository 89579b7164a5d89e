import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import type { Telemetry } from '../../lambda/ports/telemetry.ts';
import type { Clients } from '../../local/clients.ts';
import type { Clock } from '../../local/clock.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { deploy } from '../../local/cloudformation/deploy.ts';
import type { FunctionRequest, MappingRequest } from '../../local/cloudformation/emulator.ts';
import {
  type Emulation,
  type EventSourceMapping,
  inMemoryCheckpoints,
  type MappingEvent,
  startKinesisMapping,
  startSqsMapping,
} from '../../local/event-source-mapping/index.ts';
import { Random } from '../../local/faults/random.ts';
import { Authorizer, type Learnt } from '../../local/iam/authorizer.ts';
import { guardHandler } from '../../local/iam/guard.ts';
import type { AwsCall } from '../../local/proxy/aws-call.ts';
import type { HostedFunction, Runtime, RuntimeSettings } from '../../local/runtime-options.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { answerBeacon, beaconVariables, isForBeacon } from './beacon.ts';
import { askFunction } from './deployment.ts';
import { kafkaOf, resourcesOf } from './environment-resources.ts';
import { loadFunction } from './execution-environment.ts';
import { isForKafka } from './kafka/call.ts';
import { type KafkaConditions, SimulatedKafka } from './kafka/simulated-kafka.ts';
import { SimulatedTopics } from './kafka/topics.ts';
import { Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { createServices, directClients, type ServiceOptions } from './services/index.ts';
import { SimulatedHost } from './simulated-host.ts';
import type { Trace } from './trace.ts';

const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';
/** As the services name themselves; nothing listens there. */
const at = (service: string) => `https://${service}.${REGION}.amazonaws.com`;
const ENDPOINTS = {
  ...{ kinesis: at('kinesis'), dynamodb: at('dynamodb'), sqs: at('sqs'), s3: at('s3'), kms: at('kms') },
};

const COLD_START_MS = 400;
/** Of all other streams: less than what the oracle lets stamps of two streams be off each other. */
const STAMP_JITTER_MS = 20;
/** Who redrives: with a throughput of its own, so that reading an output stream takes nothing from the mappings. */
export const OPERATOR = 'operator';

/** Of the templates of earlier runs, whose rights are the same in each: reading them took a fiftieth of a run. */
const rights = new WeakMap<Assembly['stacks'], Learnt>();

export interface SimulatedRuntimeOptions
  extends Required<Pick<RuntimeSettings, 'intercept' | 'wrapHost' | 'observer'>> {
  readonly scheduler: Scheduler;
  readonly seed: number | string;
  readonly assembly: Assembly;
  readonly telemetry: Telemetry;
  readonly emulation: Partial<Emulation>;
  /** How far arrival stamps of the input streams may step back, ms. */
  readonly inputJitterMs: number;
  /** Instead of what the templates set, for each function that has them. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly kafka: KafkaConditions;
  readonly trace: Trace;
  /** Told of each record that a stream has taken. */
  readonly onRecord: (record: StreamRecord) => void;
  readonly onThrottled: NonNullable<ServiceOptions['onThrottled']>;
}

export interface SimulatedRuntime extends Runtime {
  /** Clients of somebody who stands outside, by an access key id. */
  clientsOf(caller: string): Clients;
  /** The outer streams for somebody who stands outside. */
  outerOf(caller: string): OuterStreams;
  /** What an operator does by hand: batches are given up after so many retries; -1: never. */
  limitRetries(attempts: number): Promise<void>;
}

/** The app in the time of a simulation: its templates' resources, its functions' code, its mappings. */
export async function startSimulatedRuntime(options: SimulatedRuntimeOptions): Promise<SimulatedRuntime> {
  const { scheduler, seed, assembly, emulation, wrapHost, observer } = options;
  const settings: ServiceOptions = {
    now: () => scheduler.now,
    random: new Random(seed, 'services'),
    ...{ region: REGION, accountId: ACCOUNT_ID, staleMs: 2_000 },
    stampJitterMs: (stream) => (/-input/.test(stream) ? options.inputJitterMs : STAMP_JITTER_MS),
    fanOut: new Set([OPERATOR]),
    onThrottled: options.onThrottled,
    onRecord: options.onRecord,
  };
  const services = createServices(settings);
  const learnt = rights.get(assembly.stacks);
  const authorizer = new Authorizer(
    {
      ...{ region: REGION, accountId: ACCOUNT_ID },
      onRefusal: (refusal) => observer({ type: 'accessDenied', refusal }),
    },
    learnt,
  );
  const guarded = guardHandler(authorizer, services.handle);
  const network = new Network({
    scheduler,
    random: new Random(seed, 'network'),
    handle(call) {
      if (isForBeacon(call)) return answerBeacon(call, scheduler.now);
      return isForKafka(call) ? kafka.cluster.answer(call) : guarded(call);
    },
    intercept: options.intercept,
    trace: options.trace,
  });
  const send = (call: AwsCall) => network.send(call, () => true);
  const clientsOf = (caller: string) => directClients({ region: REGION, caller, send });
  const { clock } = scheduler;
  const kafka = new SimulatedKafka({ seed, services: settings, conditions: options.kafka, send, clock });
  const clients = clientsOf('local');
  const functions = new Map<string, HostedFunction & Pick<FunctionRequest, 'recursiveLoop'>>();
  const mappings = new Map<string, EventSourceMapping[]>();
  /** Start a function's mapping of a stream, each where its last one stopped. */
  const starters = new Map<string, ((retryAttempts: number) => EventSourceMapping)[]>();
  const add = <Item>(map: Map<string, Item[]>, name: string, item: Item) =>
    map.set(name, [...(map.get(name) ?? []), item]);

  const createFunction = ({ functionName, timeoutMs, recursiveLoop, ...request }: FunctionRequest) => {
    const set = Object.entries({ ...beaconVariables(), ...kafka.variables, ...options.variables }).filter(
      ([name]) => name in request.variables,
    );
    const variables = { ...request.variables, ...Object.fromEntries(set) };
    const random = new Random(seed, `function/${functionName}`);
    const host = new SimulatedHost({
      ...{ functionName, timeoutMs, scheduler },
      coldStartMs: () => COLD_START_MS * (0.5 + random.next()),
      start: (environment) =>
        loadFunction(functionName, variables, {
          resources: resourcesOf(environment, { ...options, network, region: REGION }),
          kafka: kafkaOf(environment, { scheduler, network }),
        }),
    });
    functions.set(functionName, { host, variables, recursiveLoop });
  };
  const createMapping = ({ functionName, source, properties }: MappingRequest) => {
    const hosted = functions.get(functionName);
    if (!hosted) throw new Error(`There is no function ${functionName} to map to`);
    const shared = {
      ...{ functionName, clients, clock, emulation },
      host: wrapHost(hosted.host, functionName),
      observer: (event: MappingEvent) =>
        observer({ type: 'mapping', functionName, source: String(properties.EventSourceArn), event }),
    };
    if (source === 'kinesis') {
      const checkpoints = inMemoryCheckpoints();
      add(starters, functionName, (MaximumRetryAttempts) =>
        startKinesisMapping({ ...shared, checkpoints, properties: { ...properties, MaximumRetryAttempts } }),
      );
      add(mappings, functionName, startKinesisMapping({ ...shared, checkpoints, properties }));
    } else if (source === 'kafka') {
      for (const topic of topicsIn(properties)) kafka.create(topic);
      const start = (retryAttempts?: number) =>
        kafka.startMapping({ ...shared, region: REGION, accountId: ACCOUNT_ID, properties }, retryAttempts);
      add(starters, functionName, start);
      add(mappings, functionName, start());
    } else {
      const { recursiveLoop } = hosted;
      add(mappings, functionName, startSqsMapping({ ...shared, recursiveLoop, properties }));
    }
  };

  const stacks = await deploy(assembly.stacks, {
    ...{ region: REGION, accountId: ACCOUNT_ID, clients, createFunction, createMapping, kms: services.kms },
    authorizer: {
      collect: (request, values) => learnt ?? authorizer.collect(request, values),
      deployed: () => authorizer.deployed(),
      checkCallsOf: (functionName) => authorizer.checkCallsOf(functionName),
    },
    askFunction: (ask) => askFunction(ask, { region: REGION, handle: guarded }),
    endpoints: ENDPOINTS,
    assetPath: () => '',
    warn: (message) => observer({ type: 'warning', message }),
  });
  rights.set(assembly.stacks, authorizer.learnt);
  const outputs: Record<string, string> = Object.assign({}, ...stacks.map((stack) => stack.outputs));
  for (const [name, value] of Object.entries(outputs)) if (name.endsWith('TopicName')) kafka.create(value);
  const isOnTopics = kafka.cluster.topics.length > 0;
  return {
    ...{ region: REGION, clients, functions, mappings, clientsOf },
    endpoints: ENDPOINTS,
    lambdaEndpoint: at('lambda'),
    outputs,
    outerOf: (caller) =>
      isOnTopics
        ? new SimulatedTopics({ kafka: kafka.cluster, send, caller })
        : new KinesisStreams(clientsOf(caller).kinesis, patient(clock)),
    ...(isOnTopics && { kafka: kafka.topics(outputs.KafkaBootstrapServers ?? '') }),
    async limitRetries(attempts) {
      for (const [functionName, starts] of starters) {
        await Promise.all(mappings.get(functionName)?.map((mapping) => mapping.stop()) ?? []);
        mappings.set(
          functionName,
          starts.map((start) => start(attempts)),
        );
      }
    },
    async stop() {
      await Promise.all([...mappings.values()].flat().map((mapping) => mapping.stop()));
      for (const { host } of functions.values()) await host.close();
    },
  };
}

function topicsIn({ Topics }: MappingRequest['properties']): string[] {
  return Array.isArray(Topics) ? Topics.map(String) : [];
}

function patient(clock: Clock) {
  return { ...standardRetry, sleep: (ms: number) => clock.sleep(ms), random: () => 0.5 };
}

import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import type { Telemetry } from '../../lambda/ports/telemetry.ts';
import type { Clients } from '../../local/clients.ts';
import type { Clock } from '../../local/clock.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { deploy } from '../../local/cloudformation/deploy.ts';
import type { Emulation } from '../../local/event-source-mapping/index.ts';
import { Random } from '../../local/faults/random.ts';
import { Authorizer, type Learnt } from '../../local/iam/authorizer.ts';
import { guardHandler } from '../../local/iam/guard.ts';
import type { AwsCall } from '../../local/proxy/aws-call.ts';
import type { Runtime, RuntimeSettings } from '../../local/runtime-options.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { answerBeacon, beaconVariables, isForBeacon } from './beacon.ts';
import { askFunction } from './deployment.ts';
import { SimulatedFunctions } from './functions.ts';
import { isForKafka } from './kafka/call.ts';
import { type KafkaConditions, SimulatedKafka } from './kafka/simulated-kafka.ts';
import { SimulatedTopics } from './kafka/topics.ts';
import { type RetryLimits, SimulatedMappings } from './mappings.ts';
import { Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { createServices, directClients, type ServiceOptions } from './services/index.ts';
import type { Trace } from './trace.ts';

const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';
/** As the services name themselves; nothing listens there. */
const at = (service: string) => `https://${service}.${REGION}.amazonaws.com`;
const ENDPOINTS = {
  ...{ kinesis: at('kinesis'), dynamodb: at('dynamodb'), sqs: at('sqs'), s3: at('s3'), kms: at('kms') },
};

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
  /** What an operator does by hand. @param limits undefined: what the templates say again */
  limitRetries(limits: RetryLimits | undefined): Promise<void>;
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
  const functions = new SimulatedFunctions({
    ...{ scheduler, seed, telemetry: options.telemetry, network, region: REGION },
    variables: { ...beaconVariables(), ...kafka.variables, ...options.variables },
  });
  const mappings = new SimulatedMappings({
    ...{ functions, kafka, clients, clock, emulation, wrapHost, observer },
    ...{ region: REGION, accountId: ACCOUNT_ID },
  });
  const stacks = await deploy(assembly.stacks, {
    ...{ region: REGION, accountId: ACCOUNT_ID, clients, kms: services.kms },
    createFunction: (request) => functions.create(request),
    createMapping: (request) => mappings.create(request),
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
    ...{ region: REGION, clients, clientsOf },
    functions: functions.byName,
    mappings: mappings.byFunction,
    endpoints: ENDPOINTS,
    lambdaEndpoint: at('lambda'),
    outputs,
    outerOf: (caller) =>
      isOnTopics
        ? new SimulatedTopics({ kafka: kafka.cluster, send, caller })
        : new KinesisStreams(clientsOf(caller).kinesis, patient(clock)),
    ...(isOnTopics && { kafka: kafka.topics(outputs.KafkaBootstrapServers ?? '') }),
    limitRetries: (limits) => mappings.limitRetries(limits),
    async stop() {
      await mappings.stop();
      await functions.stop();
    },
  };
}

function patient(clock: Clock) {
  return { ...standardRetry, sleep: (ms: number) => clock.sleep(ms), random: () => 0.5 };
}

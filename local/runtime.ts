import { join } from 'node:path';
import { checkCheckpoints, checkpointFiles } from './checkpoint-files.ts';
import { Cleanup } from './cleanup.ts';
import { type Clients, createClients } from './clients.ts';
import { systemClock } from './clock.ts';
import { askFunction } from './cloudformation/ask-function.ts';
import { type Assembly, synthesize } from './cloudformation/assembly.ts';
import { type DeployedStack, deploy } from './cloudformation/deploy.ts';
import type { Account } from './cloudformation/emulator.ts';
import { stacksApi } from './cloudformation/stacks-api.ts';
import { checkPorts } from './engines/index.ts';
import { inMemoryCheckpoints } from './event-source-mapping/index.ts';
import { type Hosted, hostFunction, type Parts, startMapping, stopProcessing } from './hosting.ts';
import { Authorizer } from './iam/authorizer.ts';
import type { Refusal } from './iam/refusal.ts';
import type { RunningKafka } from './kafka/kafka.ts';
import { lambdaApi } from './lambda-api/lambda-api.ts';
import { kinesisLimits } from './limits/kinesis-limits.ts';
import { guarded, type Interceptor } from './proxy/aws-call.ts';
import type { Runtime, RuntimeOptions, RuntimeSettings } from './runtime-options.ts';
import { type Services, startServices } from './services.ts';

/** The engines' own account. */
const ACCOUNT_ID = '000000000000';

/**
 * Runs an app, or one stage of it, on this machine: synthesizes it where it is not, starts the engines, creates what
 * its templates say, hosts its functions and starts its event source mappings.
 * @throws PortTakenError, StageError, or an Error of the synthesis or of what a template says that is not supported;
 *   everything that was started is stopped then.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const cleanup = new Cleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: RuntimeOptions, cleanup: Cleanup): Promise<Runtime> {
  await checkPorts(options.port ?? 0);
  const checkpointsDirectory = options.dataDir && join(options.dataDir, 'checkpoints');
  if (checkpointsDirectory) await checkCheckpoints(checkpointsDirectory);
  const kafka = await kafkaOf(options);
  if (kafka) cleanup.add(() => kafka.stop());
  const assembly = options.assembly === undefined ? await synthesize(options) : options.assembly;
  cleanup.add(() => assembly.remove());
  const region = assembly.stacks[0]?.region ?? 'us-east-1';
  const authorizer = authorizerOf(options, region);
  const hosted: Hosted = { functions: new Map(), mappings: new Map(), streamMappings: [] };
  const { functions, mappings } = hosted;
  const stacks: DeployedStack[] = [];
  const createdAt = (options.clock ?? systemClock).now();
  const { port, dataDir, observer, beacon: tellOfBeacon } = options;
  const services = await startServices(
    {
      ...{ port, dataDir, observer, region, accountId: ACCOUNT_ID, authorizer },
      intercept: interceptorOf(options),
      // The clients are made of the endpoints, which are not known before.
      s3: () => clients.s3,
      lambda: lambdaApi({ region, accountId: ACCOUNT_ID, functions, mappings }),
      cloudFormation: stacksApi({ region, accountId: ACCOUNT_ID, stacks, createdAt }),
      hasBeacon: tellOfBeacon !== undefined,
      onStreamWrite(records) {
        observer?.({ type: 'written', records });
        for (const mapping of hosted.streamMappings) mapping.streamWritten();
      },
    },
    cleanup,
  );
  const { endpoints, functionEndpoints, lambdaEndpoint, beacon, page } = services;
  const clients: Clients = createClients(endpoints, region);
  cleanup.add(() => clients.destroy());
  const parts: Parts = {
    ...{ ...hosted, options, region, accountId: ACCOUNT_ID, functionEndpoints, clients, kafka },
    ownVariables: { ...(beacon && tellOfBeacon?.(beacon)), ...kafka?.variables },
    checkpoints: checkpointsDirectory ? checkpointFiles(checkpointsDirectory) : inMemoryCheckpoints(),
  };
  cleanup.add(() => stopProcessing(hosted));
  const made = { ...account(parts, assembly, services), ...(authorizer && { authorizer }) };
  for (const stack of await deploy(assembly.stacks, made)) stacks.push(withOutputs(stack, kafka?.outputs));
  const outputs = Object.assign({}, ...stacks.map((stack) => stack.outputs));
  return {
    ...{ region, endpoints, lambdaEndpoint, clients, outputs, functions, mappings },
    ...(beacon && { beacon }),
    ...(kafka && { kafka: topicsOn(kafka.bootstrapServers) }),
    page: { url: `http://${page.host}/`, serve: page.serve },
    stop: () => cleanup.run(),
  };
}

/** Loaded where it is wanted: Kafka's client is half a second of a core, and 60 MB. */
async function kafkaOf(options: RuntimeSettings): Promise<RunningKafka | undefined> {
  if (options.kafka === undefined) return undefined;
  const { startKafka } = await import('./kafka/kafka.ts');
  return startKafka(options.kafka, options);
}

function topicsOn(bootstrapServers: string): NonNullable<Runtime['kafka']> {
  const topics = () => import('./kafka/topics.ts');
  return {
    bootstrapServers,
    partitions: async (topic) => (await topics()).partitionsOf(bootstrapServers, topic),
    addPartitions: async (topic, count) => (await topics()).addPartitions(bootstrapServers, topic, count),
  };
}

/** With the values of this run instead of the template's, each where it is one of the stack's. */
function withOutputs(stack: DeployedStack, own: Readonly<Record<string, string>> = {}): DeployedStack {
  const known = Object.entries(own).filter(([name]) => Object.hasOwn(stack.outputs, name));
  return { ...stack, outputs: { ...stack.outputs, ...Object.fromEntries(known) } };
}

function authorizerOf({ iam = true, observer }: RuntimeSettings, region: string): Authorizer | undefined {
  if (!iam) return undefined;
  const onRefusal = (refusal: Refusal) => observer?.({ type: 'accessDenied', refusal });
  return new Authorizer({ region, accountId: ACCOUNT_ID, onRefusal });
}

/** Where limits hold, they are the service's own: whatever happens to a call happens on the way there. */
function interceptorOf({ intercept, limits, clock, observer }: RuntimeSettings): Interceptor | undefined {
  if (!limits) return intercept;
  const guard = kinesisLimits({
    clock: clock ?? systemClock,
    accountId: ACCOUNT_ID,
    onThrottled: (throttled) => observer?.({ type: 'throttled', ...throttled }),
  });
  return guarded(intercept, guard);
}

function account(parts: Parts, { assetPath }: Assembly, { endpoints, kms, page }: Services): Account {
  const { region, clients } = parts;
  return {
    ...{ region, accountId: ACCOUNT_ID, clients, endpoints, kms, page, assetPath },
    createFunction: (request) => hostFunction(request, parts),
    createMapping: (request) => startMapping(request, parts),
    async askFunction(ask) {
      const host = parts.functions.get(ask.functionName)?.host;
      if (!host) throw new Error('there is no such function in the stacks');
      const clock = parts.options.clock ?? systemClock;
      const text = await askFunction(ask, { clock, invoke: (event) => host.invoke(event) });
      // Most are never asked again: an environment that stays is a thread that does nothing. Not where it has other work.
      if (!parts.mappings.has(ask.functionName)) await host.kill();
      return text;
    },
    warn: (message) => parts.options.observer?.({ type: 'warning', message }),
  };
}

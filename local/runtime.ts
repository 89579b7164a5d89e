import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkCheckpoints, checkpointFiles } from './checkpoint-files.ts';
import { Cleanup } from './cleanup.ts';
import { type Clients, createClients } from './clients.ts';
import { systemClock } from './clock.ts';
import { type Assembly, synthesize } from './cloudformation/assembly.ts';
import { deploy } from './cloudformation/deploy.ts';
import type { Account, FunctionRequest, MappingRequest } from './cloudformation/emulator.ts';
import { checkPorts, type Endpoints } from './engines/index.ts';
import {
  type CheckpointStore,
  type EventSourceMapping,
  emulationWithLimits,
  inMemoryCheckpoints,
  type MappingEvent,
  type RecursiveLoop,
  type StreamMapping,
  startKinesisMapping,
  startSqsMapping,
} from './event-source-mapping/index.ts';
import { lambdaVariables } from './execution-environments/environment-variables.ts';
import { WorkerHost } from './execution-environments/worker-host.ts';
import type { FunctionHost } from './function-host.ts';
import { Authorizer } from './iam/authorizer.ts';
import type { Refusal } from './iam/refusal.ts';
import type { LimitedFunction } from './lambda-api/context.ts';
import { startLambdaApi } from './lambda-api/lambda-api.ts';
import { LimitedHost } from './limited-host.ts';
import { kinesisLimits } from './limits/kinesis-limits.ts';
import { guarded, type Interceptor } from './proxy/aws-call.ts';
import type { Runtime, RuntimeOptions, RuntimeSettings } from './runtime-options.ts';
import { startServices } from './services.ts';

/** The engines' own account. */
const ACCOUNT_ID = '000000000000';

/** Kinesis, DynamoDB, and SQS with S3; Lambda's API has the port after them. */
const ENGINE_PORTS = 3;

/** How long batches under way may take to end when the runtime stops. */
const STOP_GRACE_MS = 5_000;

/** What is in the making: everything that an emulator's request needs to become something that runs. */
interface Parts {
  options: RuntimeSettings;
  /** Undefined where rights are not checked. */
  authorizer: Authorizer | undefined;
  region: string;
  endpoints: Endpoints;
  functionEndpoints: Endpoints;
  clients: Clients;
  checkpoints: CheckpointStore;
  functions: Map<string, LimitedFunction & Pick<FunctionRequest, 'recursiveLoop'>>;
  mappings: Map<string, EventSourceMapping[]>;
  /** Those that are told when something was written to a stream. */
  streamMappings: StreamMapping[];
}

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
  const assembly = options.assembly === undefined ? await synthesize(options) : options.assembly;
  cleanup.add(() => assembly.remove());
  const region = assembly.stacks[0]?.region ?? 'us-east-1';
  const streamMappings: StreamMapping[] = [];
  const onStreamWrite = () => {
    for (const mapping of streamMappings) mapping.streamWritten();
  };
  const authorizer = authorizerOf(options, region);
  const { port, dataDir, observer } = options;
  const intercept = interceptorOf(options);
  const { endpoints, functionEndpoints } = await startServices(
    { port, dataDir, intercept, observer, region, accountId: ACCOUNT_ID, authorizer, onStreamWrite },
    cleanup,
  );
  const clients = createClients(endpoints, region);
  cleanup.add(() => clients.destroy());
  const parts: Parts = {
    ...{ options, authorizer, region, endpoints, functionEndpoints, clients },
    checkpoints: checkpointsDirectory ? checkpointFiles(checkpointsDirectory) : inMemoryCheckpoints(),
    functions: new Map(),
    mappings: new Map(),
    streamMappings,
  };
  cleanup.add(() => stopProcessing(parts));
  const stacks = await deploy(assembly.stacks, account(parts, assembly));
  const outputs = Object.assign({}, ...stacks.map((stack) => stack.outputs));
  const { functions, mappings } = parts;
  const lambda = await startLambdaApi(
    { region, accountId: ACCOUNT_ID, functions, mappings },
    options.port ? options.port + ENGINE_PORTS : 0,
  );
  cleanup.add(() => lambda.stop());
  return {
    ...{ region, endpoints, clients, outputs, functions, mappings },
    lambdaEndpoint: lambda.endpoint,
    stop: () => cleanup.run(),
  };
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

/** Mappings first, so that batches under way can end; then the functions, also those that hang. */
async function stopProcessing({ functions, mappings }: Parts): Promise<void> {
  const stopped = Promise.all([...mappings.values()].flat().map((mapping) => mapping.stop()));
  await Promise.race([stopped, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  await Promise.all([...functions.values()].map(({ host }) => host.close()));
  await stopped;
}

function account(parts: Parts, assembly: Assembly): Account {
  return {
    region: parts.region,
    accountId: ACCOUNT_ID,
    clients: parts.clients,
    endpoints: parts.endpoints,
    assetPath: assembly.assetPath,
    createFunction: (request) => hostFunction(request, parts),
    createMapping: (request) => startMapping(request, parts),
    warn: (message) => parts.options.observer?.({ type: 'warning', message }),
    ...(parts.authorizer && { authorizer: parts.authorizer }),
  };
}

function hostFunction({ variables, recursiveLoop, ...request }: FunctionRequest, parts: Parts): void {
  const { functionName, handler, memorySizeMb, codeDirectory, logGroupName } = request;
  const { region, functionEndpoints: endpoints } = parts;
  const worker = new WorkerHost({
    ...request,
    onLine: (line) => parts.options.observer?.({ type: 'functionLog', functionName, line }),
    variables: (environmentId, logStreamName) => ({
      ...lambdaVariables({
        ...{ functionName, handler, memorySizeMb, codeDirectory, logGroupName },
        ...{ region, endpoints, environmentId, logStreamName },
      }),
      ...variables,
    }),
  });
  parts.functions.set(functionName, { host: new LimitedHost(worker), recursiveLoop, variables });
}

function startMapping(request: MappingRequest, parts: Parts): void {
  const { functionName } = request;
  const hosted = parts.functions.get(functionName);
  if (!hosted) throw new Error(`${request.logicalId}: there is no function ${functionName} to map to`);
  const host = parts.options.wrapHost?.(hosted.host, functionName) ?? hosted.host;
  const mapping = mappingOf(request, { ...hosted, host }, parts);
  parts.mappings.set(functionName, [...(parts.mappings.get(functionName) ?? []), mapping]);
}

function mappingOf(
  { functionName, eventSourceArn, properties }: MappingRequest,
  { host, recursiveLoop }: { host: FunctionHost; recursiveLoop: RecursiveLoop },
  { options, clients, checkpoints, streamMappings }: Parts,
): EventSourceMapping {
  const shared = {
    functionName,
    host,
    clients,
    clock: options.clock ?? systemClock,
    emulation: { ...(options.limits && emulationWithLimits), ...options.emulation },
    observer: (event: MappingEvent) => options.observer?.({ type: 'mapping', functionName, event }),
  };
  const service = eventSourceArn.split(':')[2];
  if (service === 'kinesis') {
    const mapping = startKinesisMapping({
      ...shared,
      checkpoints,
      properties,
    });
    streamMappings.push(mapping);
    return mapping;
  }
  if (service === 'sqs') {
    return startSqsMapping({
      ...shared,
      recursiveLoop,
      properties,
    });
  }
  throw new Error(`The event source mapping of ${functionName} has an unknown source: ${eventSourceArn}`);
}

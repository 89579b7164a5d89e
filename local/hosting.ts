import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clients } from './clients.ts';
import { systemClock } from './clock.ts';
import type { FunctionRequest, MappingRequest } from './cloudformation/emulator.ts';
import {
  type CheckpointStore,
  type EventSourceMapping,
  emulationWithLimits,
  type MappingEvent,
  type RecursiveLoop,
  type StreamMapping,
  startKafkaMapping,
  startKinesisMapping,
  startSqsMapping,
} from './event-source-mapping/index.ts';
import { lambdaVariables } from './execution-environments/environment-variables.ts';
import { WorkerHost } from './execution-environments/worker-host.ts';
import type { FunctionHost } from './function-host.ts';
import type { LimitedFunction } from './lambda-api/context.ts';
import { LimitedHost } from './limited-host.ts';
import type { RuntimeSettings } from './runtime-options.ts';
import type { ServiceEndpoints } from './services.ts';

/** How long batches under way may take to end when the runtime stops. */
const STOP_GRACE_MS = 5_000;

/** Functions and mappings that run, by function name. */
export interface Hosted {
  functions: Map<string, LimitedFunction & Pick<FunctionRequest, 'recursiveLoop'>>;
  mappings: Map<string, EventSourceMapping[]>;
  /** Those that are told when something was written to a stream. */
  streamMappings: StreamMapping[];
}

/** What is in the making: everything that an emulator's request needs to become something that runs. */
export interface Parts extends Hosted {
  options: RuntimeSettings;
  region: string;
  accountId: string;
  /** The brokers of topics, whichever the templates name. */
  kafka: { bootstrapServers: string } | undefined;
  /** As the functions know them. */
  functionEndpoints: ServiceEndpoints;
  /** Values that functions see instead of the template's. */
  ownVariables: Readonly<Record<string, string>>;
  clients: Clients;
  checkpoints: CheckpointStore;
}

/** Mappings first, so that batches under way can end; then the functions, also those that hang. */
export async function stopProcessing({ functions, mappings }: Hosted): Promise<void> {
  const stopped = Promise.all([...mappings.values()].flat().map((mapping) => mapping.stop()));
  await Promise.race([stopped, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  await Promise.all([...functions.values()].map(({ host }) => host.close()));
  await stopped;
}

export function hostFunction(
  { variables: set, recursiveLoop, ...request }: FunctionRequest,
  parts: Parts,
): void {
  const { functionName, handler, memorySizeMb, codeDirectory, logGroupName } = request;
  const own = Object.entries(parts.ownVariables).filter(([name]) => Object.hasOwn(set, name));
  const variables = { ...set, ...Object.fromEntries(own) };
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

export async function startMapping(request: MappingRequest, parts: Parts): Promise<void> {
  const { functionName } = request;
  const hosted = parts.functions.get(functionName);
  if (!hosted) throw new Error(`${request.logicalId}: there is no function ${functionName} to map to`);
  const host = parts.options.wrapHost?.(hosted.host, functionName) ?? hosted.host;
  const mapping = await mappingOf(request, { ...hosted, host }, parts);
  parts.mappings.set(functionName, [...(parts.mappings.get(functionName) ?? []), mapping]);
}

function mappingOf(
  { functionName, source, properties }: MappingRequest,
  { host, recursiveLoop }: { host: FunctionHost; recursiveLoop: RecursiveLoop },
  { options, region, accountId, clients, checkpoints, streamMappings, kafka }: Parts,
): EventSourceMapping | Promise<EventSourceMapping> {
  const shared = {
    functionName,
    host,
    clients,
    clock: options.clock ?? systemClock,
    emulation: { ...(options.limits && emulationWithLimits), ...options.emulation },
    observer: (event: MappingEvent) =>
      options.observer?.({ type: 'mapping', functionName, source: nameOfSource(properties), event }),
  };
  switch (source) {
    case 'kinesis': {
      const mapping = startKinesisMapping({ ...shared, checkpoints, properties });
      streamMappings.push(mapping);
      return mapping;
    }
    case 'sqs':
      return startSqsMapping({ ...shared, recursiveLoop, properties });
    case 'kafka':
      return startKafkaMapping({
        ...{ ...shared, properties, region, accountId },
        ...(kafka && { bootstrapServers: kafka.bootstrapServers }),
        // Offsets outlive a run in the cluster. Where its tables do not, it begins again as a new mapping on AWS does.
        ...(options.dataDir === undefined && { groupId: randomUUID() }),
      });
    default:
      return source satisfies never;
  }
}

/** Brokers of one's own have no ARN: their topic is what a mapping has. */
function nameOfSource({ EventSourceArn, Topics }: MappingRequest['properties']): string {
  return String(EventSourceArn ?? (Array.isArray(Topics) ? Topics[0] : Topics));
}

import {
  DeleteFunctionConcurrencyCommand,
  type EventSourceMappingConfiguration,
  GetFunctionConcurrencyCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type FunctionName, processorNames } from '../lambda/contract/variables.ts';
import type { Environment } from './environment/open.ts';

/**
 * AWS does not say what becomes of a tumbling window that is open when its mapping is disabled. This function is paused by
 * letting it run no more (docs/runbook.md, "Pause and resume").
 */
const windowed: readonly FunctionName[] = ['draw'];

/** An event source mapping of one of the environment's functions. */
export interface Mapping {
  /** Without the environment. */
  readonly functionName: FunctionName;
  readonly uuid: string;
  /** Name of the stream, topic or queue. */
  readonly source: string;
  /** As Lambda says it (Enabled, Disabling, Disabled, ...), or Throttled where the function may not run at all. */
  readonly state: string;
}

/** The mappings of all functions that events come to; of one that is not there none. */
export async function readMappings(environment: Environment): Promise<Mapping[]> {
  return (await Promise.all(processorNames.map((name) => mappingsOf(name, environment)))).flat();
}

async function mappingsOf(functionName: FunctionName, { name, clients }: Environment): Promise<Mapping[]> {
  const FunctionName = `${name}-${functionName}`;
  try {
    const [{ EventSourceMappings = [] }, { ReservedConcurrentExecutions }] = await Promise.all([
      clients.lambda.send(new ListEventSourceMappingsCommand({ FunctionName })),
      clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    ]);
    const isThrottled = ReservedConcurrentExecutions === 0;
    return EventSourceMappings.map((mapping) => mappingIn(functionName, mapping, isThrottled)).sort(
      (left, right) => left.source.localeCompare(right.source),
    );
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

function mappingIn(
  functionName: FunctionName,
  {
    UUID: uuid = '',
    EventSourceArn = '',
    Topics: [topic] = [],
    State = 'unknown',
  }: EventSourceMappingConfiguration,
  isThrottled: boolean,
): Mapping {
  const state = isThrottled ? 'Throttled' : State;
  return { functionName, uuid, source: topic ?? EventSourceArn.split(/[:/]/).at(-1) ?? '', state };
}

/** Whether a function gets no events. */
export function isPaused({ state }: Mapping): boolean {
  return state === 'Disabled' || state === 'Throttled';
}

/** Asks Lambda to give a function no more events. Does not wait for it. */
export async function pauseMapping(environment: Environment, mapping: Mapping): Promise<void> {
  const { lambda } = environment.clients;
  const { functionName, uuid, state } = mapping;
  // One that is being updated takes no other update (Lambda API reference, ResourceInUseException).
  if (isPaused(mapping) || state === 'Disabling') return;
  if (!windowed.includes(functionName)) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    return;
  }
  const FunctionName = `${environment.name}-${functionName}`;
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
}

/** Asks Lambda to give a function events again, however it was paused. Does not wait for it. */
export async function resumeMapping(environment: Environment, mapping: Mapping): Promise<void> {
  const { lambda } = environment.clients;
  const { functionName, uuid, state } = mapping;
  const FunctionName = `${environment.name}-${functionName}`;
  if (state === 'Enabled' || state === 'Enabling') return;
  if (state === 'Throttled') await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
}

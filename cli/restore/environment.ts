import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { processorNames, readNumber } from '../../lambda/contract/variables.ts';
import type { FoundMapping } from './plan.ts';

/** A mapping, and until when an invocation that it began may run. */
export interface EnvironmentMapping extends FoundMapping {
  readonly busyUntil: Date | undefined;
}

export interface RunningEnvironment {
  readonly name: string;
  /** Every table that its functions know. */
  readonly tables: readonly string[];
  readonly retentionHours: number;
  /** By function name: time-out in ms. */
  readonly timeouts: ReadonlyMap<string, number>;
}

type Variables = Readonly<Record<string, string>>;

/**
 * The environment as its functions' variables have it: names are not guessed from a prefix, which another environment
 * may share (`dev-2-users` begins like a table of `dev`).
 * @throws Error that names the function that is not there, or the table that is not the environment's
 */
export async function readEnvironmentOf(name: string, lambda: LambdaClient): Promise<RunningEnvironment> {
  const tables = new Set<string>();
  const timeouts = new Map<string, number>();
  const all: Record<string, string> = {};
  for (const each of processorNames) {
    const functionName = `${name}-${each}`;
    const { variables, timeoutMs } = await configurationOf(functionName, lambda);
    timeouts.set(functionName, timeoutMs);
    for (const table of tablesOf(functionName, variables, name)) tables.add(table);
    Object.assign(all, variables);
  }
  if (tables.size === 0) throw new Error(`The functions of ${name} name no table`);
  return {
    name,
    tables: [...tables].sort(),
    timeouts,
    retentionHours: readNumber(
      { STREAM_RETENTION_HOURS: all.STREAM_RETENTION_HOURS ?? '' },
      'STREAM_RETENTION_HOURS',
    ),
  };
}

async function configurationOf(
  FunctionName: string,
  lambda: LambdaClient,
): Promise<{ variables: Variables; timeoutMs: number }> {
  try {
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { Environment, Timeout = 0 } = configuration;
    return { variables: Environment?.Variables ?? {}, timeoutMs: Timeout * 1000 };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new Error(
      `There is no function ${FunctionName}: is the environment deployed in this account and region?`,
      {
        cause: error,
      },
    );
  }
}

function tablesOf(functionName: string, variables: Variables, environment: string): string[] {
  const named = Object.entries(variables).filter(([variable]) => variable.endsWith('_TABLE'));
  return named.map(([variable, table]) => {
    if (table.startsWith(`${environment}-`)) return table;
    throw new Error(`${variable} of ${functionName} is '${table}', not a table of ${environment}`);
  });
}

/** The mappings of all its functions. @throws what the client throws */
export async function mappingsOf(
  { timeouts }: RunningEnvironment,
  lambda: LambdaClient,
): Promise<EnvironmentMapping[]> {
  const mappings: EnvironmentMapping[] = [];
  for (const [functionName, timeoutMs] of timeouts) {
    const { EventSourceMappings = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: functionName }),
    );
    for (const { UUID: uuid = '', State: state = 'unknown', LastModified } of EventSourceMappings) {
      const busyUntil = LastModified && new Date(LastModified.getTime() + timeoutMs);
      mappings.push({ uuid, functionName, state, busyUntil });
    }
  }
  return mappings;
}

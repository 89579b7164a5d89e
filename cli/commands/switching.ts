import type { Environment } from '../../client/environment/open.ts';
import { isPaused, type Mapping, pauseMapping, readMappings, resumeMapping } from '../../client/mappings.ts';
import { processorNames } from '../../lambda/contract/variables.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { table } from '../table.ts';
import type { CommandContext } from './context.ts';
import type { WaitingOptions } from './waiting.ts';

/** How often is looked whether it is so, ms. */
const LOOK_MS = 500;

export interface SwitchOptions extends WaitingOptions {
  lottery?: string;
}

/**
 * Enables or disables the mappings of a function, or of all, and waits until it is so. What is so already stays.
 * @throws FailedError when it is not so in time
 */
export async function switchMappings(
  context: CommandContext,
  name: string | undefined,
  options: SwitchOptions,
  enabled: boolean,
): Promise<void> {
  if (name !== undefined && !processorNames.some((each) => each === name))
    throw new UsageError(`There is no function ${JSON.stringify(name)}, only ${processorNames.join(', ')}`);
  const environment = await context.open(options.env);
  const before = await readOf(environment, name);
  if (before.length === 0)
    throw new FailedError(`${options.env} has no mapping of ${name ?? 'any function'}`);
  for (const mapping of before) await (enabled ? resumeMapping : pauseMapping)(environment, mapping);
  const after = options.wait
    ? await untilState(context, environment, { name, enabled, timeout: options.timeout })
    : await readOf(environment, name);
  if (options.json) context.printJson({ mappings: after }, 2);
  else context.print(mappingsText(after));
}

async function untilState(
  { clock, signal }: CommandContext,
  environment: Environment,
  { name, enabled, timeout }: { name: string | undefined; enabled: boolean; timeout: number },
): Promise<Mapping[]> {
  const by = clock.now() + timeout * 1000;
  for (;;) {
    const mappings = await readOf(environment, name);
    const others = mappings.filter((mapping) => (enabled ? mapping.state !== 'Enabled' : !isPaused(mapping)));
    if (others.length === 0) return mappings;
    if (clock.now() >= by || signal.aborted) {
      const left = others.map(({ functionName, state }) => `${functionName} is ${state}`).join(', ');
      throw new FailedError(`After ${timeout} s ${left}`);
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

async function readOf(environment: Environment, name: string | undefined): Promise<Mapping[]> {
  const mappings = await readMappings(environment);
  return mappings.filter(({ functionName }) => name === undefined || functionName === name);
}

function mappingsText(mappings: readonly Mapping[]): string {
  return table(
    ['FUNCTION', 'READS', 'STATE'],
    mappings.map(({ functionName, source, state }) => [functionName, source, state]),
  );
}

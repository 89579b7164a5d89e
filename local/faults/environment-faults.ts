import type { Clock } from '../clock.ts';
import { streamName } from '../event-source-mapping/arn.ts';
import type { Runtime } from '../runtime-options.ts';
import type { FaultLog } from './kinds.ts';
import type { FaultRates } from './plan.ts';
import { Random } from './random.ts';
import { reshard } from './reshard.ts';
import { reshardTopic } from './reshard-topic.ts';

export interface EnvironmentFaultsOptions {
  seed: number | string;
  rates: FaultRates;
  log: FaultLog;
  clock: Clock;
  runtime: Runtime;
}

export type PlannedFault = { waitMs: number } & (
  | { type: 'reshard'; stream: string }
  | { type: 'disable'; functionName: string; forMs: number }
  | { type: 'kill'; functionName: string }
);

/**
 * What befalls the environment as a whole, in the order of the seed, without end. Each stream is resharded once
 * before any is again; between two of those come the other faults.
 */
export function* plannedFaults(
  seed: number | string,
  rates: FaultRates,
  streams: readonly string[],
  functionNames: readonly string[],
): Generator<PlannedFault, never> {
  const random = new Random(seed, 'environment');
  const wait = () => rates.environmentEveryMs * (0.25 + 0.75 * random.next());
  for (;;) {
    for (const stream of random.shuffled(streams)) {
      yield { waitMs: wait(), type: 'reshard', stream };
      const functionName = random.pick(functionNames);
      const forMs = rates.disabledMs * random.next();
      yield random.chance(0.7)
        ? { waitMs: wait(), type: 'disable', functionName, forMs }
        : { waitMs: wait(), type: 'kill', functionName };
    }
  }
}

/** Lets the planned faults happen until the signal aborts; then every mapping is enabled, before it returns. */
export async function runEnvironmentFaults(
  options: EnvironmentFaultsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { seed, rates, runtime, clock } = options;
  const streams = Object.entries(runtime.outputs)
    .filter(([name]) => /(?:Stream|Topic)Name$/.test(name))
    .map(([, stream]) => stream)
    .sort();
  const random = new Random(seed, 'reshard');
  const functionNames = [...runtime.functions.keys()].sort();
  for (const fault of plannedFaults(seed, rates, streams, functionNames)) {
    await clock.sleep(fault.waitMs, signal);
    if (signal.aborted) return;
    await inject(fault, random, options, signal);
  }
}

async function inject(
  fault: PlannedFault,
  random: Random,
  options: EnvironmentFaultsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { log, runtime } = options;
  switch (fault.type) {
    case 'reshard':
      log.note(await reshardAny(fault.stream, random, options));
      return;
    case 'kill':
      log.note('functionKilled');
      await runtime.functions.get(fault.functionName)?.host.kill();
      return;
    case 'disable':
      log.note('mappingDisabled');
      await pause(fault, random, options, signal);
      return;
    default:
      return fault satisfies never;
  }
}

function reshardAny(stream: string, random: Random, { runtime, rates }: EnvironmentFaultsOptions) {
  const { mostPartitions } = rates;
  const { kafka, outputs, clients } = runtime;
  const isTopic = Object.entries(outputs).some(
    ([name, value]) => value === stream && name.endsWith('TopicName'),
  );
  return isTopic && kafka
    ? reshardTopic(stream, random, { kafka, mappings: [...runtime.mappings.values()].flat(), mostPartitions })
    : reshard(clients.kinesis, stream, random);
}

async function pause(
  { functionName, forMs }: Extract<PlannedFault, { type: 'disable' }>,
  random: Random,
  { rates, log, runtime, clock }: EnvironmentFaultsOptions,
  signal: AbortSignal,
): Promise<void> {
  const mappings = runtime.mappings.get(functionName) ?? [];
  await Promise.all(mappings.map((mapping) => mapping.disable()));
  await clock.sleep(forMs, signal);
  for (const mapping of mappings) {
    const { sourceArn } = mapping.status();
    // So a shard that nothing was put on is closed, and the one before it is not read to its end.
    if (!signal.aborted && sourceArn.includes(':kinesis:') && random.chance(rates.reshardedMeanwhile)) {
      const stream = streamName(sourceArn);
      for (let times = 0; times < 2; times += 1)
        log.note(await reshard(runtime.clients.kinesis, stream, random));
    }
    mapping.enable();
  }
}

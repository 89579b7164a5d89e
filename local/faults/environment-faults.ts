import type { Clock } from '../clock.ts';
import { streamName } from '../event-source-mapping/arn.ts';
import type { EventSourceMapping, KafkaMapping } from '../event-source-mapping/index.ts';
import type { Runtime } from '../runtime-options.ts';
import type { FaultLog } from './kinds.ts';
import type { FaultRates } from './plan.ts';
import { Random } from './random.ts';
import { reshard } from './reshard.ts';

export interface EnvironmentFaultsOptions {
  seed: number | string;
  rates: FaultRates;
  log: FaultLog;
  clock: Clock;
  runtime: Runtime;
}

export type PlannedFault = { waitMs: number } & (
  | { type: 'reshard'; stream: string }
  | { type: 'addPartition'; topic: string }
  | { type: 'rebalance'; functionName: string }
  | { type: 'disable'; functionName: string; forMs: number }
  | { type: 'kill'; functionName: string }
);

/** What faults may befall. */
export interface Victims {
  streams: readonly string[];
  functionNames: readonly string[];
  /** By the names of the topics that functions read: those functions. */
  readers: ReadonlyMap<string, readonly string[]>;
}

/**
 * What befalls the environment as a whole, in the order of the seed, without end. Each stream is resharded once
 * before any is again, and each topic grows; between two of those come the other faults.
 */
export function* plannedFaults(
  seed: number | string,
  rates: FaultRates,
  { streams, functionNames, readers }: Victims,
): Generator<PlannedFault, never> {
  const random = new Random(seed, 'environment');
  const wait = () => rates.environmentEveryMs * (0.25 + 0.75 * random.next());
  for (;;) {
    for (const place of random.shuffled([...streams, ...readers.keys()])) {
      const readBy = readers.get(place);
      if (readBy === undefined) yield { waitMs: wait(), type: 'reshard', stream: place };
      else {
        yield { waitMs: wait(), type: 'addPartition', topic: place };
        yield { waitMs: wait(), type: 'rebalance', functionName: random.pick(readBy) };
      }
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
    .filter(([name]) => name.endsWith('StreamName'))
    .map(([, stream]) => stream)
    .sort();
  const random = new Random(seed, 'reshard');
  const victims = {
    ...{ streams, readers: readersOf(runtime) },
    functionNames: [...runtime.functions.keys()].sort(),
  };
  for (const fault of plannedFaults(seed, rates, victims)) {
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
      log.note(await reshard(runtime.clients.kinesis, fault.stream, random));
      return;
    case 'addPartition':
      if (await growTopic(runtime, fault.topic, options.rates)) log.note('partitionAdded');
      return;
    case 'rebalance':
      log.note('groupRebalanced');
      await Promise.all(topicMappings(runtime, fault.functionName).map((mapping) => mapping.rebalance()));
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

/** The functions that read each topic, both in the order of their names. */
function readersOf(runtime: Runtime): Map<string, string[]> {
  const readers = [...runtime.functions.keys()]
    .flatMap((name) => topicMappings(runtime, name).map(({ topic }) => ({ name, topic })))
    .sort((left, right) => (`${left.topic} ${left.name}` < `${right.topic} ${right.name}` ? -1 : 1));
  return new Map(
    [...Map.groupBy(readers, ({ topic }) => topic)].map(([topic, of]) => [topic, of.map(({ name }) => name)]),
  );
}

function topicMappings({ mappings }: Runtime, functionName: string): KafkaMapping[] {
  return (mappings.get(functionName) ?? []).filter((mapping) => isOfTopic(mapping));
}

const isOfTopic = (mapping: EventSourceMapping): mapping is KafkaMapping => 'rebalance' in mapping;

/** @returns whether it did: a topic keeps what it has */
async function growTopic(
  { kafka }: Runtime,
  topic: string,
  { mostPartitions }: FaultRates,
): Promise<boolean> {
  if (kafka === undefined) return false;
  const count = await kafka.partitions(topic);
  if (count >= mostPartitions) return false;
  await kafka.addPartitions(topic, count + 1);
  return true;
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

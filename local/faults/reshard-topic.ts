import type { EventSourceMapping } from '../event-source-mapping/index.ts';
import type { Runtime } from '../runtime-options.ts';
import type { Random } from './random.ts';

const ADDED_CHANCE = 0.5;

interface ReshardTopicOptions {
  readonly kafka: NonNullable<Runtime['kafka']>;
  readonly mappings: readonly EventSourceMapping[];
  readonly mostPartitions: number;
}

/**
 * Adds a partition to a topic or, where it has enough, and by chance, has the groups that read it share out its partitions anew.
 * @throws what the brokers say
 */
export async function reshardTopic(
  topic: string,
  random: Random,
  { kafka, mappings, mostPartitions }: ReshardTopicOptions,
): Promise<'partitionAdded' | 'rebalanced'> {
  const isAdded = random.chance(ADDED_CHANCE);
  const count = await kafka.partitions(topic);
  if (isAdded && count < mostPartitions) {
    await kafka.addPartitions(topic, count + 1);
    return 'partitionAdded';
  }
  const readers = mappings.filter((mapping) => mapping.status().sourceArn.endsWith(`/${topic}`));
  await Promise.all(readers.map((mapping) => mapping.rebalance?.()));
  return 'rebalanced';
}

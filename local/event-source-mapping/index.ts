/**
 * Lambda's event source mappings, played on one machine: what polls a stream, a topic or a queue and invokes a function with
 * batches. docs/local-runtime.md says what is emulated, and where AWS leaves something open. Start at kinesis/mapping.ts.
 */
import { TopicMapping } from './kafka/mapping.ts';
import { KinesisMapping } from './kinesis/mapping.ts';
import type {
  EventSourceMapping,
  KafkaMapping,
  KafkaMappingOptions,
  KinesisMappingOptions,
  SqsMappingOptions,
  StreamMapping,
} from './options.ts';
import { SqsMapping } from './sqs/mapping.ts';

export {
  type CheckpointStore,
  inMemoryCheckpoints,
  type MappingCheckpoint,
  type ShardCheckpoint,
} from './checkpoint.ts';
export { defaultEmulation, type Emulation, emulationWithLimits } from './emulation.ts';
export type { MappingEvent, Observer } from './events.ts';
export type {
  EventSourceMapping,
  KafkaMapping,
  KafkaMappingOptions,
  KinesisMappingOptions,
  MappingStatus,
  RecursiveLoop,
  SqsMappingOptions,
  StreamMapping,
} from './options.ts';

/**
 * Starts a mapping of a Kinesis stream, enabled unless its properties say otherwise.
 * @throws Error in one line when a property is unknown, out of its limits or not emulated.
 */
export function startKinesisMapping(options: KinesisMappingOptions): StreamMapping {
  return new KinesisMapping(options);
}

/**
 * Starts a mapping of a Kafka topic, enabled unless its properties say otherwise.
 * @throws Error in one line when a property is unknown, out of its limits or not emulated.
 */
export async function startKafkaMapping(options: KafkaMappingOptions): Promise<KafkaMapping> {
  // Kafka's client takes half a second of a core to load, and 60 MB: most apps have no topics.
  const { brokerAccess } = await import('./kafka/broker-access.ts');
  return new TopicMapping({ access: brokerAccess, ...options });
}

/**
 * Starts a mapping of an SQS queue, enabled unless its properties say otherwise.
 * @throws Error in one line when a property is unknown, out of its limits or not emulated.
 */
export function startSqsMapping(options: SqsMappingOptions): EventSourceMapping {
  return new SqsMapping(options);
}

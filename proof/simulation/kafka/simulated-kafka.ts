import type { Clock } from '../../../local/clock.ts';
import type { KafkaMapping, KafkaMappingOptions } from '../../../local/event-source-mapping/index.ts';
import type { KafkaAccess } from '../../../local/event-source-mapping/kafka/access.ts';
import { TopicMapping } from '../../../local/event-source-mapping/kafka/mapping.ts';
import { Random } from '../../../local/faults/random.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import { Kafka } from '../services/kafka/kafka.ts';
import type { ServiceOptions } from '../services/options.ts';
import { simulatedAccess } from './access.ts';
import type { Send } from './call.ts';

/** How the topics of a run are, and who polls them. */
export interface KafkaConditions {
  /** Of each topic at first. */
  readonly partitions: number;
  /** Lambda polls as it sees fit, and knows success or failure of whole batches alone: what provisioned mode can do is left out. */
  readonly isOnDemand: boolean;
  /** Members of a mapping's group, where they are somebody's own: each works on its partitions at its own pace. */
  readonly pollers: number;
}

/** What a template says for provisioned mode alone. */
const OF_PROVISIONED_MODE = [
  'ProvisionedPollerConfig',
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'DestinationConfig',
];

export interface SimulatedKafkaOptions {
  readonly seed: number | string;
  readonly services: Omit<ServiceOptions, 'random'>;
  readonly conditions: KafkaConditions;
  readonly send: Send;
  readonly clock: Clock;
}

/** The brokers of a simulation, with the topics that anybody names. */
export class SimulatedKafka {
  readonly cluster: Kafka;
  readonly #access: KafkaAccess;
  readonly #conditions: KafkaConditions;

  constructor({ seed, services, conditions, send, clock }: SimulatedKafkaOptions) {
    this.#conditions = conditions;
    this.cluster = new Kafka({ ...services, random: new Random(seed, 'kafka') });
    this.#access = simulatedAccess({
      ...{ kafka: this.cluster, send, caller: 'local', clock },
      random: new Random(seed, 'groups'),
    });
  }

  /** Instead of what the templates set. */
  get variables(): Readonly<Record<string, string>> {
    return this.#conditions.isOnDemand ? { KAFKA_REPORTS_FAILURES: 'off' } : {};
  }

  create(topic: string): void {
    if (!this.cluster.topics.includes(topic)) this.cluster.createTopic(topic, this.#conditions.partitions);
  }

  /** As the runtime has it. */
  topics(bootstrapServers: string): NonNullable<Runtime['kafka']> {
    return {
      bootstrapServers,
      partitions: async (topic) => this.cluster.topic(topic).count,
      addPartitions: async (topic, count) => {
        while (this.cluster.topic(topic).count < count) this.cluster.topic(topic).addPartition();
      },
    };
  }

  startMapping(
    options: Omit<KafkaMappingOptions, 'access' | 'properties'> & {
      readonly properties: Readonly<Record<string, unknown>>;
    },
  ): KafkaMapping {
    const all = Object.entries(options.properties);
    const { isOnDemand, pollers } = this.#conditions;
    const ProvisionedPollerConfig = { MinimumPollers: pollers };
    const properties = isOnDemand
      ? Object.fromEntries(all.filter(([name]) => !OF_PROVISIONED_MODE.includes(name)))
      : { ...options.properties, ProvisionedPollerConfig };
    return new TopicMapping({ ...options, properties, access: this.#access });
  }
}

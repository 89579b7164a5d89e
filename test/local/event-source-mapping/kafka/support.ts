import type { KafkaMapping, KafkaMappingOptions } from '../../../../local/event-source-mapping/index.ts';
import { brokerAccess } from '../../../../local/event-source-mapping/kafka/broker-access.ts';
import type { KafkaEvent } from '../../../../local/event-source-mapping/kafka/invocation.ts';
import { TopicMapping } from '../../../../local/event-source-mapping/kafka/mapping.ts';
import type { EventRecord } from '../../../../local/event-source-mapping/kafka/record.ts';
import { FunctionError, type FunctionHost } from '../../../../local/function-host.ts';
import type { TestKafka } from '../../../support/kafka.ts';
import { quick } from '../support/mappings.ts';
import { NotInvoked } from '../support/recording-host.ts';
import { StartedMappings } from '../support/started-mappings.ts';

/** All records of an event, partition after partition. */
export const recordsIn = ({ records }: KafkaEvent): EventRecord[] => Object.values(records).flat();

export const textOf = ({ value = '' }: EventRecord): string => Buffer.from(value, 'base64').toString();

export const textsIn = (event: KafkaEvent): string[] => recordsIn(event).map(textOf);

/** As functions report a record. */
export const identifier = ({ topic, partition, offset }: EventRecord) => ({
  itemIdentifier: { partition: `${topic}-${partition}`, offset },
});

/** Reports all records with these texts. */
export const reporting = (event: KafkaEvent, texts: readonly string[]) => ({
  batchItemFailures: recordsIn(event)
    .filter((record) => texts.includes(textOf(record)))
    .map(identifier),
});

/** A function that keeps every event it was given, as JSON carried it, and answers what it is told to. */
export class KafkaRecorder implements FunctionHost {
  readonly events: KafkaEvent[] = [];
  /** Texts of what was answered without a failure. */
  readonly #handler: (event: KafkaEvent, count: number) => unknown;

  constructor(handler: (event: KafkaEvent, count: number) => unknown = () => null) {
    this.#handler = handler;
  }

  get batches(): string[][] {
    return this.events.map(textsIn);
  }

  async invoke(event: unknown): Promise<unknown> {
    const seen: KafkaEvent = JSON.parse(JSON.stringify(event));
    this.events.push(seen);
    try {
      return await this.#handler(seen, this.events.length);
    } catch (error) {
      if (error instanceof NotInvoked) throw error;
      throw new FunctionError('recorder', 'Error', String(error), { cause: error });
    }
  }

  async close(): Promise<void> {}
}

type Others = Partial<Omit<KafkaMappingOptions, 'properties' | 'host'>>;

/** Starts mappings of one test. */
export class KafkaMappings extends StartedMappings {
  start(
    { bootstrapServers }: Pick<TestKafka, 'bootstrapServers'>,
    topic: string,
    host: FunctionHost,
    properties: Readonly<Record<string, unknown>> = {},
    others: Others = {},
  ): KafkaMapping {
    const mapping = new TopicMapping({
      functionName: 'recorder',
      observer: this.observer,
      clients: {},
      ...{ region: 'us-east-1', accountId: '000000000000' },
      ...others,
      properties: {
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [bootstrapServers] } },
        Topics: [topic],
        StartingPosition: 'TRIM_HORIZON',
        ...properties,
      },
      host,
      access: brokerAccess,
      emulation: { ...quick, kafkaBatchingMs: 20, kafkaHeartbeatMs: 100, ...others.emulation },
    });
    return this.add(mapping);
  }
}

/** What a mapping may have with pollers of its own. */
export const provisioned = { ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 } };

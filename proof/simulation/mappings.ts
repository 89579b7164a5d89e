import type { Clients } from '../../local/clients.ts';
import type { Clock } from '../../local/clock.ts';
import type { MappingRequest } from '../../local/cloudformation/emulator.ts';
import {
  type Emulation,
  type EventSourceMapping,
  inMemoryCheckpoints,
  type MappingEvent,
  startKinesisMapping,
  startSqsMapping,
} from '../../local/event-source-mapping/index.ts';
import type { RuntimeSettings } from '../../local/runtime-options.ts';
import type { SimulatedFunctions } from './functions.ts';
import type { SimulatedKafka } from './kafka/simulated-kafka.ts';

export interface SimulatedMappingsOptions extends Required<Pick<RuntimeSettings, 'wrapHost' | 'observer'>> {
  readonly functions: SimulatedFunctions;
  readonly kafka: SimulatedKafka;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly emulation: Partial<Emulation>;
  readonly region: string;
  readonly accountId: string;
}

/** Properties of mappings that somebody has set by hand. */
export interface RetryLimits {
  readonly MaximumRetryAttempts: number;
  readonly BisectBatchOnFunctionError: boolean;
}

/** Starts a mapping where its last one stopped. @param limits instead of what the template says */
type Start = (limits?: RetryLimits) => EventSourceMapping;

/** The app's event source mappings: the emulator's own code, in the time of a simulation. */
export class SimulatedMappings {
  readonly byFunction = new Map<string, EventSourceMapping[]>();
  readonly #options: SimulatedMappingsOptions;
  /** Of streams and topics. */
  readonly #starts = new Map<string, Start[]>();

  constructor(options: SimulatedMappingsOptions) {
    this.#options = options;
  }

  /** @throws Error where its function is missing, or a property is not as it may be */
  create({ functionName, source, properties }: MappingRequest): void {
    const { functions, wrapHost, observer, clients, clock, emulation } = this.#options;
    const { host, recursiveLoop } = functions.get(functionName);
    const shared = {
      ...{ functionName, clients, clock, emulation },
      host: wrapHost(host, functionName),
      observer: (event: MappingEvent) =>
        observer({ type: 'mapping', functionName, source: String(properties.EventSourceArn), event }),
    };
    const start: Start =
      source === 'sqs'
        ? () => startSqsMapping({ ...shared, recursiveLoop, properties })
        : (source === 'kinesis' ? this.#ofStream : this.#ofTopic)(shared, properties);
    if (source !== 'sqs') add(this.#starts, functionName, start);
    add(this.byFunction, functionName, start());
  }

  /** What an operator does by hand. @param limits undefined: what the templates say again */
  async limitRetries(limits: RetryLimits | undefined): Promise<void> {
    for (const [functionName, starts] of this.#starts) {
      await Promise.all(this.byFunction.get(functionName)?.map((mapping) => mapping.stop()) ?? []);
      this.byFunction.set(
        functionName,
        starts.map((start) => start(limits)),
      );
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.byFunction.values()].flat().map((mapping) => mapping.stop()));
  }

  readonly #ofStream = (shared: Shared, properties: MappingRequest['properties']): Start => {
    const checkpoints = inMemoryCheckpoints();
    return (limits) =>
      startKinesisMapping({ ...shared, checkpoints, properties: { ...properties, ...limits } });
  };

  readonly #ofTopic = (shared: Shared, properties: MappingRequest['properties']): Start => {
    const { kafka, region, accountId } = this.#options;
    for (const topic of topicsIn(properties)) kafka.create(topic);
    return (limits) =>
      kafka.startMapping({ ...shared, region, accountId, properties: { ...properties, ...limits } });
  };
}

type Shared = Omit<Parameters<typeof startKinesisMapping>[0], 'properties' | 'checkpoints'>;

function add<Item>(map: Map<string, Item[]>, name: string, item: Item): void {
  map.set(name, [...(map.get(name) ?? []), item]);
}

function topicsIn({ Topics }: MappingRequest['properties']): string[] {
  return Array.isArray(Topics) ? Topics.map(String) : [];
}

import { systemClock } from '../../clock.ts';
import { functionArnIn, kafkaSource, mappingId } from '../arn.ts';
import { failureDestination } from '../destination.ts';
import { backoffMs, defaultEmulation } from '../emulation.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { KafkaMapping, KafkaMappingOptions, MappingStatus } from '../options.ts';
import { parseKafkaProperties } from '../properties.ts';
import type { KafkaAccess } from './access.ts';
import type { KafkaContext } from './context.ts';
import { Poller } from './poller.ts';
import { Progress } from './progress.ts';
import { groupOf } from './record.ts';

type Options = KafkaMappingOptions & { access: KafkaAccess };

/**
 * An event source mapping of a Kafka topic. Its consumer group, in the topic's cluster, remembers what is processed; a run of it
 * is a few pollers, members of that group.
 */
export class TopicMapping implements KafkaMapping {
  readonly id: string;
  readonly #functionName: string;
  readonly #sourceArn: string;
  readonly #context: KafkaContext;
  readonly #lifecycle: Lifecycle;
  /** Of the run of now, the oldest first. */
  #pollers: Poller[] = [];
  #begin: (() => Poller) | undefined;

  /** @throws Error in one line when a property is unknown, out of its limits or not emulated. */
  constructor(options: Options) {
    this.#functionName = options.functionName;
    this.#lifecycle = new Lifecycle((signal) => this.#run(signal));
    const { id, sourceArn, context } = contextOf(options, () => this.#lifecycle.changes.announce());
    this.id = id;
    this.#sourceArn = sourceArn;
    this.#context = context;
    if (context.properties.Enabled) this.enable();
  }

  get topic(): string {
    return this.#context.topic;
  }

  enable(): void {
    this.#lifecycle.enable();
  }

  disable(): Promise<void> {
    return this.#lifecycle.disable();
  }

  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }

  async drained(signal?: AbortSignal): Promise<void> {
    const ends = await this.#ends(signal);
    const { progress } = this.#context;
    await this.#lifecycle.until(() => {
      const { partitions } = progress;
      return [...ends].every(([partition, end]) => (partitions.get(partition)?.done ?? -1n) >= end);
    }, signal);
  }

  async rebalance(): Promise<void> {
    const joining = this.#begin?.();
    if (joining === undefined) return;
    await this.#lifecycle.until(() => joining.isAssigned || !this.#pollers.includes(joining));
    const [oldest] = this.#pollers;
    if (oldest !== joining) oldest?.lose();
  }

  status(): MappingStatus {
    const { clock, topic, progress } = this.#context;
    const partitions = [...progress.partitions];
    const caughtUpTo = this.#caughtUpTo();
    const current = this.#pollers.flatMap((poller) => poller.current ?? []);
    const now = clock.now();
    const oldest = Math.min(now, ...current.map(({ oldestArrivalMs = now }) => oldestArrivalMs));
    return {
      id: this.id,
      functionName: this.#functionName,
      sourceArn: this.#sourceArn,
      state: this.#lifecycle.enabled ? 'Enabled' : 'Disabled',
      caughtUp: caughtUpTo !== undefined,
      caughtUpTo: caughtUpTo ?? null,
      behindMs: now - oldest,
      openWindows: 0,
      inFlight: this.#pollers.reduce((sum, { inFlight }) => sum + inFlight, 0),
      unfinished: current.reduce((sum, { unfinished }) => sum + unfinished, 0),
      shards: partitions.length,
      lag: Object.fromEntries(
        partitions.map(([partition, { done, end }]) => [
          groupOf(topic, partition),
          Number(end > done ? end - done : 0n),
        ]),
      ),
    };
  }

  /** Everything that arrived before this instant (ms) is processed; undefined where that is not so or not known. */
  #caughtUpTo(): number | undefined {
    const partitions = [...this.#context.progress.partitions.values()];
    if (partitions.length === 0 || partitions.some(({ done, end }) => done < end)) return undefined;
    const asked = partitions.map(({ askedAt }) => askedAt ?? Number.NEGATIVE_INFINITY);
    const oldest = Math.min(...asked);
    return Number.isFinite(oldest) ? oldest : undefined;
  }

  /** Where the topic ends now. @throws the signal's reason when it aborts; Error when the mapping is stopped */
  async #ends(signal?: AbortSignal): Promise<ReadonlyMap<number, bigint>> {
    const { clock, settings } = this.#context;
    const reader = this.#context.access.reader(this.#context);
    try {
      for (let failures = 1; ; failures += 1) {
        signal?.throwIfAborted();
        this.#lifecycle.checkNotStopped();
        try {
          return await reader.ends();
        } catch {
          // The pollers say why.
          await clock.sleep(backoffMs(failures, settings), signal);
        }
      }
    } finally {
      await reader.close();
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const runs: Promise<void>[] = [];
    this.#begin = () => {
      const poller = new Poller(this.#context);
      this.#pollers.push(poller);
      runs.push(
        poller.run(signal).finally(() => {
          this.#pollers = this.#pollers.filter((each) => each !== poller);
          this.#lifecycle.changes.announce();
        }),
      );
      return poller;
    };
    for (let pollers = 0; pollers < pollersOf(this.#context); pollers += 1) this.#begin();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#begin = undefined;
    await Promise.all(runs);
  }
}

function pollersOf({ properties, settings }: KafkaContext): number {
  return Math.min(properties.ProvisionedPollerConfig?.MinimumPollers ?? 1, settings.kafkaMostPollers);
}

interface Made {
  id: string;
  sourceArn: string;
  context: KafkaContext;
}

function contextOf(options: Options, onChange: () => void): Made {
  const { functionName, clients, region, accountId } = options;
  const properties = parseKafkaProperties(functionName, options.properties);
  const [topic = ''] = properties.Topics;
  const { EventSourceArn: clusterArn, SelfManagedEventSource: own } = properties;
  const named = own?.Endpoints.KafkaBootstrapServers.join(',');
  const bootstrapServers = options.bootstrapServers ?? named;
  if (bootstrapServers === undefined) {
    throw new Error(
      `The event source mapping of ${functionName}: where the brokers of ${clusterArn} are is not said`,
    );
  }
  const sourceArn = kafkaSource({ clusterArn, bootstrapServers: named, topic });
  const id = options.id ?? mappingId(functionName, sourceArn, properties.StartingPositionTimestamp);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  const { ConsumerGroupId: group } =
    properties.AmazonManagedKafkaEventSourceConfig ?? properties.SelfManagedKafkaEventSourceConfig ?? {};
  const context: KafkaContext = {
    ...{ topic, bootstrapServers, properties, host: options.host },
    functionArn: functionArnIn(region, accountId, functionName),
    access: options.access,
    groupId: group ?? options.groupId ?? id,
    settings: { ...defaultEmulation, ...options.emulation },
    clock: options.clock ?? systemClock,
    observe: options.observer ?? (() => undefined),
    progress: new Progress(onChange),
    destination: destination ? failureDestination(destination, id, clients) : undefined,
  };
  return { id, sourceArn, context };
}

import { systemClock } from '../../clock.ts';
import { defaultRoleArn, functionArn, mappingId } from '../arn.ts';
import { CheckpointKeeper, type CheckpointStore, inMemoryCheckpoints } from '../checkpoint.ts';
import { failureDestination } from '../destination.ts';
import { defaultEmulation } from '../emulation.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { KinesisMappingOptions, MappingStatus, StreamMapping } from '../options.ts';
import { parseKinesisProperties } from '../properties.ts';
import type { KinesisContext } from './context.ts';
import { StreamPoller } from './stream-poller.ts';

/** An event source mapping of a Kinesis stream. Its life is in the checkpoints; a run is one StreamPoller. */
export class KinesisMapping implements StreamMapping {
  readonly id: string;
  readonly #options: KinesisMappingOptions;
  readonly #context: KinesisContext;
  readonly #store: CheckpointStore;
  readonly #lifecycle: Lifecycle;
  /** For a mapping without a checkpoint. */
  readonly #startAtMs: number | null;
  #keeper: CheckpointKeeper | undefined;
  #poller: StreamPoller | undefined;

  /** @throws Error in one line when a property is unknown, out of its limits or not emulated. */
  constructor(options: KinesisMappingOptions) {
    this.#options = options;
    this.#context = contextOf(options);
    this.id = this.#context.id;
    this.#startAtMs = startAtMs(this.#context);
    this.#store = options.checkpoints ?? inMemoryCheckpoints();
    this.#lifecycle = new Lifecycle((signal) => this.#run(signal));
    if (this.#context.properties.Enabled) this.enable();
  }

  enable(): void {
    this.#lifecycle.enable();
  }

  async disable(): Promise<void> {
    await this.#lifecycle.disable();
    await this.#keeper?.flush();
  }

  async stop(): Promise<void> {
    await this.#lifecycle.stop();
    await this.#keeper?.flush();
  }

  streamWritten(): void {
    this.#poller?.streamWritten();
  }

  async drained(signal?: AbortSignal): Promise<void> {
    let asked: { poller: StreamPoller; request: number } | undefined;
    const isDrained = () => {
      const poller = this.#poller;
      if (!poller) return false;
      // Disabled and enabled in between: the new run must be asked again.
      if (asked?.poller !== poller) asked = { poller, request: poller.requestDrain() };
      return poller.caughtUpWith(asked.request);
    };
    await this.#lifecycle.until(isDrained, signal);
  }

  status(): MappingStatus {
    const shards = this.#poller?.shards ?? [];
    const caughtUpTo = this.#poller?.caughtUpTo;
    const now = this.#context.clock.now();
    const oldest = Math.min(now, ...shards.map((shard) => shard.oldestArrivalMs ?? now));
    return {
      id: this.id,
      functionName: this.#options.functionName,
      sourceArn: this.#context.streamArn,
      state: this.#lifecycle.enabled ? 'Enabled' : 'Disabled',
      caughtUp: caughtUpTo !== undefined,
      caughtUpTo: caughtUpTo ?? null,
      behindMs: now - oldest,
      openWindows: this.#openWindows(),
      inFlight: shards.reduce((sum, shard) => sum + shard.inFlight, 0),
      unfinished: shards.reduce((sum, shard) => sum + shard.unfinished, 0),
      shards: shards.length,
    };
  }

  /** Of a running mapping from its shards; else from the checkpoint: a window stays open while it is disabled. */
  #openWindows(): number {
    if (this.#poller) return this.#poller.shards.filter((shard) => shard.window).length;
    return Object.values(this.#keeper?.current.shards ?? {}).filter((shard) => shard.window).length;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clients } = this.#options;
    this.#keeper ??= await this.#loadKeeper();
    const changed = () => this.#lifecycle.changes.announce();
    this.#poller = new StreamPoller(this.#context, clients.kinesis, this.#keeper, changed);
    changed();
    await this.#poller.run(signal);
    this.#poller = undefined;
  }

  async #loadKeeper(): Promise<CheckpointKeeper> {
    const stored = await this.#store.load(this.id);
    const keeper = new CheckpointKeeper(
      this.id,
      this.#store,
      stored ?? { startAtMs: this.#startAtMs, shards: {} },
    );
    if (!stored) keeper.touch();
    return keeper;
  }
}

/**
 * The starting position as an instant, ms; null: the oldest record. LATEST and AT_TIMESTAMP read from the oldest
 * record on and pass over what arrived earlier: the same records come, the position outlives a restart before the
 * first of them, and kinesalite, which never answers AT_TIMESTAMP when nothing is that new, is not asked.
 */
function startAtMs({ properties, clock }: KinesisContext): number | null {
  const { StartingPosition, StartingPositionTimestamp } = properties;
  switch (StartingPosition) {
    case 'TRIM_HORIZON':
      return null;
    case 'LATEST':
      return clock.now() + 1;
    case 'AT_TIMESTAMP':
      return (StartingPositionTimestamp ?? 0) * 1000;
    default:
      return StartingPosition satisfies never;
  }
}

function contextOf(options: KinesisMappingOptions): KinesisContext {
  const { functionName, clients } = options;
  const properties = parseKinesisProperties(functionName, options.properties);
  const streamArn = properties.EventSourceArn;
  const id = options.id ?? mappingId(functionName, streamArn, properties.StartingPositionTimestamp);
  const arn = functionArn(functionName, streamArn);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  return {
    id,
    functionArn: arn,
    roleArn: options.roleArn ?? defaultRoleArn(functionName, streamArn),
    streamArn,
    properties,
    settings: { ...defaultEmulation, ...options.emulation },
    clock: options.clock ?? systemClock,
    host: options.host,
    observe: options.observer ?? (() => undefined),
    destination: destination ? failureDestination(destination, id, clients) : undefined,
  };
}

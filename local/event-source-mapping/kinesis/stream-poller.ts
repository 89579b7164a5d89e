import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { listShards, type ShardLink } from '../../shards.ts';
import { streamName } from '../arn.ts';
import type { CheckpointKeeper } from '../checkpoint.ts';
import { backoffMs } from '../emulation.ts';
import { Wake } from '../wake.ts';
import type { KinesisContext } from './context.ts';
import { startable } from './lineage.ts';
import { ShardReader } from './reader.ts';
import { Shard } from './shard.ts';

/** Kinesis answers at most 10,000 records; fewer keep an answer small where batches are. */
const SMALLEST_PAGE = 1_000;
const LARGEST_PAGE = 10_000;

/** One run of a mapping over all shards of its stream: from enabled to disabled. */
export class StreamPoller {
  readonly #context: KinesisContext;
  readonly #client: KinesisClient;
  readonly #keeper: CheckpointKeeper;
  readonly #onChange: () => void;
  readonly #wake: Wake;
  readonly #shards = new Map<string, Shard>();
  readonly #runs: Promise<void>[] = [];
  /** The list of shards was read after the last shard ended, and all that can run do. */
  #settled = false;
  #drainRequests = 0;

  constructor(
    context: KinesisContext,
    client: KinesisClient,
    keeper: CheckpointKeeper,
    onChange: () => void,
  ) {
    this.#context = context;
    this.#client = client;
    this.#keeper = keeper;
    this.#onChange = onChange;
    this.#wake = new Wake(context.clock);
  }

  get shards(): readonly Shard[] {
    return [...this.#shards.values()];
  }

  /** Everything that arrived before this instant (ms) is processed; undefined where that is not so or not known. */
  get caughtUpTo(): number | undefined {
    if (!this.#settled) return undefined;
    let oldest = Number.POSITIVE_INFINITY;
    for (const { caughtUpTo } of this.#shards.values()) {
      if (caughtUpTo === undefined) return undefined;
      oldest = Math.min(oldest, caughtUpTo);
    }
    return oldest;
  }

  streamWritten(): void {
    for (const shard of this.#shards.values()) shard.streamWritten();
  }

  /** Asks every shard to poll at once. @returns the number to ask `caughtUpWith` for. */
  requestDrain(): number {
    this.#drainRequests += 1;
    for (const shard of this.#shards.values()) shard.wake();
    return this.#drainRequests;
  }

  caughtUpWith(drainRequest: number): boolean {
    return this.#settled && this.shards.every((shard) => shard.caughtUpWith(drainRequest));
  }

  /** Runs until the signal aborts; then waits for the invocations under way. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const links = await listShards(this.#client, streamName(this.#context.streamArn), signal);
        this.#startNew(links, signal);
        failures = 0;
        await this.#wake.wait(Number.POSITIVE_INFINITY, signal);
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        this.#context.observe({ type: 'pollFailed', origin: this.#context.streamArn, error });
        await this.#context.clock.sleep(backoffMs(failures, this.#context.settings), signal);
      }
    }
    await Promise.all(this.#runs);
  }

  #startNew(links: readonly ShardLink[], signal: AbortSignal): void {
    const isFinished = (shardId: string) => this.#keeper.shard(shardId).finished === true;
    for (const { shardId } of startable(links, (id) => this.#shards.has(id), isFinished)) {
      const shard = this.#newShard(shardId);
      this.#shards.set(shardId, shard);
      this.#runs.push(this.#follow(shard, signal));
    }
    this.#settled = true;
    this.#onChange();
  }

  async #follow(shard: Shard, signal: AbortSignal): Promise<void> {
    const drained = await shard.run(signal);
    if (!drained) return;
    this.#settled = false;
    this.#shards.delete(shard.id);
    this.#wake.wake();
    this.#onChange();
  }

  #newShard(shardId: string): Shard {
    const { streamArn, properties } = this.#context;
    const wanted = properties.BatchSize * properties.ParallelizationFactor;
    const page = Math.min(Math.max(wanted, SMALLEST_PAGE), LARGEST_PAGE);
    const checkpoint = this.#keeper.shard(shardId);
    const stream = streamName(streamArn);
    return new Shard(this.#context, {
      shardId,
      checkpoint,
      reader: new ShardReader(this.#client, {
        ...{ stream, shardId, after: checkpoint.sequenceNumber, limit: page },
      }),
      startAtMs: this.#keeper.current.startAtMs,
      drainRequests: () => this.#drainRequests,
      onCheckpoint: (next) => this.#keeper.setShard(shardId, next),
      onChange: this.#onChange,
    });
  }
}

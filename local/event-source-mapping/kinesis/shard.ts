import { createHash } from 'node:crypto';
import { parseArn } from '../arn.ts';
import type { ShardCheckpoint } from '../checkpoint.ts';
import { backoffMs } from '../emulation.ts';
import { Wake } from '../wake.ts';
import type { KinesisContext } from './context.ts';
import { Lane } from './lane.ts';
import type { ShardReader } from './reader.ts';
import { toPendingRecord } from './record.ts';
import { ShardCheckpointer } from './shard-checkpointer.ts';
import { type OpenWindow, openWindow } from './window.ts';

/** What a shard needs beside the mapping's context. */
export interface ShardOptions {
  shardId: string;
  reader: ShardReader;
  checkpoint: ShardCheckpoint;
  /** Records that arrived before this instant (ms) are passed over; null: none. */
  startAtMs: number | null;
  /** The mapping's count of drain requests: see `caughtUpWith`. */
  drainRequests: () => number;
  /** Called with every new checkpoint. */
  onCheckpoint: (checkpoint: ShardCheckpoint) => void;
  /** Called after every change of what the shard reports. */
  onChange: () => void;
}

/** Reads one shard and hands its records to its lanes, until it is drained or the mapping is disabled. */
export class Shard {
  readonly #context: KinesisContext;
  readonly #options: ShardOptions;
  readonly #checkpointer: ShardCheckpointer;
  readonly #lanes: readonly Lane[];
  /** Ends the wait between two polls. */
  readonly #wake: Wake;
  /** Ends the part of it that a write to the stream makes needless. */
  readonly #written: Wake;
  /** Ends the wait for room in the lanes. */
  readonly #room: Wake;
  #emptyPoll: { startedAt: number; drainRequests: number } | undefined;

  constructor(context: KinesisContext, options: ShardOptions) {
    const { checkpoint, shardId } = options;
    const lanes = context.properties.ParallelizationFactor;
    this.#context = context;
    this.#options = options;
    this.#wake = new Wake(context.clock);
    this.#written = new Wake(context.clock);
    this.#room = new Wake(context.clock);
    this.#checkpointer = new ShardCheckpointer(lanes, checkpoint.sequenceNumber, checkpoint.lanes);
    // A window kept by an earlier run without tumbling windows in this one has nobody to go to.
    const windowed = context.properties.TumblingWindowInSeconds > 0;
    const window =
      windowed && checkpoint.window ? openWindow(checkpoint.window, checkpoint.window.state) : undefined;
    this.#lanes = Array.from(
      { length: lanes },
      () => new Lane(context, shardId, window, () => this.#progressed()),
    );
  }

  get id(): string {
    return this.#options.shardId;
  }

  get unfinished(): number {
    return this.#checkpointer.unfinished;
  }

  get oldestArrivalMs(): number | undefined {
    return this.#checkpointer.oldestArrivalMs;
  }

  get inFlight(): number {
    return this.#lanes.filter((lane) => lane.inFlight).length;
  }

  get window(): OpenWindow | undefined {
    return this.#lanes[0]?.window;
  }

  /** Everything that arrived before this instant (ms) is processed. Undefined: something is not, or is not known. */
  get caughtUpTo(): number | undefined {
    return this.unfinished === 0 ? this.#emptyPoll?.startedAt : undefined;
  }

  /** Everything put before the `drainRequest`th request is processed: a later poll found nothing more. */
  caughtUpWith(drainRequest: number): boolean {
    return this.unfinished === 0 && (this.#emptyPoll?.drainRequests ?? -1) >= drainRequest;
  }

  /** Ends the wait for the next poll. */
  wake(): void {
    this.#wake.wake();
    this.#written.wake();
  }

  /** Shortens it. */
  streamWritten(): void {
    this.#written.wake();
  }

  /** @returns true when the closed shard is drained, false when the signal aborted first. */
  async run(signal: AbortSignal): Promise<boolean> {
    this.#context.observe({ type: 'shardStarted', origin: this.id });
    const lanes = this.#lanes.map((lane) => lane.run(signal));
    const [ended] = await Promise.all([this.#read(signal), ...lanes]);
    if (!ended || signal.aborted) return false;
    this.#options.onCheckpoint({ ...this.#checkpoint(), finished: true });
    this.#context.observe({ type: 'shardFinished', origin: this.id });
    return true;
  }

  async #read(signal: AbortSignal): Promise<boolean> {
    const { settings, observe, clock } = this.#context;
    let failures = 0;
    while (!signal.aborted) {
      if (this.unfinished >= settings.readAheadRecords) {
        await this.#room.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      try {
        const ended = await this.#poll(signal);
        if (ended) return true;
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        observe({ type: 'pollFailed', origin: this.id, error });
        await clock.sleep(backoffMs(failures, settings), signal);
      }
    }
    return false;
  }

  /** One poll; after an empty one, the wait for the next. @returns whether the shard has ended. */
  async #poll(signal: AbortSignal): Promise<boolean> {
    const started = { startedAt: this.#context.clock.now(), drainRequests: this.#options.drainRequests() };
    const { records, ended } = await this.#options.reader.poll(signal);
    this.#emptyPoll = undefined;
    if (records.length > 0) this.#accept(records);
    if (ended) {
      for (const lane of this.#lanes) lane.sourceHasEnded();
      return true;
    }
    if (records.length === 0) {
      this.#emptyPoll = started;
      for (const lane of this.#lanes) lane.sourceWasEmpty(started.startedAt);
      this.#options.onChange();
      await this.#betweenPolls(signal);
    }
    return false;
  }

  async #betweenPolls(signal: AbortSignal): Promise<void> {
    const { pollIntervalMs, shortestPollIntervalMs } = this.#context.settings;
    const shortest = Math.min(shortestPollIntervalMs, pollIntervalMs);
    await this.#wake.wait(shortest, signal);
    if (shortest < pollIntervalMs) await this.#written.wait(pollIntervalMs - shortest, signal);
  }

  #accept(records: readonly Parameters<typeof toPendingRecord>[0][]): void {
    const { streamArn, roleArn, clock } = this.#context;
    const origin = { streamArn, roleArn, shardId: this.id, region: parseArn(streamArn).region };
    const { startAtMs } = this.#options;
    const byLane: ReturnType<typeof toPendingRecord>[][] = this.#lanes.map(() => []);
    for (const record of records) {
      const item = toPendingRecord(record, origin, clock.now());
      const lane = laneOf(item.record.kinesis.partitionKey, this.#lanes.length);
      const isEarlier = startAtMs !== null && item.arrivalMs < startAtMs;
      item.done = isEarlier || this.#checkpointer.wasFinished(lane, item.sequenceNumber);
      this.#checkpointer.add(item, lane);
      if (!item.done) byLane[lane]?.push(item);
    }
    this.#progressed();
    for (const [index, lane] of this.#lanes.entries()) lane.add(byLane[index] ?? []);
  }

  #progressed(): void {
    this.#checkpointer.update();
    this.#options.onCheckpoint(this.#checkpoint());
    this.#options.onChange();
    this.#room.wake();
  }

  #checkpoint(): ShardCheckpoint {
    const { sequenceNumber, lanes } = this.#checkpointer;
    const window = this.window;
    return {
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
      ...(lanes.length > 1 ? { lanes: [...lanes] } : {}),
      ...(window ? { window: { start: window.start, end: window.end, state: window.state } } : {}),
    };
  }
}

/** The lane of a partition key: the same key always meets the same lane, so its records stay in order. */
export function laneOf(partitionKey: string, lanes: number): number {
  if (lanes === 1) return 0;
  return createHash('sha256').update(partitionKey).digest().readUInt32BE(0) % lanes;
}

import type {
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamTumblingWindowEvent,
} from 'aws-lambda';
import type { MemoryStream } from '../../support/fakes/memory-streams.ts';
import type { StoredRecord } from '../../support/records.ts';
import { lambdaRecord, tumblingEvent } from '../../support/records.ts';
import type { Faults } from './faults.ts';

/**
 * The event source mappings as the protocol sees them: at-least-once, in order per shard, batches cut anew at
 * every try, a partial batch response, and now and then an invocation that is given up for dead and is not.
 */

interface Shard {
  readonly records: readonly StoredRecord[];
  checkpoint: number;
}

const largestBatch = 6;

export class BatchMapping {
  readonly #shards: Shard[];
  readonly #faults: Faults;
  readonly #invoke: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;
  /** Invocations that were given up and still run. */
  readonly zombies: Promise<unknown>[] = [];

  constructor(
    stream: MemoryStream,
    faults: Faults,
    invoke: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>,
  ) {
    this.#shards = stream.shards.map((records) => ({ records, checkpoint: 0 }));
    this.#faults = faults;
    this.#invoke = invoke;
  }

  get isCaughtUp(): boolean {
    return this.#shards.every(({ records, checkpoint }) => checkpoint === records.length);
  }

  /** One try per shard that has records. */
  deliver(): Promise<unknown>[] {
    return this.#shards
      .filter(({ records, checkpoint }) => checkpoint < records.length)
      .map((shard) => {
        if (this.#faults.fails('time-out of an invocation')) this.zombies.push(this.#try(shard, false));
        return this.#try(shard, true);
      });
  }

  async #try(shard: Shard, counts: boolean): Promise<void> {
    const size = 1 + this.#faults.random.below(largestBatch);
    const batch = shard.records.slice(shard.checkpoint, shard.checkpoint + size);
    const end = shard.checkpoint + batch.length;
    try {
      const { batchItemFailures } = await this.#invoke({ Records: batch.map(lambdaRecord) });
      if (counts) shard.checkpoint = firstFailure(shard, batchItemFailures) ?? end;
    } catch {
      // The batch comes again, cut anew.
    }
  }
}

function firstFailure(
  { records }: Shard,
  failures: KinesisStreamBatchResponse['batchItemFailures'],
): number | undefined {
  const positions = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
  );
  return positions.length === 0 ? undefined : Math.min(...positions);
}

interface WindowShard extends Shard {
  /** Start of the open tumbling window, ms; undefined where none is. */
  windowStart: number | undefined;
  state: unknown;
}

type WindowInvoke = (event: KinesisStreamTumblingWindowEvent) => Promise<{ state: unknown }>;

export interface WindowMappingOptions {
  readonly stream: MemoryStream;
  readonly faults: Faults;
  readonly windowMs: number;
  readonly now: () => number;
  readonly invoke: WindowInvoke;
}

/** Lambda's tumbling window: by arrival, with state, ended early now and then, and late when nothing comes. */
export class WindowMapping {
  readonly #shards: WindowShard[];
  readonly #faults: Faults;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #invoke: WindowInvoke;
  readonly zombies: Promise<unknown>[] = [];
  /** How long an idle window stays open after its end, ms. */
  idleMs = 0;

  constructor({ stream, faults, windowMs, now, invoke }: WindowMappingOptions) {
    this.#shards = stream.shards.map((records) => ({
      records,
      checkpoint: 0,
      windowStart: undefined,
      state: {},
    }));
    this.#faults = faults;
    this.#windowMs = windowMs;
    this.#now = now;
    this.#invoke = invoke;
  }

  get isCaughtUp(): boolean {
    return this.#shards.every(
      ({ records, checkpoint, windowStart }) => checkpoint === records.length && windowStart === undefined,
    );
  }

  deliver(): Promise<unknown>[] {
    return this.#shards.flatMap((shard) => {
      const next = shard.records[shard.checkpoint];
      shard.windowStart ??= next && this.#windowOf(next.arrival);
      if (shard.windowStart === undefined) return [];
      if (this.#faults.fails('time-out of a draw')) this.zombies.push(this.#try(shard, false));
      return [this.#try(shard, true)];
    });
  }

  #windowOf(arrival: number): number {
    return Math.floor(arrival / this.#windowMs) * this.#windowMs;
  }

  async #try(shard: WindowShard, counts: boolean): Promise<void> {
    const start = shard.windowStart ?? 0;
    const inWindow = shard.records
      .slice(shard.checkpoint)
      .filter(({ arrival }) => this.#windowOf(arrival) === start);
    const batch = inWindow.slice(0, this.#faults.random.below(largestBatch + 1));
    const rest = shard.records.length - shard.checkpoint - batch.length;
    const isOver = batch.length === inWindow.length && this.#isOver(start, rest);
    const isEarly = !isOver && this.#faults.fails('window, ended early');
    if (batch.length === 0 && !isOver && !isEarly) return;
    try {
      const { state } = await this.#invoke(
        tumblingEvent(batch.map(lambdaRecord), {
          state: shard.state,
          windowEnd: start + this.#windowMs,
          final: isOver || isEarly,
          early: isEarly,
        }),
      );
      if (!counts) return;
      shard.checkpoint += batch.length;
      shard.state = isOver || isEarly ? {} : structuredClone(state);
      if (isOver || isEarly) shard.windowStart = undefined;
    } catch {
      // The same invocation comes again, perhaps with more or fewer records.
    }
  }

  /** Records of a later window end this one; without any, Lambda waits for them. */
  #isOver(start: number, recordsOfLaterWindows: number): boolean {
    const end = start + this.#windowMs;
    return recordsOfLaterWindows > 0 || this.#now() >= end + this.idleMs;
  }
}

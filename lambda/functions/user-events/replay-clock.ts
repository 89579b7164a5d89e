import type { DecodedBatch } from '../../batch/decode-batch.ts';
import { mapBounded } from '../../batch/map-bounded.ts';
import type { InputRecord } from '../../core/decode.ts';
import type { UserEvent } from '../../core/events.ts';
import { compareSequenceNumbers } from '../../core/ids.ts';
import type { InputShards, Progress, ShardKey, WatermarkReader, WatermarkWriter } from '../../ports/ports.ts';
import { progressOf, shardsInFlight } from '../watermarks.ts';

/** The clock at each record of a batch. */
export type Clocks = ReadonlyMap<InputRecord, number>;

/**
 * The time of a replay: each shard's is the largest timestamp of a click so far, by position in the shard, carried from
 * batch to batch in the shard's watermark. So it is the same whatever crashes, and however the batches are cut.
 */
export class ReplayClock {
  readonly #watermarks: WatermarkReader & WatermarkWriter;
  readonly #shards: InputShards;

  constructor(watermarks: WatermarkReader & WatermarkWriter, shards: InputShards) {
    this.#watermarks = watermarks;
    this.#shards = shards;
  }

  /**
   * Of records that were done before it says nothing of use, and they have their outcomes.
   * @throws when a shard's watermark cannot be read
   */
  async clocksOf(batch: DecodedBatch<UserEvent>): Promise<Clocks> {
    const clocks = new Map<InputRecord, number>();
    const times = timesOf(batch);
    const shards = Map.groupBy(batch.records, ({ source }) => source.shardId);
    await mapBounded(shardsInFlight, [...shards], async ([shardId, records]) => {
      const start = await this.#startOf({ input: 'user', shardId });
      let { clock } = start;
      for (const record of records) {
        const isNew = compareSequenceNumbers(record.source.sequenceNumber, start.position) > 0;
        if (isNew) clock = Math.max(clock, times.get(record) ?? 0);
        clocks.set(record, clock);
      }
    });
    return clocks;
  }

  /**
   * To be told after everything is published.
   * @param done what of the batch is done, in each shard up to the first record that failed
   */
  async advance(done: readonly InputRecord[], clocks: Clocks): Promise<void> {
    await mapBounded(shardsInFlight, progressOf(done), async ({ shardId, progress, last }) => {
      const clock = clocks.get(last) ?? 0;
      await this.#watermarks.advance({ input: 'user', shardId }, { ...progress, clock });
    });
  }

  /** A shard begins where those that it was split or merged from ended: they are read to their ends before. */
  async #startOf(shard: ShardKey): Promise<{ position: string; clock: number }> {
    const [own] = await this.#watermarks.progressOf([shard]);
    if (own !== undefined) return { position: own.position, clock: own.clock ?? 0 };
    const before = await this.#watermarks.progressOf(await this.#shards.ancestors(shard));
    const clocks = before.map((progress: Progress | undefined) => progress?.clock ?? 0);
    return { position: '', clock: Math.max(0, ...clocks) };
  }
}

/** Of clicks and heartbeats. */
function timesOf({ groups, heartbeats }: DecodedBatch<UserEvent>): Clocks {
  const times = new Map<InputRecord, number>();
  for (const group of groups.values())
    for (const { record, event } of group)
      if (event.type === 'UserClickEvent') times.set(record, event.timestamp);
  for (const { record, heartbeat } of heartbeats) times.set(record, heartbeat.time ?? 0);
  return times;
}

import { KinesisPublisher } from '../../lambda/adapters/kinesis-publisher.ts';
import type { OpenDraw } from '../../lambda/core/draw-state.ts';
import { type EntriesRecord, entriesRecordSchema, partialRecord } from '../../lambda/core/entries-records.ts';
import type { FailedBatch } from './failed-batches.ts';
import type { BatchPlan } from './plan.ts';
import type { RedriveResources } from './resources.ts';

/**
 * A batch of the draw function: its partials and ticks, and what its window's state held, go back on the entries
 * stream. They may come any number of times: a draw is made once, of a set of blocks. What is not in a draw that was
 * made meanwhile is refunded by the draw function.
 */
export async function planEntries(batch: FailedBatch, resources: RedriveResources): Promise<BatchPlan> {
  const records = batch.records.flatMap(({ kinesis: { data } }) => {
    const parsed = entriesRecordSchema.safeParse(parseJson(data));
    return parsed.success ? [parsed.data] : [];
  });
  const carried = Object.values(batch.state?.draws ?? {}).flatMap(partialsOf);
  return {
    counts: {
      'to put again': records.length,
      'of its state to put': carried.length,
      unreadable: batch.records.length - records.length,
    },
    // What is on this stream has no outcome of its own.
    replaced: [],
    undecided: [],
    async redrive() {
      const { stream } = batch;
      const { partials = [], ticks = [] } = Object.groupBy(records, ({ type }) =>
        type === 'Tick' ? 'ticks' : 'partials',
      );
      // A tick says that all of its window is before it: put ahead of them, it would have the draw made without them.
      await putEntries(resources, stream, [...carried, ...partials]);
      await putEntries(resources, stream, ticks);
      return [];
    },
  };
}

/** @returns undefined for what is no JSON: the draw function leaves such a record out, too */
function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Puts records on the entries stream, in any order. @throws PublishError when one is not there after all attempts */
export async function putEntries(
  { kinesis, retry }: Pick<RedriveResources, 'kinesis' | 'retry'>,
  stream: string,
  records: readonly EntriesRecord[],
): Promise<void> {
  const publisher = new KinesisPublisher(kinesis, stream, retry);
  await publisher.publish(records.map((value) => ({ partitionKey: value.lotteryId, value })));
}

/** What a window had gathered of a draw when its batch was given up. */
function partialsOf({ blocks, ...draw }: OpenDraw): EntriesRecord[] {
  return blocks.map((block) => partialRecord({ ...draw, block }));
}

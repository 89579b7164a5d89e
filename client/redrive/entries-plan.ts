import { KinesisPublisher } from '../../lambda/adapters/kinesis-publisher.ts';
import {
  type EntriesRecord,
  endingRecord,
  entriesRecordSchema,
  partialRecord,
} from '../../lambda/core/entries-records.ts';
import { streamName } from '../../local/event-source-mapping/arn.ts';
import type { FailedBatch } from './failed-batches.ts';
import type { BatchPlan } from './plan.ts';
import type { RedriveResources } from './resources.ts';

/**
 * A batch of the draw function: its partials and endings, and those of its window's state, go back on the entries
 * stream. A partial may come any number of times, at any time, without changing a winner (docs/decisions/0002); one
 * whose draw was made meanwhile is moved or refunded as any late one.
 */
export async function planEntries(batch: FailedBatch, resources: RedriveResources): Promise<BatchPlan> {
  const records = batch.records.flatMap(({ kinesis: { data } }) => {
    const parsed = entriesRecordSchema.safeParse(parseJson(data));
    return parsed.success ? [parsed.data] : [];
  });
  const carried = recordsOf(batch.state);
  return {
    counts: {
      'to put again': records.length,
      'of its state to put': carried.length,
      unreadable: batch.records.length - records.length,
    },
    // A partial has no outcome of its own.
    replaced: [],
    undecided: [],
    async redrive() {
      await putEntries(resources, streamName(batch.streamArn), [...carried, ...records]);
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

/** Puts records on the entries stream. @throws PublishError when one is not there after all attempts */
export async function putEntries(
  { kinesis, retry }: Pick<RedriveResources, 'kinesis' | 'retry'>,
  stream: string,
  records: readonly EntriesRecord[],
): Promise<void> {
  const publisher = new KinesisPublisher(kinesis, stream, retry);
  await publisher.publish(records.map((value) => ({ partitionKey: value.lotteryId, value })));
}

/** What a window had gathered when its batch was given up, as the records that carry it over. */
function recordsOf(state: FailedBatch['state']): EntriesRecord[] {
  if (state === undefined) return [];
  return [
    ...Object.values(state.draws).map((draw) => partialRecord(draw, draw.since)),
    ...Object.values(state.endings).map((ending) => endingRecord(ending, ending.since)),
  ];
}

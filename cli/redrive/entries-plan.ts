import { entriesRecordSchema } from '../../lambda/core/entries-records.ts';
import { streamName } from '../../local/event-source-mapping/arn.ts';
import type { RedriveClients } from './clients.ts';
import type { FailedBatch } from './failed-batches.ts';
import type { BatchPlan } from './plan.ts';
import { putEntries, recordsOf } from './put-records.ts';

/**
 * A batch of the draw function: its partials and endings, and those of its window's state, go back on the entries
 * stream. A partial may come any number of times, at any time, without changing a winner (docs/decisions/0002); one
 * whose draw was made meanwhile is moved or refunded as any late one.
 */
export async function planEntries(batch: FailedBatch, { kinesis }: RedriveClients): Promise<BatchPlan> {
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
    undecided: [],
    async redrive() {
      await putEntries(kinesis, streamName(batch.streamArn), [...carried, ...records]);
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

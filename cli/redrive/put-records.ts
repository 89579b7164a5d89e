import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { KinesisPublisher } from '../../lambda/adapters/kinesis-publisher.ts';
import { type EntriesRecord, endingRecord, partialRecord } from '../../lambda/core/entries-records.ts';
import type { FailedBatch } from './failed-batches.ts';

/** Puts records on the entries stream. @throws PublishError when one is not there after all attempts */
export async function putEntries(
  kinesis: KinesisClient,
  stream: string,
  records: readonly EntriesRecord[],
): Promise<void> {
  const publisher = new KinesisPublisher(kinesis, stream);
  await publisher.publish(records.map((value) => ({ partitionKey: value.lotteryId, value })));
}

/** What a window had gathered when its batch was given up, as the records that carry it over. */
export function recordsOf(state: FailedBatch['state']): EntriesRecord[] {
  if (state === undefined) return [];
  return [
    ...Object.values(state.draws).map((draw) => partialRecord(draw, draw.since)),
    ...Object.values(state.endings).map((ending) => endingRecord(ending, ending.since)),
  ];
}

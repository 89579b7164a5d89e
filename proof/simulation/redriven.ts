import { type FailedBatch, FailedBatches } from '../../client/redrive/failed-batches.ts';
import type { RedriveResources } from '../../client/redrive/resources.ts';
import { BucketBlocks } from '../../lambda/adapters/content-bucket.ts';
import { readEnvironment } from '../../lambda/contract/variables.ts';
import { objectOf } from '../../lambda/core/block.ts';
import { entriesRecordSchema } from '../../lambda/core/entries-records.ts';
import { eventsIn, idOf } from '../oracle/aggregates.ts';
import type { InputRecord } from '../oracle/streams.ts';

/**
 * Records of user-events-input whose entries may come after their draw, since they lie in a batch that was given up:
 * themselves, or in a block that a batch of the draw function names.
 * @param bucket of the failed batches
 */
export async function redrivenIn(
  bucket: string,
  { s3, functions }: RedriveResources,
): Promise<ReadonlySet<string>> {
  const batches = new FailedBatches(s3, bucket);
  const redriven = new Set<string>();
  for (const key of await batches.keys()) {
    const { functionName, records, topicRecords = [], state } = await batches.read(key);
    if (functionName.endsWith('-user-events')) {
      for (const event of records.flatMap(eventsOf)) redriven.add(idOf(event));
      for (const { topic, partition, offset } of topicRecords)
        redriven.add(idOf({ shardId: `${topic}-${partition}`, sequenceNumber: String(offset) }));
    }
    if (!functionName.endsWith('-draw')) continue;
    const { DRAWS_BUCKET } = readEnvironment('draw', await functions.variablesOf(functionName));
    const named = records.flatMap(({ kinesis }) => {
      const record = entriesRecordSchema.parse(JSON.parse(Buffer.from(kinesis.data, 'base64').toString()));
      return record.type === 'PartialDraw' ? [record.block] : [];
    });
    const open = Object.values(state?.draws ?? {}).flatMap(({ blocks }) => blocks);
    const objects = new Set([...named, ...open].map(objectOf));
    const blocks = await new BucketBlocks(s3, DRAWS_BUCKET).read([...objects]);
    for (const block of blocks.values())
      for (const [entryId] of Object.values(block).flat()) redriven.add(entryId);
  }
  return redriven;
}

function eventsOf({ eventID, kinesis }: FailedBatch['records'][number]): readonly InputRecord[] {
  const { sequenceNumber, partitionKey, data } = kinesis;
  const [shardId = ''] = eventID.split(':');
  return eventsIn({
    ...{ shardId, sequenceNumber, partitionKey, arrival: 0 },
    data: Buffer.from(data, 'base64'),
  });
}

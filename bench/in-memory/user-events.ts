import type { KinesisStreamEvent } from 'aws-lambda';
import { batchFunction } from '../../lambda/batch/batch-function.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import { userEventsWorld } from './ports.ts';
import { MemoryUsers } from './users.ts';

/** All of the user-events function, with receipts and the JSON of its outputs, on users in memory. */

let now = 0;
const world = userEventsWorld(new MemoryUsers(Number(process.env.BENCH_USERS)), () => now);

export const handler = batchFunction(kinesisSource, (records) => {
  now = records.at(-1)?.arrival ?? now;
  return processUserEvents(records, world);
}) satisfies (event: KinesisStreamEvent) => Promise<object>;

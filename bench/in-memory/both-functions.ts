import type { KinesisStreamEvent } from 'aws-lambda';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { tickRecord } from '../../lambda/core/entries-records.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import type { StreamRecord } from '../../lambda/ports/ports.ts';
import { kinesisRecord, windowEvent } from '../payloads/records.ts';
import { drawWorld, JsonPublisher, marginMs, run, userEventsWorld } from './ports.ts';
import { MemoryUsers } from './users.ts';

/**
 * The user-events function and the draw function behind it, on stores in memory: each click from its record to the sheet of its
 * draw, which is closed and made from its blocks once its window is complete.
 */

let now = 0;
const blocks = new Map<string, string>();
const entries: StreamRecord[] = [];
const lotteryOutputs = new JsonPublisher();
const draw = { ...drawWorld(() => now, blocks), lotteryOutputs };
const world = {
  ...userEventsWorld(new MemoryUsers(Number(process.env.BENCH_USERS)), () => now),
  blocks: {
    async put(name: string, text: string) {
      blocks.set(name, text);
    },
  },
  entries: {
    async publish(records: readonly StreamRecord[]) {
      entries.push(...records);
    },
  },
};
let state = {};
let position = 0;
/** The latest window that has had its tick; at first the one before the first click. */
let drawn: number | undefined;

export async function handler(event: KinesisStreamEvent): Promise<{ batchItemFailures: [] }> {
  const records = kinesisSource.records(event);
  now = records.at(-1)?.arrival ?? now;
  const failed = await processUserEvents(records, world);
  if (failed.length > 0) throw new Error('A click of the benchmark failed');
  const complete = windowStartOf(now - run.graceMs - marginMs - 1, run.windowMs) - run.windowMs;
  drawn ??= windowStartOf(records[0]?.arrival ?? now, run.windowMs) - run.windowMs;
  const isDue = complete > drawn;
  if (isDue) drawn = complete;
  const tick = { partitionKey: run.lotteryId, value: tickRecord({ ...run, windowStart: complete }) };
  const published = lotteryOutputs.records;
  await drawFrom(isDue ? [...entries, tick] : entries);
  entries.length = 0;
  if (isDue) {
    if (lotteryOutputs.records < published + 2) throw new Error('No window was closed and drawn');
    // What was drawn is read no more; the blocks of the window that is open are.
    forgetDrawn();
  }
  return { batchItemFailures: [] };
}

/** One invocation of the draw function: its event and its state are text in between, as on Lambda. */
async function drawFrom(records: readonly StreamRecord[]): Promise<void> {
  const batch = records.map(({ partitionKey, value }) => {
    position += 1;
    return kinesisRecord({ position, partitionKey, value, arrival: now });
  });
  const event = windowEvent(batch, state, windowStartOf(now, run.windowMs) + run.windowMs);
  const response = await processEntries(JSON.parse(JSON.stringify(event)), draw);
  state = JSON.parse(JSON.stringify(response.state));
}

function forgetDrawn(): void {
  const open = JSON.stringify(state);
  for (const name of blocks.keys()) if (!open.includes(name)) blocks.delete(name);
}

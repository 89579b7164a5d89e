import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import { clickBatch } from '../events.ts';
import { CountingPublisher, userEventsWorld } from '../memory-ports.ts';
import type { Row } from '../table.ts';
import { clickingUser } from '../users.ts';

const clicks = 1_000_000;
const batchSize = 1_000;
const users = 1_000;
/** All shards together. */
const clicksPerSecond = 20_000;

/** How many partial draws a million clicks on one lottery become: windows and batches decide, not clicks. */
export async function entries(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const shards of [1, 16, 64]) {
    const value = (await partialsOf(shards)) * (1_000_000 / clicks);
    rows.push({
      name: `${shards} ${shards === 1 ? 'shard' : 'shards'}`,
      unit: 'entries records per million clicks',
      value,
      atMost: 2_500,
    });
  }
  return rows;
}

/** The shards' batches, with the clicks spread evenly over them; a window's border cuts each shard's once. */
async function partialsOf(shards: number): Promise<number> {
  const start = 1_700_000_003_337;
  const timeOf = (n: number) => start + Math.floor((n * 1_000 * shards) / clicksPerSecond);
  let records = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    const world = userEventsWorld(clickingUser, () => start);
    const published = new CountingPublisher();
    for (let first = 0; first < clicks / shards; first += batchSize) {
      const count = Math.min(batchSize, clicks / shards - first);
      const event = clickBatch({ first, clicks: count, userOf: (n) => n % users, timeOf });
      await processUserEvents(kinesisSource.records(event), { ...world, entries: published });
    }
    records += published.records;
  }
  return records;
}

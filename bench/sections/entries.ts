import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import type { Effort } from '../effort.ts';
import { JsonPublisher, userEventsWorld } from '../in-memory/ports.ts';
import { MemoryUsers } from '../in-memory/users.ts';
import { clickBatch } from '../payloads/records.ts';
import type { Row } from '../table.ts';

const batchSize = 1_000;
const users = 1_000;
/** All shards together. */
const clicksPerSecond = 20_000;

/** How many partial draws a million clicks on one lottery become: windows and batches decide, not clicks. */
export async function entries(effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  const clicks = effort.of(256_000, 6_400);
  for (const shards of [1, 64]) {
    const value = (await partialsOf(shards, clicks)) * (1_000_000 / clicks);
    rows.push({
      name: `${shards} ${shards === 1 ? 'shard' : 'shards'}`,
      unit: 'entries records per million clicks',
      value,
      atMost: 2_500,
      note: `full batches; one a second and shard, as Lambda polls, would be ${perMillionClicks(shards)} at this rate`,
    });
  }
  return rows;
}

/** With one batch a second. */
function perMillionClicks(shards: number): string {
  return ((shards * 1_000_000) / clicksPerSecond).toLocaleString('en-US');
}

/** The shards' batches, with the clicks spread evenly over them; a window's border cuts each shard's once. */
async function partialsOf(shards: number, clicks: number): Promise<number> {
  const start = 1_700_000_003_337;
  const timeOf = (n: number) => start + Math.floor((n * 1_000 * shards) / clicksPerSecond);
  let records = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    const world = userEventsWorld(new MemoryUsers(users), () => start);
    const published = new JsonPublisher();
    for (let first = 0; first < clicks / shards; first += batchSize) {
      const count = Math.min(batchSize, clicks / shards - first);
      const event = clickBatch({
        first,
        clicks: count,
        userOf: (n) => n % users,
        lotteryOf: () => 1,
        timeOf,
      });
      await processUserEvents(kinesisSource.records(event), { ...world, entries: published });
    }
    records += published.records;
  }
  return records;
}

import { describe, expect, test } from 'vitest';
import { decodeBatch } from '../../../lambda/batch/decode-batch.ts';
import { decodeUserRecord } from '../../../lambda/core/decode.ts';
import { processArchive } from '../../../lambda/functions/archive/process.ts';
import { processLive } from '../../../lambda/functions/live/process.ts';
import { ReplayClock } from '../../../lambda/functions/user-events/replay-clock.ts';
import { Watermarks } from '../../../lambda/functions/watermarks.ts';
import { MemoryInputs, MemoryWatermarks } from '../../support/fakes/memory-inputs.ts';
import { startedEvent } from '../../support/live-events.ts';
import { accepted, liveWorld } from '../../support/live-world.ts';
import { sequenceNumber, sourceRecordOf } from '../../support/records.ts';

/** An invocation may have records of several shards: what is kept by shard is kept for each of them. */

const click = (timestamp: number) => ({ type: 'UserClickEvent', timestamp, userId: 1, lotteryId: 1 });
const at = (shard: string, n: number, content: object, arrival = 0) => ({
  ...sourceRecordOf(n, content, { shard, arrival }),
  stream: 'output',
});

describe('of a batch with records of two shards', () => {
  test('each watermark goes up to the last arrival of its own', async () => {
    const store = new MemoryWatermarks();
    const timing = { windowMs: 10, graceMs: 0 };
    const watermarks = new Watermarks('user', store, { timing, marginMs: 0 });
    await watermarks.advance([at('a', 1, {}, 100), at('b', 9, {}, 500), at('a', 2, {}, 200)], false);
    expect(Object.fromEntries(store.shards)).toEqual({
      'user/a': { position: sequenceNumber(2), watermark: 200 },
      'user/b': { position: sequenceNumber(9), watermark: 500 },
    });
  });

  test("each clock of a replay is its own shard's, from where that one was", async () => {
    const store = new MemoryWatermarks();
    await store.advance(
      { input: 'user', shardId: 'b' },
      { position: sequenceNumber(8), watermark: 0, clock: 70 },
    );
    const clock = new ReplayClock(store, new MemoryInputs());
    const records = [at('a', 1, click(500)), at('b', 9, click(60)), at('a', 2, click(400))];
    const batch = decodeBatch(records, decodeUserRecord, ({ userId }) => userId);
    const clocks = await clock.clocksOf(batch);
    expect(records.map((record) => clocks.get(record))).toEqual([500, 70, 500]);
    await clock.advance(records, clocks);
    expect([...store.shards].map(([key, progress]) => [key, progress.clock])).toEqual([
      ['user/b', 70],
      ['user/a', 500],
    ]);
  });

  test('the archive has an object of each', async () => {
    const keys: string[] = [];
    const archive = { put: async (key: string) => void keys.push(key) };
    const streams = { user: 'output', lottery: 'other' };
    await processArchive([at('a', 1, {}), at('b', 9, {}), at('a', 2, {})], { archive, streams });
    expect(keys).toEqual([
      `archive/user/1970-01-01/a/${sequenceNumber(1)}-${sequenceNumber(2)}.jsonl.gz`,
      `archive/user/1970-01-01/b/${sequenceNumber(9)}-${sequenceNumber(9)}.jsonl.gz`,
    ]);
  });

  test('the live view counts the records of each, once', async () => {
    const world = liveWorld();
    await processLive([at('a', 1, startedEvent('promo'))], world);
    const both = [
      at('a', 2, accepted('promo')),
      at('b', 1, accepted('promo')),
      at('a', 3, accepted('promo')),
    ];
    await processLive(both, world);
    await processLive(both, world);
    const [snapshot = ''] = [...world.page.snapshots.values()].filter((json) => json.includes('"windows"'));
    expect(JSON.parse(snapshot).windows[0]).toMatchObject({ entries: 3 });
  });
});

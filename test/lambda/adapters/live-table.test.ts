import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoTable } from '../../../lambda/adapters/dynamo-table.ts';
import { LiveListTable } from '../../../lambda/adapters/live-list-table.ts';
import { LiveTable } from '../../../lambda/adapters/live-table.ts';
import { channelOf } from '../../../lambda/core/live-channel.ts';
import { emptyPart } from '../../../lambda/core/live-part.ts';
import type { LiveSummary } from '../../../lambda/core/live-view.ts';
import { createTable, type DynamoEngine, dynaliteEngine } from '../../support/dynamo-engine.ts';
import { sequenceNumber } from '../../support/records.ts';

let engine: DynamoEngine;
let live: LiveTable;
let list: LiveListTable;

beforeAll(async () => {
  engine = await dynaliteEngine();
});

afterAll(() => engine.stop());

beforeEach(async () => {
  const table = new DynamoTable(engine.client, await createTable(engine.client, { lottery: 'S', part: 'S' }));
  live = new LiveTable(table, () => 1_000);
  list = new LiveListTable(table, () => 1_000);
});

const channel = channelOf('promo');
const stored = (n: number) => ({ position: sequenceNumber(n), part: { ...emptyPart, counts: { 10000: n } } });
const write = (n: number, before?: number, shard = 'users/shard-1') =>
  live.replace({
    ...{ channel, lotteryId: 'promo', shard, next: stored(n), now: 1_000 },
    before: before === undefined ? undefined : stored(before),
  });

describe('what a shard has said', () => {
  it('is replaced where it is still what was read, and else left', async () => {
    expect(await write(3)).toBe(true);
    expect(await write(4)).toBe(false);
    expect(await write(5, 3)).toBe(true);
    expect(await write(6, 3)).toBe(false);
    const found = await live.load([channel, channelOf('other')], 'users/shard-1');
    expect([...found]).toEqual([[channel, { isKnown: false, stored: stored(5) }]]);
  });

  it('is read of all shards together, and of no other lottery', async () => {
    await write(1);
    await write(2, undefined, 'users/shard-2');
    await live.begin(channel, await live.of(channel), 5);
    expect(await live.partsOf(channel)).toEqual({
      lotteryId: 'promo',
      parts: [stored(1).part, stored(2).part],
    });
    expect(await live.partsOf(channelOf('other'))).toBeUndefined();
    expect((await live.load([channel], 'users/shard-3')).get(channel)).toEqual({ isKnown: true });
  });
});

describe('a publication', () => {
  const done = { version: 1, publishedAt: 7, isDone: true, digest: 'd' };

  it('is begun by one of two, and ended by whoever began it last', async () => {
    const nothing = await live.of(channel);
    expect(await live.begin(channel, nothing, 5)).toBe(true);
    expect(await live.begin(channel, nothing, 5)).toBe(false);
    expect(await live.of(channel)).toEqual({ version: 1, publishedAt: 5, isDone: false, digest: '' });
    expect(await live.end(channel, done)).toBe(true);
    expect(await live.of(channel)).toEqual(done);
    expect(await live.begin(channel, done, 600)).toBe(true);
    expect(await live.end(channel, done)).toBe(false);
  });
});

describe('the list', () => {
  const summary: LiveSummary = { lotteryId: 'promo', channel, run: 1, state: 'open', entries: 3, winners: 0 };

  it('keeps the line of the highest version, and lets go of one that is as old as it was read', async () => {
    await list.put({ summary, activeAt: 10 }, 2);
    await list.put({ summary: { ...summary, entries: 1 }, activeAt: 9 }, 1);
    expect(await list.all()).toEqual([{ summary, activeAt: 10 }]);
    await list.remove({ summary, activeAt: 9 });
    expect(await list.all()).toHaveLength(1);
    await list.remove({ summary, activeAt: 10 });
    expect(await list.all()).toEqual([]);
  });
});

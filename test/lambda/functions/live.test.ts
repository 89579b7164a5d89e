import { describe, expect, it } from 'vitest';
import { intervalMs, publishingMs } from '../../../lambda/contract/live.ts';
import { channelOf } from '../../../lambda/core/live-channel.ts';
import type { LiveIndex, LiveView } from '../../../lambda/core/live-view.ts';
import { processLive } from '../../../lambda/functions/live/process.ts';
import type { LiveList } from '../../../lambda/ports/live.ts';
import { closedEvent, endedEvent, startedEvent, winnerEventOf } from '../../support/live-events.ts';
import { accepted, type LiveWorld, liveWorld, outputBatch, rejected } from '../../support/live-world.ts';

const lottery = 'promo';
const channel = channelOf(lottery);

const viewOf = ({ page }: LiveWorld, id = lottery): LiveView =>
  JSON.parse(page.snapshots.get(channelOf(id)) ?? 'null');
const listOf = ({ page }: LiveWorld): LiveIndex => JSON.parse(page.snapshots.get('index') ?? 'null');

const start = () => outputBatch('lottery', [startedEvent(lottery)]);
const clicks = (count: number, first = 1, shard?: string) =>
  outputBatch(
    'user',
    Array.from({ length: count }, () => accepted(lottery)),
    { first, ...(shard && { shard }) },
  );

describe('what the page shows', () => {
  it('is a run, its entries, its draws and its winners, in a snapshot and a message alike', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await processLive(clicks(3), world);
    await processLive(
      outputBatch('lottery', [closedEvent(lottery), winnerEventOf(lottery, { entries: 2 })], { first: 2 }),
      world,
    );
    const view = viewOf(world);
    expect(view).toMatchObject({
      lotteryId: lottery,
      run: 1,
      state: 'open',
      randomness: 'drand',
      version: 3,
    });
    expect(view.windows).toEqual([
      expect.objectContaining({
        ...{ windowStart: 10_000, entries: 2, isExact: true, state: 'drawn', blocks: 1, round: 7 },
        winner: expect.objectContaining({ userId: 7, prize: 'car' }),
      }),
    ]);
    expect(view.history).toEqual({ firstWindowStart: 10_000, entries: [2] });
    const messages = world.page.messages.filter(({ name }) => name === channel);
    expect(messages.at(-1)?.json).toBe(world.page.snapshots.get(channel));
    expect(listOf(world).lotteries).toEqual([
      { lotteryId: lottery, channel, run: 1, state: 'open', windowStart: 10_000, entries: 2, winners: 1 },
    ]);
  });

  it('has what was rejected by reason, and the seed once the run has ended', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await processLive(
      outputBatch('user', [rejected(lottery, 'NO_COUPON'), rejected(lottery, 'NO_COUPON')]),
      world,
    );
    await processLive(outputBatch('lottery', [endedEvent(lottery)], { first: 2 }), world);
    expect(viewOf(world)).toMatchObject({
      state: 'ended',
      seed: 'ab'.repeat(32),
      rejected: { NO_COUPON: 2 },
    });
  });

  it('has nothing of lotteries that never were, however often somebody names them', async () => {
    const world = liveWorld();
    const forged = Array.from({ length: 50 }, (_, index) => rejected(`x${index}`, 'LOTTERY_INACTIVE'));
    await processLive(outputBatch('user', forged), world);
    expect(world.live.shards.size).toBe(0);
    expect(world.page.messages).toEqual([]);
  });

  it('does without what it cannot read', async () => {
    const world = liveWorld();
    const odd = ['', '{', '[]', '7', 'null', '{"type":"ClickAcceptedEvent"}', Buffer.from([0xff, 0xfe])];
    await processLive(start(), world);
    await processLive(
      outputBatch('user', [...odd, { type: 'CouponsGrantedEvent' }, accepted(lottery)]),
      world,
    );
    expect(viewOf(world).windows.map(({ entries }) => entries)).toEqual([1]);
  });

  it.each(
    ['a'.repeat(128), '', '/../index', '__proto__', 'é\u0000"\\', '1@10000#2', '🎲'.repeat(64)].filter(
      (id) => id !== '',
    ),
  )('takes any id: %j', async (id) => {
    const world = liveWorld();
    await processLive(outputBatch('lottery', [startedEvent(id)]), world);
    await processLive(outputBatch('user', [accepted(id), rejected(id, 'NO_COUPON')]), world);
    expect(viewOf(world, id)).toMatchObject({ lotteryId: id, rejected: { NO_COUPON: 1 } });
    expect(viewOf(world, id).windows.map(({ entries }) => entries)).toEqual([1]);
    for (const { name } of world.page.messages) expect(name).toMatch(/^(?:[0-9a-f]{32}|index)$/);
  });
});

describe('a batch that comes again', () => {
  it('counts once, in whatever cuts', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await processLive(clicks(3), world);
    await processLive(clicks(5), world);
    await processLive(clicks(2, 2), world);
    await processLive(clicks(4, 4), world);
    expect(viewOf(world).windows.map(({ entries }) => entries)).toEqual([7]);
  });

  it('is published if its first delivery died, wherever that was, and nothing comes after it', async () => {
    const journal = await journalOf(async (world) => processLive(clicks(3), world));
    expect(journal.length).toBeGreaterThan(9);
    for (let at = 1; at <= journal.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = liveWorld();
        await processLive(start(), world);
        world.effects.dieAt({ at, when });
        await expect(processLive(clicks(3), world)).rejects.toThrow('Died');
        world.effects.dieAt(undefined);
        await processLive(clicks(3), world);
        const place = `${when} ${journal[at - 1]}`;
        expect(
          viewOf(world).windows.map(({ entries }) => entries),
          place,
        ).toEqual([3]);
        expect(lastMessage(world, channel), place).toBe(world.page.snapshots.get(channel));
        expect(
          listOf(world).lotteries.map(({ entries }) => entries),
          place,
        ).toEqual([3]);
        expect(lastMessage(world, 'index'), place).toBe(world.page.snapshots.get('index'));
      }
    }
  });

  it('sends no message where everything was published', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await processLive(clicks(3), world);
    const sent = world.page.messages.length;
    await processLive(clicks(3), world);
    expect(world.page.messages.length).toBe(sent);
  });
});

describe('two shards at once', () => {
  it('are both in the view, and its versions never go back', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await Promise.all([
      processLive(clicks(3, 1, 'shardId-000000000000'), world),
      processLive(clicks(4, 1, 'shardId-000000000001'), world),
    ]);
    expect(viewOf(world).windows.map(({ entries }) => entries)).toEqual([7]);
    const versions = world.page.messages
      .filter(({ name }) => name === channel)
      .map(({ json }) => JSON.parse(json).version);
    expect(versions).toEqual(versions.toSorted((left, right) => left - right));
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('publish again what a slow one may have overwritten', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    await processLive(clicks(1), world);
    // The first one sleeps before its snapshot for longer than anybody waits.
    let isFirst = true;
    world.effects.meanwhile = async (step) => {
      if (step !== `snapshot ${channel}` || !isFirst) return;
      isFirst = false;
      world.clock.pass(11_000);
      await processLive(clicks(2, 2, 'shardId-000000000001'), world);
    };
    await processLive(clicks(1, 2), world);
    expect(viewOf(world).windows.map(({ entries }) => entries)).toEqual([4]);
    expect(lastMessage(world, channel)).toBe(world.page.snapshots.get(channel));
  });
});

describe('messages', () => {
  it('are at most two a second and lottery, under 10,000 clicks a second', async () => {
    const world = liveWorld();
    await processLive(start(), world);
    const seconds = 3;
    const shards = 10;
    const until = world.clock.now() + 1_000 * seconds;
    await Promise.all(
      Array.from({ length: shards }, async (_, index) => {
        const shard = `shardId-${String(index).padStart(12, '0')}`;
        // What came while the batch before was published, as Lambda does it: 1,000 a second and shard.
        for (let first = 1, last = world.clock.now(); world.clock.now() < until; ) {
          await world.clock.sleep(50);
          const count = Math.min(1_000, Math.max(1, Math.round(world.clock.now() - last)));
          last = world.clock.now();
          await processLive(clicks(count, first, shard), world);
          first += count;
        }
      }),
    );
    for (const name of [channel, 'index']) {
      const times = world.page.messages.filter((message) => message.name === name).map(({ at }) => at);
      expect(times.length).toBeGreaterThan(seconds);
      for (const [index, at] of times.entries()) {
        const before = times[index - 1];
        if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(intervalMs);
      }
    }
    expect(viewOf(world).windows.at(-1)?.entries).toBeGreaterThan(8_000 * seconds);
  });

  it('of many lotteries in a batch wait for no other', async () => {
    const world = liveWorld();
    const ids = Array.from({ length: 300 }, (_, index) => index);
    await processLive(
      outputBatch(
        'lottery',
        ids.map((id) => startedEvent(id)),
      ),
      world,
    );
    const before = world.clock.now();
    await processLive(
      outputBatch(
        'user',
        ids.map((id) => accepted(id)),
      ),
      world,
    );
    // Each had been published at once just before: all waited together.
    expect(world.clock.now() - before).toBeLessThan(3 * intervalMs);
    expect(world.mostInFlight()).toBeLessThanOrEqual(16);
    expect(listOf(world).lotteries).toHaveLength(300);
  });
});

describe('the list', () => {
  it('is published in time, however many lotteries there are, and those it has no room for go', async () => {
    const world = liveWorld();
    for (let id = 0; id < 3_000; id += 1) {
      const summary = {
        lotteryId: id,
        channel: channelOf(`${id}`),
        run: 1,
        state: 'open' as const,
        entries: 1,
        winners: 0,
      };
      world.live.lines.set(summary.channel, { summary, activeAt: id, version: 1 });
    }
    const list: LiveList = {
      put: (line, version) => world.live.put(line, version),
      all: () => world.live.all(),
      async remove(line) {
        await world.clock.sleep(5);
        await world.live.remove(line);
      },
    };
    const before = world.clock.now();
    for (const first of [1, 2, 3]) {
      await processLive(outputBatch('lottery', [startedEvent(lottery, { run: first })], { first }), {
        ...world,
        list,
      });
      expect(listOf(world).lotteries).toHaveLength(500);
    }
    // Three publications of each, and removals: less than one claim of the list holds.
    expect(world.clock.now() - before).toBeLessThan(publishingMs);
    expect(world.live.lines.size).toBe(500);
  });
});

async function journalOf(work: (world: LiveWorld) => Promise<unknown>): Promise<readonly string[]> {
  const world = liveWorld();
  await processLive(start(), world);
  const before = world.effects.journal.length;
  await work(world);
  return world.effects.journal.slice(before);
}

function lastMessage({ page }: LiveWorld, name: string): string | undefined {
  return page.messages.findLast((message) => message.name === name)?.json;
}

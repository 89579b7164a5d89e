import { describe, expect, it } from 'vitest';
import { channelOf } from '../../../lambda/core/live-channel.ts';
import type { LotteryRun } from '../../../lambda/core/lottery.ts';
import { runKey } from '../../../lambda/core/window.ts';
import { processLive } from '../../../lambda/functions/live/process.ts';
import { closedEvent, startedEvent, winnerEventOf } from '../../support/live-events.ts';
import { accepted, type LiveWorld, liveWorld, outputBatch, rejected } from '../../support/live-world.ts';

const lottery = 'promo';

function runIn(world: LiveWorld, more: Partial<LotteryRun> = {}): void {
  const run: LotteryRun = {
    ...{ lotteryId: lottery, run: 1, status: 'active', windowMs: 10_000, graceMs: 2_000 },
    ...{ seedCommitment: 'a'.repeat(64), receiptKey: 'key', firstWindowStart: 0, ...more },
  };
  world.stored.set(runKey(run), run);
}

const viewOf = ({ page }: LiveWorld, id = lottery) => JSON.parse(page.snapshots.get(channelOf(id)) ?? 'null');
const clicks = (count: number, first = 1, run = 1) =>
  outputBatch(
    'user',
    Array.from({ length: count }, () => accepted(lottery, { run })),
    { first },
  );

describe('a run whose start is on no stream any more', () => {
  it('is shown from the first that comes of it, with all that its start would have said', async () => {
    const world = liveWorld();
    const beacon = {
      ...{ chainHash: 'b'.repeat(64), publicKey: 'c'.repeat(192), genesisSeconds: 0, periodSeconds: 3 },
    };
    runIn(world, { prizes: ['car', 'bike'], firstWindowStart: 10_000, lastWindowStart: 20_000, beacon });
    await processLive(clicks(3), world);
    const other = liveWorld();
    await processLive(
      outputBatch('lottery', [startedEvent(lottery, { prizes: ['car', 'bike'], beacon })]),
      other,
    );
    await processLive(clicks(3), other);
    const { version: _, at: __, ...learnt } = viewOf(world);
    const { version: ___, at: ____, ...told } = viewOf(other);
    expect(learnt).toEqual(told);
    expect(learnt.windows.map(({ entries }: { entries: number }) => entries)).toEqual([3]);
    expect(JSON.parse(world.page.snapshots.get('index') ?? '').lotteries).toHaveLength(1);
  });

  it('is shown by its draws as by its clicks, and goes on with what comes', async () => {
    const world = liveWorld();
    runIn(world);
    await processLive(outputBatch('lottery', [closedEvent(lottery), winnerEventOf(lottery)]), world);
    await processLive(clicks(2), world);
    expect(viewOf(world).windows).toEqual([expect.objectContaining({ state: 'drawn', entries: 1 })]);
    const stop = { type: 'LotteryStoppedEvent', lotteryId: lottery, run: 1, lastWindowStart: 20_000 };
    await processLive(outputBatch('lottery', [stop], { first: 3 }), world);
    expect(viewOf(world).lastWindowStart).toBe(20_000);
  });

  it('has the end that a stop set before', async () => {
    const world = liveWorld();
    runIn(world, { status: 'stopped', lastWindowStart: 10_000 });
    await processLive(clicks(1), world);
    expect(viewOf(world).lastWindowStart).toBe(10_000);
  });

  it('takes the place of the run before, which the page had', async () => {
    const world = liveWorld();
    await processLive(outputBatch('lottery', [startedEvent(lottery)]), world);
    runIn(world, { run: 2, firstWindowStart: 10_000 });
    await processLive(clicks(4, 1, 2), world);
    expect(viewOf(world)).toMatchObject({ run: 2, windows: [{ entries: 4 }] });
    runIn(world, { run: 3, firstWindowStart: 10_000 });
    await processLive(clicks(5, 5, 3), world);
    expect(viewOf(world)).toMatchObject({ run: 3, windows: [{ entries: 5 }] });
  });

  it('is looked up once, all of a batch together, and never for what is known or only rejected', async () => {
    const world = liveWorld();
    const ids = Array.from({ length: 40 }, (_, index) => `lottery ${index}`);
    for (const lotteryId of ids) runIn(world, { lotteryId });
    const all = outputBatch(
      'user',
      ids.map((id) => accepted(id)),
    );
    await processLive(all, world);
    await processLive(
      outputBatch(
        'user',
        ids.map((id) => accepted(id)),
        { first: 41 },
      ),
      world,
    );
    await processLive(outputBatch('lottery', [startedEvent(lottery)]), world);
    await processLive(clicks(1, 81), world);
    await processLive(outputBatch('user', [rejected('nobody', 'LOTTERY_INACTIVE')], { first: 82 }), world);
    expect(world.looks).toEqual([40]);
    expect(viewOf(world, 'lottery 39').windows).toEqual([expect.objectContaining({ entries: 2 })]);
  });

  it('that is not in the table either is shown as soon as its start comes', async () => {
    const world = liveWorld();
    await processLive(clicks(2), world);
    expect(viewOf(world)).toBeNull();
    await processLive(outputBatch('lottery', [startedEvent(lottery)]), world);
    expect(viewOf(world).windows).toEqual([expect.objectContaining({ entries: 2 })]);
  });

  it('is learnt if the first delivery died, wherever that was, and nothing comes after it', async () => {
    const whole = liveWorld();
    runIn(whole);
    await processLive(clicks(3), whole);
    const { journal } = whole.effects;
    expect(journal.length).toBeGreaterThan(9);
    for (let at = 1; at <= journal.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = liveWorld();
        runIn(world);
        world.effects.dieAt({ at, when });
        await expect(processLive(clicks(3), world)).rejects.toThrow('Died');
        world.effects.dieAt(undefined);
        await processLive(clicks(3), world);
        const place = `${when} ${journal[at - 1]}`;
        expect(viewOf(world)?.windows, place).toEqual([expect.objectContaining({ entries: 3 })]);
      }
    }
  });

  it('that two shards learn at once is learnt once', async () => {
    const world = liveWorld();
    runIn(world);
    const of = (shard: string) => outputBatch('user', [accepted(lottery)], { shard });
    await Promise.all(
      ['shardId-000000000000', 'shardId-000000000001'].map((one) => processLive(of(one), world)),
    );
    expect(viewOf(world).windows).toEqual([expect.objectContaining({ entries: 2 })]);
  });
});

describe('a message that is refused', () => {
  it('is counted each time, and fails the batch', async () => {
    const world = liveWorld();
    runIn(world);
    const refusing = { ...world, messages: { publish: () => Promise.reject(new Error('429')) } };
    await expect(processLive(clicks(1), refusing)).rejects.toThrow('429');
    expect(world.counted).toEqual(['publicationsRefused']);
    world.clock.pass(20_000);
    await expect(processLive(clicks(1), refusing)).rejects.toThrow('429');
    expect(world.counted).toHaveLength(2);
  });
});

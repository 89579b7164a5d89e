import { hash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { roundOf, timeOfRound } from '../../../lambda/core/beacon.ts';
import { blockRef, objectOf } from '../../../lambda/core/block.ts';
import type { DrawState } from '../../../lambda/core/draw-state.ts';
import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import { windowSeed } from '../../../lambda/core/fairness.ts';
import { activeRun, graceMs, seed, windowMs } from '../../support/events.ts';
import { signatureOfRound } from '../../support/fakes/memory-beacon.ts';
import { dueAtOf, partialWith, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

/** Draws that wait for a round of a beacon: closed at a tick, made at a later one. */

const windowStart = 1_800_000_000_000;
const drawId = `1@${windowStart}`;
const arrival = dueAtOf(windowStart) + 1_000;
const round = roundOf(quicknet, windowStart + windowMs + graceMs, arrival);
const roundAt = timeOfRound(quicknet, round);
const run = (fields = {}) => activeRun({ beacon: quicknet, ...fields });

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(run());
  pipeline.now = arrival;
});

const partial = (entries: readonly number[], fields: Parameters<typeof partialWith>[2] = {}) =>
  partialWith(pipeline.blocks, entries, { windowStart, ...fields });
const tick = (fields: Parameters<typeof tickOf>[0] = {}) => tickOf({ windowStart, ...fields });
const draw = (values: readonly unknown[], options: Parameters<Pipeline['draw']>[1] = {}) =>
  pipeline.draw(pipeline.records(values), options);
const toldTypes = () => pipeline.lotteryOutputs.take().map(({ type }) => type);
const lowestOf = (entries: readonly number[], ofRound = round) => {
  const drawSeed = hash('sha256', `${windowSeed(seed, '1', windowStart)}:${signatureOfRound(ofRound)}`);
  const ranked = entries.map((n) => [hash('sha256', `${drawSeed}:shard:${n}`), `shard:${n}`] as const);
  return ranked.toSorted(([left], [right]) => (left < right ? -1 : 1))[0]?.[1];
};
const refunded = () => [...new Set(pipeline.userInputs.values.map(({ entryId }) => entryId))].toSorted();

/** Entries 1 to 3, closed at the tick. */
async function close(options: Parameters<Pipeline['draw']>[1] = {}): Promise<DrawState> {
  const { state } = await draw([await partial([1, 2]), await partial([2, 3]), tick()], options);
  return state;
}

describe('a draw with a beacon', () => {
  test('is closed at its tick, and made at the one that comes with its round', async () => {
    const values = [await partial([1, 2]), await partial([2, 3])];
    pipeline.journal.length = 0;
    const { state } = await draw([...values, tick()]);
    expect(pipeline.journal).toEqual([`close ${drawId}`, 'publish lottery outputs', 'send ticks']);
    expect(pipeline.lotteryOutputs.take()).toMatchObject([
      { type: 'DrawClosedEvent', drawId, blocks: 2, closedAt: arrival, round, chainHash: quicknet.chainHash },
    ]);
    expect(state.draws).toMatchObject({ [drawId]: { round } });
    const dueAt = dueAtOf(windowStart);
    expect(pipeline.queue.take()).toEqual([
      { at: roundAt, dueAt, tick: { lotteryId: '1', run: 1, windowStart } },
    ]);
    expect(pipeline.rounds.asked).toEqual([]);

    pipeline.now = roundAt;
    pipeline.journal.length = 0;
    const { state: after } = await draw([tick()], { state });
    expect(pipeline.journal).toEqual(['put sheet', `write ${drawId}`, 'publish lottery outputs']);
    expect(after.draws).toEqual({});
    const [winner] = pipeline.lotteryOutputs.take();
    expect(winner).toMatchObject({ type: 'LotteryWinnerEvent', drawId, entries: 3, round });
    expect(winner).toMatchObject({
      beaconSignature: signatureOfRound(round),
      entryId: lowestOf([1, 2, 3]),
    });
    expect([...pipeline.sheets.texts.keys()]).toEqual([winner?.sheet]);
    expect(pipeline.queue.messages).toEqual([]);
    expect(pipeline.telemetry.counts.beaconMissing).toBeUndefined();
  });

  test('is not closed, told and asked for again at each tick that finds it in the state or in the table', async () => {
    const state = await close();
    pipeline.now += 500;
    await draw([tick()], { state, final: true });
    pipeline.now += 500;
    await draw([tick()]);
    expect(toldTypes()).toEqual(['DrawClosedEvent']);
    expect(pipeline.draws.waiting.get('1#1')).toMatchObject({ [drawId]: { round } });
    pipeline.now = roundAt;
    await draw([tick()]);
    expect(toldTypes()).toEqual(['LotteryWinnerEvent']);
    expect(pipeline.draws.waiting.get('1#1')).toEqual({});
  });

  test('that waits in the table is marked there, after it was told', async () => {
    await draw([await partial([1])], { final: true });
    pipeline.journal.length = 0;
    await draw([tick()]);
    const told = [`close ${drawId}`, 'publish lottery outputs', 'write 1#1/open', 'send ticks'];
    expect(pipeline.journal).toEqual(told);
    expect(pipeline.draws.waiting.get('1#1')).toMatchObject({ [drawId]: { round } });
  });

  test('keeps its round, whatever the clock of whoever closes it again', async () => {
    await close();
    const [first] = pipeline.lotteryOutputs.take();
    pipeline.now += 60_000;
    await draw([await partial([1, 2]), await partial([7]), tick()]);
    const [again, winner] = pipeline.lotteryOutputs.take();
    expect(again).toEqual(first);
    expect(winner).toMatchObject({ round, entries: 3 });
    expect(refunded()).toEqual(['shard:7']);
  });

  test('closed by a tick that was held up is drawn by a round that nobody knows yet', async () => {
    const records = pipeline.records([await partial([1, 2]), tick()]);
    pipeline.now += 86_400_000;
    await pipeline.draw(records);
    const closedAt = pipeline.now;
    const [closed] = pipeline.lotteryOutputs.values;
    expect(closed).toMatchObject({ closedAt, round: roundOf(quicknet, windowStart, closedAt) });
    expect(timeOfRound(quicknet, Number(closed?.round))).toBeGreaterThan(pipeline.now);
    expect(pipeline.announced()).toEqual([]);
  });

  test('that is missing where it was closed waits, and is not closed again: its round would be another one', async () => {
    const state = await close();
    const stored = pipeline.draws.closed.get(drawId);
    pipeline.draws.closed.clear();
    pipeline.now = roundAt + 60_000;
    pipeline.queue.take();
    const { state: after } = await draw([tick()], { state });
    expect(toldTypes()).toEqual(['DrawClosedEvent']);
    expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
    expect(pipeline.queue.messages).toMatchObject([{ at: pipeline.now + 60_000 }]);
    if (stored !== undefined) pipeline.draws.closed.set(drawId, stored);
    await draw([tick()], { state: after });
    expect(toldTypes()).toEqual(['LotteryWinnerEvent']);
  });

  test('is made of what it was closed with, though its run was stopped before its window', async () => {
    const state = await close();
    pipeline.lotteries.set(run({ status: 'stopped', lastWindowStart: windowStart - windowMs }));
    pipeline.now = roundAt;
    await draw([tick()], { state });
    expect(toldTypes()).toEqual(['DrawClosedEvent', 'LotteryWinnerEvent', 'LotteryEndedEvent']);
    expect(refunded()).toEqual([]);
  });

  test('that is missing where it was closed waits, though its run was stopped before its window', async () => {
    const state = await close();
    pipeline.lotteries.set(run({ status: 'stopped', lastWindowStart: windowStart - windowMs }));
    pipeline.draws.closed.clear();
    pipeline.now = roundAt;
    const { state: after } = await draw([tick()], { state });
    expect(toldTypes()).toEqual(['DrawClosedEvent']);
    expect([refunded(), Object.keys(after.draws)]).toEqual([[], [drawId]]);
  });

  describe.each([
    ['running', {}],
    ['stopped before its window', { status: 'stopped', lastWindowStart: windowStart - windowMs }],
  ] as const)('of a run that is %s', (_, fields) => {
    test.each([
      ['closed, and its mark', `${drawId}/closed`, { draws: {} }],
      ['closed', `${drawId}/closed`, undefined],
      ['made', drawId, undefined],
    ])(
      'waits where the list of blocks that it was %s with is missing; others go on',
      async (_, key, lost) => {
        const values = [await partial([1, 2]), await partial([2, 3])];
        const { state } = await draw([...values, tick()]);
        pipeline.now = roundAt;
        if (key === drawId) await draw([tick()], { state });
        pipeline.lotteries.set(run(fields));
        pipeline.lotteries.set(activeRun({ lotteryId: '2' }));
        pipeline.draws.withoutList.add(key);
        pipeline.takeAnnounced();
        pipeline.queue.take();
        const other = [await partial([1], { lotteryId: '2' }), tick({ lotteryId: '2' })];
        const again = lost === undefined ? [] : values;
        const { state: after } = await draw([...again, ...other, tick()], { state: lost ?? state });
        expect(pipeline.takeAnnounced()).toMatchObject([{ type: 'LotteryWinnerEvent', lotteryId: 2 }]);
        expect([Object.keys(after.draws), refunded()]).toEqual([[drawId], []]);
        expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
        expect(pipeline.queue.messages.map(({ at }) => at)).toContain(pipeline.now + 60_000);
        pipeline.draws.withoutList.clear();
        await draw([tick()], { state: after });
        expect(pipeline.draws.draws.get(drawId)).toMatchObject({ entries: 3, beacon: { round } });
        expect(refunded()).toEqual([]);
      },
    );
  });

  test.each([
    ['is another one', (ref: string) => blockRef(objectOf(ref), '0'.repeat(64))],
    ['is of another object', (ref: string) => blockRef('0'.repeat(64), ref.slice(65))],
  ])('waits where the root of a reference %s', async (_, forge) => {
    const named = await partial([1, 2]);
    if (named.type !== 'PartialDraw') throw new Error('It is no partial');
    const { state } = await draw([{ ...named, block: forge(named.block) }, await partial([3]), tick()]);
    pipeline.now = roundAt;
    const { state: after } = await draw([tick()], { state });
    expect(toldTypes()).toEqual(['DrawClosedEvent']);
    expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
    expect(Object.keys(after.draws)).toEqual([drawId]);
  });
});

describe('entries that come between close and draw', () => {
  test.each([
    ['with the tick, after it', async () => draw([await partial([1]), tick(), await partial([2])])],
    [
      'with a later batch',
      async () => {
        const { state } = await draw([await partial([1]), tick()]);
        return draw([await partial([2])], { state });
      },
    ],
    [
      'with the tick of its round',
      async () => {
        const { state } = await draw([await partial([1]), tick()]);
        pipeline.now = roundAt;
        return draw([await partial([2]), tick()], { state });
      },
    ],
    [
      'when it waits in the table',
      async () => {
        const { state } = await draw([await partial([1]), tick()]);
        await draw([], { state, final: true });
        await draw([await partial([2])], { final: true });
        return { state: { draws: {} } };
      },
    ],
  ])('%s are in none, and give their coupons back', async (_, comes) => {
    const { state } = await comes();
    pipeline.now = roundAt;
    await draw([tick()], { state });
    expect(pipeline.draws.draws.get(drawId)).toMatchObject({ entries: 1, winner: { entryId: 'shard:1' } });
    expect(refunded()).toEqual(['shard:2']);
    expect(new Set(pipeline.draws.closed.get(drawId)?.blocks).size).toBe(1);
  });

  test('after the tick of a draw that is made at once ask for one more', async () => {
    pipeline.lotteries.set(activeRun());
    const first = await draw([await partial([1])]);
    pipeline.queue.take();
    const { state } = await draw([tick(), await partial([2])], { state: first.state });
    expect(Object.keys(state.draws)).toEqual([drawId]);
    expect(pipeline.queue.messages).toMatchObject([{ at: arrival, tick: { windowStart } }]);
    await draw([tick()], { state });
    expect(refunded()).toEqual(['shard:2']);
  });
});

describe('a round that is not to be had', () => {
  test.each([
    [0, 1_000, undefined],
    [3_000, 1_000, undefined],
    [3_001, 1_000, 1],
    [40_000, 10_000, 1],
    [3_600_000, 60_000, 1],
  ])('%d ms after its time is looked for again in %d ms; missing: %s', async (late, pause, missing) => {
    const state = await close();
    pipeline.rounds.isOutOfReach = true;
    pipeline.now = roundAt + late;
    pipeline.queue.take();
    const { state: after } = await draw([tick()], { state });
    expect(pipeline.announced()).toEqual([]);
    expect(pipeline.queue.messages).toMatchObject([{ at: pipeline.now + pause, tick: { windowStart } }]);
    expect(pipeline.telemetry.counts.beaconMissing).toBe(missing);
    if (missing !== undefined)
      expect(pipeline.telemetry.details).toEqual([{ chain: quicknet.chainHash, round, drawId }]);
    pipeline.rounds.isOutOfReach = false;
    await draw([tick()], { state: after });
    expect(pipeline.announced()).toMatchObject([{ drawId, round }]);
  });

  test('keeps its run from its end, and no other run, nor what needs no round', async () => {
    const last = { status: 'stopped', lastWindowStart: windowStart } as const;
    pipeline.lotteries.set(run(last));
    for (const lotteryId of ['2', '3']) pipeline.lotteries.set(run({ ...last, lotteryId }));
    pipeline.lotteries.set(activeRun({ ...last, lotteryId: '4' }));
    const ids = ['1', '2', '4'];
    const partials = await Promise.all(ids.map((lotteryId) => partial([1], { lotteryId })));
    const ticks = ['1', '2', '3', '4'].map((lotteryId) => tick({ lotteryId }));
    const { state } = await draw([...partials, ...ticks]);
    const told = () => pipeline.takeAnnounced().map(({ type, lotteryId }) => `${type} ${lotteryId}`);
    const others = ['LotteryEndedEvent 3', 'LotteryEndedEvent 4', 'LotteryWinnerEvent 4'];
    expect(told().toSorted()).toEqual(others);
    pipeline.now = roundAt;
    const { state: after } = await draw([tick({ lotteryId: '2' })], { state });
    expect(told()).toEqual(['LotteryWinnerEvent 2', 'LotteryEndedEvent 2']);
    await draw([tick()], { state: after });
    expect(told()).toEqual(['LotteryWinnerEvent 1', 'LotteryEndedEvent 1']);
  });

  test('is waited for by one tick with others of its run: at the first that is to come', async () => {
    const next = windowStart + windowMs;
    const state = await close();
    pipeline.now = arrival + windowMs;
    pipeline.rounds.isOutOfReach = true;
    pipeline.queue.take();
    const { state: both } = await draw(
      [await partial([1], { windowStart: next }), tick({ windowStart: next })],
      {
        state,
      },
    );
    const late = pipeline.now - roundAt;
    const pause = Math.max(1_000, late / 4);
    expect(pipeline.queue.take()).toMatchObject([
      { at: Math.round(pipeline.now + pause), tick: { windowStart: next } },
    ]);
    expect(Object.keys(both.draws)).toHaveLength(2);
    // The tick of the first one needs no other: that of the second finds both.
    await draw([tick()], { state: both });
    expect(pipeline.queue.messages).toEqual([]);
  });

  test('is asked for once by each run whose state ends: when the first of its rounds is to be had', async () => {
    const next = windowStart + windowMs;
    pipeline.now = dueAtOf(next) + 1;
    const values = [await partial([1]), await partial([2], { windowStart: next })];
    const { state } = await draw([...values, tick({ windowStart: next })]);
    expect(Object.keys(state.draws)).toHaveLength(2);
    pipeline.queue.take();
    await draw([], { state, final: true });
    const at = timeOfRound(quicknet, Number(state.draws[drawId]?.round));
    const dueAt = dueAtOf(next);
    expect(pipeline.queue.messages).toEqual([
      { at, dueAt, tick: { lotteryId: '1', run: 1, windowStart: next } },
    ]);
  });

  test('is asked for and told once of all that wait; a new window is closed first', async () => {
    const starts = Array.from({ length: 80 }, (_, n) => windowStart + n * windowMs);
    const next = windowStart + 80 * windowMs;
    for (const start of starts) {
      pipeline.now = dueAtOf(start) + 1;
      await draw([await partial([1], { windowStart: start })], { final: true });
      pipeline.rounds.isOutOfReach = true;
      await draw([tick({ windowStart: start })]);
    }
    pipeline.now = dueAtOf(next) + 1;
    await draw([await partial([1], { windowStart: next })], { final: true });
    pipeline.rounds.asked.length = 0;
    pipeline.telemetry.details.length = 0;
    pipeline.journal.length = 0;
    const gets: string[] = [];
    const { drawOf, closedOf } = pipeline.draws;
    pipeline.draws.drawOf = (drawId) => {
      gets.push(drawId);
      return drawOf.call(pipeline.draws, drawId);
    };
    pipeline.draws.closedOf = (drawId) => {
      gets.push(drawId);
      return closedOf.call(pipeline.draws, drawId);
    };
    await draw([tick({ windowStart: next })]);
    expect(pipeline.journal[0]).toBe(`close 1@${next}`);
    // The first four go at a time.
    expect(pipeline.rounds.asked.length).toBeLessThanOrEqual(4);
    expect(gets).toEqual([]);
    expect(pipeline.telemetry.details).toEqual([{ chain: quicknet.chainHash, round, drawId }]);
    pipeline.rounds.isOutOfReach = false;
    pipeline.now += 60_000;
    gets.length = 0;
    pipeline.journal.length = 0;
    const last = next + windowMs;
    await draw([await partial([1], { windowStart: last }), tick({ windowStart: last })]);
    expect(pipeline.journal.slice(1).find((step) => !step.startsWith('put'))).toBe(`close 1@${last}`);
    expect(pipeline.draws.draws.size).toBe(81);
  });

  test('is looked for though a later window is due, whose tick may be put off for long', async () => {
    const next = windowStart + windowMs;
    pipeline.now = dueAtOf(next) + 1;
    const { state } = await draw([await partial([1]), await partial([2], { windowStart: next })]);
    pipeline.queue.take();
    const { state: closed } = await draw([tick()], { state });
    const at = timeOfRound(quicknet, closed.draws[drawId]?.round ?? 0);
    expect(pipeline.queue.take()).toMatchObject([{ at, tick: { windowStart } }]);
    pipeline.rounds.isOutOfReach = true;
    pipeline.now = at;
    await draw([tick()], { state: closed });
    expect(pipeline.queue.messages).toMatchObject([{ at: at + 1_000, tick: { windowStart } }]);
  });

  test.each([
    ['', {}],
    [' in a replay', { toleranceMs: 'off' }],
  ] as const)(
    'for long%s is looked for by a few ticks, not by one of each window since; then all are drawn',
    async (_, settings) => {
      const windows = 60;
      pipeline = new Pipeline(settings);
      pipeline.lotteries.set(run());
      pipeline.rounds.isOutOfReach = true;
      let due: TickMessage[] = [];
      let most = 0;
      for (let window = 0; window < windows; window += 1) {
        const start = windowStart + window * windowMs;
        pipeline.now = start + windowMs;
        await draw([await partial([1], { windowStart: start })], { final: true });
        pipeline.now += graceMs + 1_000;
        due = [...due, ...pipeline.queue.take()];
        for (const message of due.filter(({ at }) => at <= pipeline.now)) await draw([tickOf(message.tick)]);
        due = [...due.filter(({ at }) => at > pipeline.now), ...pipeline.queue.take()];
        most = Math.max(most, due.length);
      }
      expect(most).toBeLessThanOrEqual(10);
      expect(pipeline.lotteryOutputs.values).toHaveLength(windows);
      pipeline.rounds.isOutOfReach = false;
      pipeline.now += 60_000;
      for (const message of due) await draw([tickOf(message.tick)]);
      expect(pipeline.draws.draws.size).toBe(windows);
    },
  );
});

describe('whoever dies at a step', () => {
  /** Closed and drawn, from the table and from the state; the last draw of its run; with a late entry. */
  async function all(where: 'state' | 'table', crash: Parameters<Pipeline['effects']['dieAt']>[0]) {
    pipeline = new Pipeline();
    pipeline.lotteries.set(run({ status: 'stopped', lastWindowStart: windowStart }));
    let state: DrawState = { draws: {} };
    let deaths = 0;
    const invoke = async (now: number, values: readonly unknown[], end = false) => {
      pipeline.now = now;
      const records = pipeline.records(values);
      for (let attempt = 0; ; attempt += 1) {
        pipeline.effects.dieAt(attempt === 0 ? crash : undefined);
        try {
          ({ state } = await pipeline.draw(records, { state, final: end }));
          break;
        } catch {
          deaths += 1;
          pipeline.now += 700;
        }
      }
      pipeline.effects.dieAt(undefined);
    };
    const first = [await partial([1, 2]), await partial([2, 3])];
    const late = await partial([2, 4]);
    await invoke(arrival, first, where === 'table');
    await invoke(arrival, [tick()]);
    await invoke(arrival, [late]);
    await invoke(roundAt, [tick()]);
    const told = pipeline.lotteryOutputs.values.map((value) => JSON.stringify(value));
    const [closed, winner, ended] = [...new Set(told)].map((text) => JSON.parse(text));
    return { deaths, told: [...new Set(told)].length, closed, winner, ended, open: { ...state.draws } };
  }

  test.each([
    ['state', 'before'],
    ['state', 'after'],
    ['table', 'before'],
    ['table', 'after'],
  ] as const)('of a draw in the %s, %s it: all comes to the same', async (where, when) => {
    const { deaths: none, ...expected } = await all(where, undefined);
    expect(none).toBe(0);
    const sheets = [...pipeline.sheets.texts];
    expect(expected).toMatchObject({
      ...{ told: 3, closed: { type: 'DrawClosedEvent' }, ended: { type: 'LotteryEndedEvent' }, open: {} },
      winner: { entries: 3, entryId: lowestOf([1, 2, 3]) },
    });
    let deaths = 0;
    for (let at = 1; at <= 9; at += 1) {
      const { deaths: died, ...rest } = await all(where, { at, when });
      deaths += died;
      expect(rest).toEqual(expected);
      expect([...pipeline.sheets.texts]).toEqual(sheets);
      expect(refunded()).toEqual(['shard:4']);
      expect([...pipeline.draws.waiting.values()].flatMap((open) => Object.keys(open))).toEqual([]);
    }
    expect(deaths).toBeGreaterThan(9);
  });
});

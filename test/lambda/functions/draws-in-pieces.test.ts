import { beforeEach, describe, expect, test } from 'vitest';
import { blockRef } from '../../../lambda/core/block.ts';
import type { OpenDraw } from '../../../lambda/core/draw-state.ts';
import { activeRun, windowMs } from '../../support/events.ts';
import { dueAtOf, partialWith, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

const draw = (values: readonly unknown[], options: Parameters<Pipeline['draw']>[1] = {}) =>
  pipeline.draw(pipeline.records(values), options);

describe('many open windows', () => {
  const windows = Array.from({ length: 600 }, (_, n) => n * windowMs);
  const partialsOf = (entry: number, starts: readonly number[]) =>
    Promise.all(starts.map((windowStart) => partialWith(pipeline.blocks, [entry], { windowStart })));

  /** @returns how often blocks were read, and how many, for the draws of a piece: each change of the table ends one */
  async function piecesOf(draws: number, blocksOfEach: number) {
    for (let n = 0; n < blocksOfEach; n += 1) {
      await draw(await partialsOf(n, windows.slice(0, draws)), { final: true });
    }
    const pieces = [{ reads: 0, blocks: 0 }];
    const read = pipeline.blocks.read.bind(pipeline.blocks);
    pipeline.blocks.read = async (names) => {
      const { reads = 0, blocks = 0 } = pieces.pop() ?? {};
      pieces.push({ reads: reads + 1, blocks: blocks + names.length });
      return read(names);
    };
    const change = pipeline.draws.change.bind(pipeline.draws);
    pipeline.draws.change = async (run, how) => {
      pieces.push({ reads: 0, blocks: 0 });
      return change(run, how);
    };
    await draw([tickOf({ windowStart: draws * windowMs })]);
    expect(pipeline.telemetry.counts.drawsMade).toBe(draws);
    return pieces.slice(0, -1);
  }

  test.each([
    [70, 1, [32, 32, 6]],
    [10, 10, [3, 3, 3, 1]],
    [3, 40, [1, 1, 1]],
  ])('%d of them with %d blocks each are in memory in pieces of %j', async (draws, blocks, pieces) => {
    // 32 blocks of a draw are read at a time.
    const expected = pieces.map((some) => ({
      reads: some * Math.ceil(blocks / 32),
      blocks: some * blocks,
    }));
    expect(await piecesOf(draws, blocks)).toEqual(expected);
  });

  test('whose blocks lie in lists are in memory one by one, since nobody knows how many those are', async () => {
    const starts = windows.slice(0, 3);
    await draw(await partialsOf(1, starts), { final: true });
    const waiting = Object.entries(pipeline.draws.waiting.get('1#1') ?? {});
    const listed = waiting.map(([id, { blocks, ...open }], n) => {
      const list = String(n).repeat(64);
      pipeline.blocks.lists.set(list, [...blocks, ...blocks]);
      return [id, { ...open, blocks, lists: [list] }] satisfies [string, OpenDraw];
    });
    pipeline.draws.waiting.set('1#1', Object.fromEntries(listed));
    const left: number[] = [];
    const change = pipeline.draws.change.bind(pipeline.draws);
    pipeline.draws.change = async (run, how) => {
      await change(run, how);
      left.push(Object.keys(pipeline.draws.waiting.get('1#1') ?? {}).length);
    };
    await draw([tickOf({ windowStart: 2 * windowMs })]);
    expect(left).toEqual([2, 1, 0]);
    expect(pipeline.announced()).toMatchObject(starts.map(() => ({ entries: 1 })));
    expect([...pipeline.draws.draws.values()].map(({ blocks }) => blocks.length)).toEqual([1, 1, 1]);
  });

  test('that are too much for Lambda’s state go into the table before its window ends, and are drawn from there', async () => {
    const starts = Array.from({ length: 1_000 }, (_, n) => n * windowMs);
    const blocks = Array.from({ length: 8 }, (_, n) => blockRef('f'.repeat(64), String(n).repeat(64)));
    const partials = starts.flatMap((windowStart) =>
      blocks.map((block) => ({
        ...{ type: 'PartialDraw', lotteryId: '1', run: 1, windowStart, dueAt: dueAtOf(windowStart), block },
      })),
    );
    const few = await draw(partials.slice(0, 2_000));
    expect(Object.keys(few.state.draws)).toHaveLength(250);
    expect(pipeline.draws.waiting.size).toBe(0);
    const { state } = await draw(partials.slice(2_000), { state: few.state });
    expect(state).toEqual({ draws: {} });
    expect(Object.keys(pipeline.draws.waiting.get('1#1') ?? {})).toHaveLength(1_000);
    expect(pipeline.queue.messages).toHaveLength(1_000);
  });

  test('are drawn in pieces: what was done is done when the time is out', async () => {
    await draw(await partialsOf(1, windows), { final: true });
    const last = tickOf({ windowStart: 600 * windowMs });
    const left = () => Object.keys(pipeline.draws.waiting.get('1#1') ?? {}).length;
    let attempts = 0;
    for (let before = left(); before > 0; before = left()) {
      attempts += 1;
      pipeline.effects.dieAt({ at: 150, when: 'before' });
      await draw([last]).catch(() => {});
      expect(left()).toBeLessThan(before);
    }
    expect(attempts).toBeGreaterThan(3);
    const drawn = pipeline.announced().map(({ windowStart }) => windowStart);
    // The earliest first, and each at least once.
    expect([...new Set(drawn)]).toEqual(windows);
  });
});

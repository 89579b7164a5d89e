import { beforeEach, describe, expect, test } from 'vitest';
import { activeRun, windowMs } from '../../support/events.ts';
import { partialWith, tickOf } from '../../support/partials.ts';
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

  /** @returns how many draws and blocks were read at a time: each change of the table ends a piece */
  async function piecesOf(draws: number, blocksOfEach: number) {
    for (let n = 0; n < blocksOfEach; n += 1) {
      await draw(await partialsOf(n, windows.slice(0, draws)), { final: true });
    }
    const pieces = [{ draws: 0, blocks: 0 }];
    const read = pipeline.blocks.read.bind(pipeline.blocks);
    pipeline.blocks.read = async (names) => {
      const { draws: before = 0, blocks = 0 } = pieces.pop() ?? {};
      pieces.push({ draws: before + 1, blocks: blocks + names.length });
      return read(names);
    };
    const change = pipeline.draws.change.bind(pipeline.draws);
    pipeline.draws.change = async (run, how) => {
      pieces.push({ draws: 0, blocks: 0 });
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
    const expected = pieces.map((some) => ({ draws: some, blocks: some * blocks }));
    expect(await piecesOf(draws, blocks)).toEqual(expected);
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
    const drawn = pipeline.lotteryOutputs.values.map(({ windowStart }) => windowStart);
    // The earliest first, and each at least once.
    expect([...new Set(drawn)]).toEqual(windows);
  });
});

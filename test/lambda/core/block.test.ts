import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BlockCollector, dueAt, parseBlock } from '../../../lambda/core/block.ts';
import { partialDrawSchema } from '../../../lambda/core/partial-draw.ts';
import { activeRun, graceMs, marginMs, windowMs } from '../../support/events.ts';

const runs = [activeRun(), activeRun({ run: 2 }), activeRun({ lotteryId: '2' })];

describe('the block of a batch', () => {
  test('holds its entries by draw, in the order of the stream, whatever comes between them', () => {
    const block = new BlockCollector();
    for (const n of [1, 2, 3])
      for (const run of runs)
        for (const windowStart of [0, 10_000]) block.add(run, windowStart, [`s:${n}`, 'u']);
    const { text = '' } = block.finish(marginMs) ?? {};
    const entries = [1, 2, 3].map((n) => [`s:${n}`, 'u']);
    const drawIds = ['1@0', '1@10000', '1@0#2', '1@10000#2', '2@0', '2@10000'];
    expect(parseBlock(text)).toEqual(Object.fromEntries(drawIds.map((drawId) => [drawId, entries])));
  });

  test('is named by its contents, and so is the same when the batch comes again', () => {
    const finished = [1, 2].map(() => {
      const block = new BlockCollector();
      for (const run of runs) block.add(run, 0, ['s:1', 'ü']);
      return block.finish(marginMs);
    });
    expect(finished[0]).toEqual(finished[1]);
    const { name, text = '' } = finished[0] ?? {};
    expect(name).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });

  test('has a partial for each of its draws, which names it and when the window is complete', () => {
    const block = new BlockCollector();
    for (const run of runs) for (const windowStart of [0, 10_000]) block.add(run, windowStart, ['s:1', 'u']);
    const { name, partials = [] } = block.finish(marginMs) ?? {};
    expect(partials).toHaveLength(6);
    expect(partials[3]).toEqual({
      ...{ lotteryId: '1', run: 2, windowStart: 10_000, block: name },
      dueAt: 10_000 + windowMs + graceMs + 1 + marginMs,
    });
    for (const partial of partials) expect(partialDrawSchema.parse(partial)).toEqual(partial);
  });

  test('is none where no click was accepted', () => {
    expect(new BlockCollector().finish(marginMs)).toBeUndefined();
  });

  test.each(['', '[]', '{"1@0":{}}', '{"1@0":[["s:1"]]}', '{"1@0":[["s:1","u","p"]]}', '{"1@0":[["s",""]]}'])(
    'is none in the text %j',
    (text) => {
      expect(() => parseBlock(text)).toThrow();
    },
  );
});

describe('when a window is complete', () => {
  test('goes by the run’s own windows, and by the clicks’ own time in a replay', () => {
    const run = { windowMs: 5_000, graceMs: 1_000 };
    expect(dueAt(activeRun(run), 20_000, marginMs)).toBe(26_001 + marginMs);
    expect(dueAt(activeRun({ ...run, replay: true }), 20_000, marginMs)).toBe(26_001);
  });
});

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesTree } from '../../../lambda/core/batch-trees.ts';
import {
  BlockCollector,
  blockRef,
  blockRefSchema,
  dueAt,
  objectOf,
  parseBlock,
  rootOf,
} from '../../../lambda/core/block.ts';
import { partialDrawSchema } from '../../../lambda/core/partial-draw.ts';
import { drawIdOf } from '../../../lambda/core/window.ts';
import { activeRun, graceMs, marginMs, windowMs } from '../../support/events.ts';
import { rootsOf, treeHash } from '../../support/merkle.ts';

const ids = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
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

  test('is written as JSON.stringify writes it, whatever the ids', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids), { minLength: 1, maxLength: 5 }), (entries) => {
        const block = new BlockCollector();
        for (const run of runs) for (const entry of entries) block.add(run, 0, entry);
        const byDraw = Object.fromEntries(runs.map((run) => [drawIdOf({ ...run, windowStart: 0 }), entries]));
        expect(block.finish(marginMs)?.text).toBe(JSON.stringify(byDraw));
      }),
    );
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
    const { name = '', partials = [] } = block.finish(marginMs) ?? {};
    const root = entriesTree('1@10000#2', [['s:1', 'u']]).root;
    expect(partials).toHaveLength(6);
    expect(partials[3]).toEqual({
      ...{ lotteryId: '1', run: 2, windowStart: 10_000, block: blockRef(name, root) },
      dueAt: 10_000 + windowMs + graceMs + 1 + marginMs,
    });
    for (const partial of partials) {
      expect(partialDrawSchema.parse(partial)).toEqual(partial);
      expect(objectOf(partial.block)).toBe(name);
    }
    expect(rootOf(partials[3]?.block ?? '')).toBe(root);
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

describe('a reference of a block', () => {
  const [object, root] = ['0a'.repeat(32), '1b'.repeat(32)];

  test.each([
    [
      '',
      object,
      `${object}/`,
      `/${root}`,
      `${object}/${root}/`,
      `${object}${root}`,
      `blocks/${object}/${root}`,
    ],
    [
      `${object.toUpperCase()}/${root}`,
      `${object}/${root.slice(1)}`,
      `${object}/${root}\n`,
      `${root} ${root}`,
    ],
  ])('is two hashes and no other text', (...others) => {
    expect(blockRefSchema.parse(blockRef(object, root))).toBe(`${object}/${root}`);
    expect(others.filter((text) => blockRefSchema.safeParse(text).success)).toEqual([]);
  });
});

describe('what proves a batch’s entries', () => {
  const click = fc.record({ run: fc.constantFrom(...runs), window: fc.nat(2), userId: ids });

  test('leads from each to the root that is signed, whatever the clicks and their draws', () => {
    fc.assert(
      fc.property(fc.array(click, { minLength: 1, maxLength: 40 }), (clicks) => {
        const block = new BlockCollector();
        const entries = clicks.map(({ run, window, userId }, n) => {
          const windowStart = window * windowMs;
          const index = block.add(run, windowStart, [`s:${n}`, userId]);
          return { drawId: drawIdOf({ ...run, windowStart }), entryId: `s:${n}`, userId, index };
        });
        const { trees, partials } = block.finish(marginMs) ?? {};
        if (trees === undefined) throw new Error('There is no block');
        const led = entries.map(({ index, ...entry }) => {
          const receipt = trees.receiptOf(entry.drawId, index, '');
          const { said, block: own, batch } = rootsOf({ ...entry, receipt });
          return { said, own, batch };
        });
        expect(led).toEqual(
          entries.map(({ drawId }) => {
            const root = trees.rootOf(drawId);
            return { said: root, own: root, batch: trees.batchRoot };
          }),
        );
        const byDraw = new Map(partials?.map((each) => [drawIdOf(each), rootOf(each.block)]));
        const roots = [...byDraw].toSorted(([left], [right]) => (left < right ? -1 : 1));
        const leaves = roots.map(([, root]) => Buffer.from(root, 'hex'));
        expect(trees.batchRoot).toBe(treeHash(leaves).toString('hex'));
      }),
      { numRuns: 40 },
    );
  });

  test('is nothing for an entry or a draw that the batch has not', () => {
    const block = new BlockCollector();
    block.add(activeRun(), 0, ['s:1', 'u']);
    const { trees } = block.finish(marginMs) ?? {};
    for (const index of [1, Number.NaN])
      expect(() => trees?.receiptOf('1@0', index, '')).toThrow(`The batch has no entry ${index} of draw 1@0`);
    expect(() => trees?.receiptOf('2@0', 0, '')).toThrow('The batch has no entry of draw 2@0');
  });
});

describe('when a window is complete', () => {
  test('goes by the run’s own windows, and by the clicks’ own time in a replay', () => {
    const run = { windowMs: 5_000, graceMs: 1_000 };
    expect(dueAt(activeRun(run), 20_000, marginMs)).toBe(26_001 + marginMs);
    expect(dueAt(activeRun({ ...run, replay: true }), 20_000, marginMs)).toBe(26_001);
  });
});

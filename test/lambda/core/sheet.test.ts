import { describe, expect, test } from 'vitest';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { entriesTree } from '../../../lambda/core/batch-trees.ts';
import type { Entry } from '../../../lambda/core/block.ts';
import { wholeDraw } from '../../support/draws.ts';
import { seededRun } from '../../support/events.ts';

const windowStart = 1_800_000_000_000;
const place = { firstWindowStart: windowStart, lastWindowStart: windowStart, prizes: ['a "bike"\n'] };
const odd: readonly Entry[] = [
  ['shard:1', '"],["shard:9","7'],
  ['shard:2', 'käufer 🎟\n\u2028\u0000'],
];
const plain: readonly Entry[] = [
  ['shard:3', '7'],
  ['shard:1', '"],["shard:9","7'],
];

const linesOf = (sheet: string) => sheet.split('\n');

describe('a sheet', () => {
  test('has a line for the draw, with its members in order, and one for each block in the order of the roots', () => {
    const run = seededRun({ ...place, beacon: quicknet, lotteryId: '"é@0' });
    const { closed, draw, sheet } = wholeDraw(run, windowStart, [odd, plain], windowStart);
    const roots = [odd, plain].map((entries) => entriesTree(draw.drawId, entries).root);
    const [head = '', ...blocks] = linesOf(sheet);
    const expected = {
      ...{ type: 'DrawSheet', drawId: `"é@0@${windowStart}`, lotteryId: '"é@0', run: 1 },
      ...{ windowStart, windowEnd: windowStart + 10_000, entries: 3, blocks: 2 },
      ...{ windowRoot: closed.windowRoot, windowSeed: draw.windowSeed },
      ...{ windowSeedCommitment: closed.windowSeedCommitment, closedAt: windowStart },
      ...{
        chainHash: quicknet.chainHash,
        round: draw.beacon?.round,
        beaconSignature: draw.beacon?.signature,
      },
      winner: { entryId: draw.winner.entryId, userId: draw.winner.userId, priority: draw.winner.priority },
      prize: 'a "bike"\n',
    };
    expect(head).toBe(JSON.stringify(expected));
    const lines = [odd, plain].map((entries, n) => JSON.stringify({ root: roots[n], entries }));
    const inOrder = roots[0] !== undefined && roots[1] !== undefined && roots[0] < roots[1];
    // The last line ends as all do.
    expect(blocks).toEqual([...(inOrder ? lines : lines.toReversed()), '']);
  });

  test('without beacon and prize leaves them out; ids are text', () => {
    const { sheet } = wholeDraw(seededRun(), 0, [[['shard:1', '7']]]);
    const head: Record<string, unknown> = JSON.parse(linesOf(sheet)[0] ?? '');
    expect(Object.keys(head).slice(-3)).toEqual(['windowSeedCommitment', 'closedAt', 'winner']);
    expect(head).toMatchObject({ lotteryId: '1', winner: { userId: '7' } });
  });

  test('is the same whatever the order in which blocks were heard of, or how often', () => {
    const run = seededRun({ beacon: quicknet });
    const one = wholeDraw(run, 0, [odd, plain]);
    const other = wholeDraw(run, 0, [odd, plain, odd]);
    expect(other.draw.sheet).toBe(one.draw.sheet);
    expect(wholeDraw(run, 0, [odd]).draw.sheet).not.toBe(one.draw.sheet);
  });
});

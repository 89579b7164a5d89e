import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { beaconDelayMs, timeOfRound } from '../../../lambda/core/beacon.ts';
import { blockRef, rootOf } from '../../../lambda/core/block.ts';
import { closedDraw, closingTime } from '../../../lambda/core/closed-draw.ts';
import { drawClosedEvent } from '../../../lambda/core/draw-outputs.ts';
import { windowSeed } from '../../../lambda/core/fairness.ts';
import { graceMs, seed, seededRun, windowMs } from '../../support/events.ts';

const windowStart = 1_800_000_000_000;
const overAt = windowStart + windowMs + graceMs;
const run = seededRun({ beacon: quicknet });
const hexOf = (n: number) => String(n).padStart(64, '0');
const ref = (object: number, root: number) => blockRef(hexOf(object), hexOf(root));
const close = (blocks: readonly string[], closedAt = overAt) =>
  closedDraw(run, windowStart, blocks, closedAt);
const sha = (...parts: readonly (string | Buffer)[]) =>
  hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part))), 'buffer');
const leaf = (root: number) => sha('\0', Buffer.from(hexOf(root), 'hex'));

describe('a closed draw', () => {
  test('has each root once, in their order, in the object whose name is the smallest', () => {
    const blocks = [ref(9, 2), ref(1, 3), ref(8, 2), ref(8, 1), ref(9, 2)];
    const expected = [ref(8, 1), ref(8, 2), ref(1, 3)];
    expect(close(blocks).blocks).toEqual(expected);
    expect(close(blocks.toReversed())).toEqual(close(blocks));
  });

  test('has the root of the tree over those roots', () => {
    const { windowRoot, blocks } = close([ref(1, 3), ref(1, 1), ref(1, 2)]);
    expect(blocks.map(rootOf)).toEqual([1, 2, 3].map(hexOf));
    const left = sha('\x01', leaf(1), leaf(2));
    expect(windowRoot).toBe(sha('\x01', left, leaf(3)).toString('hex'));
  });

  test('is committed to its window’s seed', () => {
    const bytes = Buffer.from(windowSeed(seed, '1', windowStart), 'hex');
    expect(close([ref(1, 1)]).windowSeedCommitment).toBe(sha(bytes).toString('hex'));
  });

  test.each([
    ['its window was over', -60_000],
    ['its window was over', 0],
    ['it was closed', 1],
    ['it was closed', 86_400_000],
  ])('is drawn by the first round 3 s after %s: closed %d ms after the window', (_, after) => {
    const { beacon, closedAt } = close([ref(1, 1)], overAt + after);
    const round = beacon?.round ?? 0;
    const from = Math.max(overAt, closedAt) + beaconDelayMs;
    expect(timeOfRound(quicknet, round)).toBeGreaterThanOrEqual(from);
    expect(timeOfRound(quicknet, round - 1)).toBeLessThan(from);
  });

  test.each([
    ['long over', 86_400_000],
    ['to come', -86_400_000],
  ])('in a replay is drawn by when it was closed alone: its window is %s', (_, after) => {
    const replayed = seededRun({ beacon: quicknet, replay: true });
    const { closedAt, beacon } = closedDraw(replayed, windowStart, [ref(1, 1)], overAt + after);
    expect(closedAt).toBe(overAt + after);
    const round = beacon?.round ?? 0;
    expect(timeOfRound(quicknet, round)).toBeGreaterThanOrEqual(closedAt + beaconDelayMs);
    expect(timeOfRound(quicknet, round - 1)).toBeLessThan(closedAt + beaconDelayMs);
  });

  test('is announced with all of it, but for the names of its blocks', () => {
    const draw = close([ref(1, 1), ref(1, 2)]);
    expect(drawClosedEvent(draw)).toEqual({
      ...{ type: 'DrawClosedEvent', drawId: `1@${windowStart}`, lotteryId: 1, run: 1 },
      ...{ windowStart, windowEnd: windowStart + windowMs, windowRoot: draw.windowRoot, blocks: 2 },
      ...{ windowSeedCommitment: draw.windowSeedCommitment, closedAt: overAt },
      ...{ round: draw.beacon?.round, chainHash: quicknet.chainHash },
    });
  });

  test('without a beacon has no round', () => {
    const draw = closedDraw(seededRun(), windowStart, [ref(1, 1)], overAt);
    expect(draw).not.toHaveProperty('beacon');
    expect(Object.keys(drawClosedEvent(draw)).slice(-1)).toEqual(['closedAt']);
  });
});

test.each([
  [0, 1_000],
  [999, 1_000],
  [-250, 1_000],
  [1_000, 2_000],
  [86_400_000, 86_401_000],
])(
  'a draw is closed at its tick’s arrival, unless that was %d ms ago: its round must be to come',
  (ago, closedAt) => {
    expect(closingTime(1_000, 1_000 + ago)).toBe(closedAt);
  },
);

import { describe, expect, it } from 'vitest';
import { prizesPutOff, type Run, runNow } from '../../client/lotteries.ts';
import type { OpenDrawNow } from '../../client/status/open-draws.ts';
import { type Conditions, waitsFor } from '../../client/status/waits.ts';

const started: Run = {
  ...{ lotteryId: '7', run: 2, status: 'active', seedCommitment: '', receiptKey: '' },
  ...{ windowMs: 10_000, graceMs: 2_000, firstWindowStart: 20_000 },
};
const withPrizes: Run = { ...started, prizes: ['car', 'bike', 'pen'], lastWindowStart: 40_000 };

describe('a run as it is now', () => {
  it.each([
    [
      'before its first window',
      19_999,
      { state: 'opens', windowStart: 20_000, prizesLeft: ['car', 'bike', 'pen'] },
    ],
    ['in its first', 20_000, { state: 'open', windowStart: 20_000, prizesLeft: ['car', 'bike', 'pen'] }],
    ['in its last', 49_999, { state: 'open', windowStart: 40_000, windowEnd: 50_000, prizesLeft: ['pen'] }],
    ['behind its last', 50_000, { state: 'ending', prizesLeft: [] }],
  ])('%s', (_, now, what) => {
    expect(runNow(withPrizes, now)).toMatchObject({ lotteryId: 7, run: 2, ...what });
  });

  it('that is stopped takes clicks until its last window is over, and has no prizes behind it', () => {
    const stopped: Run = { ...withPrizes, status: 'stopped', lastWindowStart: 30_000 };
    expect(runNow(stopped, 39_999)).toMatchObject({ state: 'open', prizesLeft: ['bike'] });
    expect(runNow(stopped, 40_000).state).toBe('ending');
    expect(runNow({ ...stopped, status: 'ended' }, 40_000)).not.toHaveProperty('windowStart');
  });

  it('without prizes says nothing of any', () => {
    expect(runNow(started, 90_000)).toEqual({
      ...{ lotteryId: 7, run: 2, state: 'open', windowStart: 90_000, windowEnd: 100_000 },
    });
  });
});

describe('prizes that a stop took away', () => {
  it.each([
    ['in its first window', 20_000, ['bike', 'pen']],
    ['in its last window', 40_000, []],
    ['before its first window', 0, ['car', 'bike', 'pen']],
  ])('%s', (_, lastWindowStart, left) => {
    expect(prizesPutOff({ ...withPrizes, lastWindowStart })).toEqual(left);
  });

  it('are none of a run that has none, or is not stopped', () => {
    expect(prizesPutOff({ ...started, lastWindowStart: 20_000 })).toEqual([]);
    expect(prizesPutOff(withPrizes)).toEqual([]);
  });
});

describe('what a draw waits for', () => {
  const draw: OpenDrawNow = {
    ...{
      drawId: '7@20000#2',
      windowStart: 20_000,
      windowEnd: 30_000,
      dueAt: 32_251,
      entries: 1,
      isWhole: true,
    },
  };
  const chain = { chainHash: '', publicKey: '', genesisSeconds: 0, periodSeconds: 3 };
  const idle: Conditions = {
    ...{ now: 33_000, mappings: [] },
    watermarks: { shards: [{ shard: 'user/1', watermark: 0, behindMs: 0 }] },
  };
  const draws = { functionName: 'draw' as const, uuid: '', source: 'dev-entries' };

  it.each([
    ["its window's end", draw, { ...idle, now: 29_999 }],
    ['its grace', draw, { ...idle, now: 32_250 }],
    ['its tick', draw, idle],
    ['the functions ticks and draw', draw, { ...idle, now: 60_000 }],
    ['draw, Throttled', draw, { ...idle, mappings: [{ ...draws, state: 'Throttled' }] }],
    ['its tick', draw, { ...idle, mappings: [{ ...draws, state: 'Enabled' }] }],
    [
      'its tick',
      draw,
      { ...idle, mappings: [{ ...draws, functionName: 'archive' as const, state: 'Disabled' }] },
    ],
    ['round 13 of the beacon, in 3 s', { ...draw, round: 13 }, idle],
    ['round 13 of the beacon, published 4 s ago', { ...draw, round: 13 }, { ...idle, now: 40_000 }],
    [
      'shard user/2, 9 s behind',
      draw,
      {
        ...idle,
        watermarks: {
          shards: [
            { shard: 'user/1', watermark: 30_000, behindMs: 1_000 },
            { shard: 'user/2', watermark: 20_000, behindMs: 9_000 },
            // Past it: what waits behind it is of later windows.
            { shard: 'user/3', watermark: 40_000, behindMs: 20_000 },
          ],
        },
      },
    ],
  ])('%s', (text, open, conditions) => {
    expect(waitsFor(open, { beacon: chain }, conditions)).toBe(text);
  });
});

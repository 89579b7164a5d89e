import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as core from '../../lambda/core/fairness.ts';
import * as checker from '../../verify/hashes.ts';
import {
  change,
  check,
  clicksOf,
  drawId,
  linesOf,
  prizes,
  receipt,
  started,
  wholeRun,
  won,
} from './fixture.ts';

const project = new URL('../../', import.meta.url).pathname;

const vectorSchema = z.object({
  seed: z.string(),
  seedCommitment: z.string(),
  lotteryId: z.string(),
  windowStart: z.number(),
  windowSeed: z.string(),
  entryId: z.string(),
  priority: z.string(),
});
const file = readFileSync(join(project, 'test/data/fairness-vectors.json'), 'utf8');
const vectors = z.tuple([vectorSchema], vectorSchema).parse(JSON.parse(file));

describe('the hashes', () => {
  it.each([
    ['the verifier', checker],
    ['the product', core],
  ])('of %s are those that openssl computed', (_, hashes) => {
    const computed = vectors.map((vector) => {
      const windowSeed = hashes.windowSeed(vector.seed, vector.lotteryId, vector.windowStart);
      const seedCommitment = hashes.seedCommitment(vector.seed);
      return { ...vector, seedCommitment, windowSeed, priority: hashes.priority(windowSeed, vector.entryId) };
    });
    expect(computed).toEqual(vectors);
  });

  it.each(['é😀', 'half a pair: \ud83d', 'x'.repeat(3_000)])('are the same for the id %j', (id) => {
    const [{ seed, windowStart }] = vectors;
    expect(checker.windowSeed(seed, id, windowStart)).toBe(core.windowSeed(seed, id, windowStart));
    expect(checker.priority(seed, id)).toBe(core.priority(seed, id));
  });
});

describe('docs/fairness.md', () => {
  it('shows the first vector', () => {
    const page = readFileSync(join(project, 'docs/fairness.md'), 'utf8');
    const { seed, lotteryId, windowStart, ...hashes } = vectors[0];
    for (const value of [seed, ...Object.values(hashes)]) expect(page).toContain(` ${value}`);
    expect(page).toContain(`lottery ${lotteryId}, window ${windowStart}\n`);
  });
});

describe('the checking code', () => {
  it('imports nothing but itself and hashes that a browser can run', () => {
    const sources = readdirSync(join(project, 'verify')).map((name) =>
      readFileSync(join(project, 'verify', name), 'utf8'),
    );
    const imports = sources.flatMap((source) => [...source.matchAll(/(?:from|import\(?)\s*'([^']+)'/g)]);
    const outside = imports.map(([, module]) => module).filter((module) => !module?.startsWith('./'));
    expect([...new Set(outside)].toSorted()).toEqual([
      '@noble/curves/bls12-381.js',
      '@noble/hashes/hmac.js',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
    ]);
  });

  it('runs where there is nothing of Node', async () => {
    const { outputFiles } = await build({
      ...{
        entryPoints: [join(project, 'verify/verify.ts')],
        bundle: true,
        platform: 'browser',
        write: false,
      },
      ...{ format: 'iife', globalName: 'checks' },
    });
    // What a browser has beside the language, as far as it is used.
    const page = createContext({ TextDecoder, TextEncoder, crypto, lines: linesOf(wholeRun()) });
    const report: unknown = await runInContext(`${outputFiles[0]?.text}; checks.verify(lines)`, page);
    expect(report).toMatchObject({ failures: 0, events: wholeRun().length });
  });
});

describe('a whole run', () => {
  it('passes, with a line per draw and the prizes in order', async () => {
    const { failures, text } = await check(wholeRun());
    expect(failures).toBe(0);
    for (const [window, prize] of prizes.entries()) {
      expect(text).toMatch(
        new RegExp(`^ok    draw ${drawId(window)}: winner .*, prize "${prize}", 5 entries`, 'm'),
      );
    }
    expect(text).toMatch(/3 draws, 3 winners, 15 receipts, 1 seed revealed, 0 failures$/);
    expect(text.match(/^note {2}.*:/gm)).toEqual([
      expect.stringContaining('no beacon'),
      expect.stringContaining('no close'),
      expect.stringContaining('no sheet'),
    ]);
  });

  it('passes in any order and with every line twice', async () => {
    const { failures, text } = await check([...wholeRun(), ...wholeRun()].reverse());
    expect(failures).toBe(0);
    expect(text).toContain('15 receipts');
  });

  it('passes beside a second run under the same id', async () => {
    const { failures, text } = await check([...wholeRun(), ...wholeRun(2)]);
    expect(failures).toBe(0);
    expect(text).toContain('6 draws, 6 winners, 30 receipts, 2 seeds revealed');
  });

  it('passes where ids are text, unknown types and unknown fields appear', async () => {
    const events = wholeRun().map((event) => ({ ...event, lotteryId: '1', recordId: 'x' }));
    const { failures } = await check([
      ...events,
      { type: 'CouponsBoughtEvent' },
      { type: 'CouponsGrantedEvent' },
      { type: 'Other' },
    ]);
    expect(failures).toBe(0);
  });
});

describe('tampering with the winner', () => {
  const zeros = '0'.repeat(64);
  const loser = clicksOf(0, 5)[4];
  it.each<[string, Record<string, unknown>, string]>([
    ['userId', { userId: 'mallory' }, 'user mallory won with an entry of user'],
    ['entryId', { entryId: `${loser?.entryId}/1` }, 'priority is not SHA-256'],
    ['an entry nobody has', { entryId: 'none:1' }, 'priority is not SHA-256'],
    ['priority', { priority: zeros }, 'priority is not SHA-256'],
    ['windowSeed', { windowSeed: zeros }, 'windowSeed does not come from the revealed seed'],
    ['run', { run: 2 }, 'drawId does not fit its lotteryId, windowStart or run'],
    ['lotteryId', { lotteryId: 2 }, 'drawId does not fit its lotteryId, windowStart or run'],
    ['windowStart', { windowStart: 1_700_000_010_000 }, 'drawId does not fit'],
    ['windowEnd', { windowEnd: 1_700_000_000_000 }, 'windowEnd 1700000000000 does not fit'],
    ['windowEnd before the start', { windowEnd: 1_699_999_990_000 }, 'windowEnd 1699999990000 does not fit'],
    ['windowEnd off the grid', { windowEnd: 1_700_000_000_007 }, 'windowEnd 1700000000007 does not fit'],
    ['a prize that was not promised', { prize: 'car' }, 'prize "car", but "bike" was promised'],
    ['no prize', { prize: undefined }, 'but "bike" was promised'],
  ])('%s: fails and names the draw', async (_, fields, reason) => {
    const { failures, text } = await check(change(wholeRun(), 'LotteryWinnerEvent', fields));
    expect(failures).toBeGreaterThan(0);
    expect(text).toContain(`FAIL  draw ${drawId(0)}`);
    expect(text).toContain(reason);
  });

  it('another winner with all its numbers right is found by the receipts alone', async () => {
    const clicks = clicksOf(0, 5);
    const events = [...clicks.map((click) => receipt(0, click)), won(0, clicks[1])];
    const { failures, text } = await check(events);
    expect(failures).toBe(1);
    expect(text).toContain(`entry ${clicks[0]?.entryId} of user`);
    expect(text).toContain('has a lower priority than the winner');
  });

  it('two different winners of a draw', async () => {
    const [first, second] = clicksOf(0, 2);
    const { failures, text } = await check([won(0, first), won(0, second)]);
    expect(failures).toBe(1);
    expect(text).toContain('two different LotteryWinnerEvent where only one can be: lines 1 and 2');
  });

  it('one entry that wins two draws', async () => {
    const [click] = clicksOf(0, 1);
    const { text } = await check([won(0, click), won(1, click)]);
    expect(text).toContain(`won ${drawId(0)} as well`);
  });

  it('a prize in a lottery without prizes, and a window after the last prize', async () => {
    const { prizes: _, ...plain } = started();
    const [click] = clicksOf(3, 1);
    const surplus = await check([started(), won(3, click)]);
    expect(surplus.text).toContain('no prize was promised for this window, number 3 from 0');
    const none = await check([plain, won(0, clicksOf(0, 1)[0])]);
    expect(none.text).toContain('prize "bike" in a lottery without prizes');
  });
});

describe('tampering with the rest', () => {
  const otherSeed = 'ab'.repeat(32);
  it.each<[string, string, Record<string, unknown>, string]>([
    ['the seed', 'LotteryEndedEvent', { seed: otherSeed }, 'seed does not fit the seedCommitment beside it'],
    [
      'the seed and its commitment',
      'LotteryEndedEvent',
      { seed: otherSeed, seedCommitment: core.seedCommitment(otherSeed) },
      'does not fit the seedCommitment published at the start',
    ],
    ['the promise', 'LotteryStartedEvent', { seedCommitment: otherSeed }, 'published at the start'],
    ['no windows', 'LotteryStartedEvent', { windowMs: 0 }, 'windowMs is not above 0'],
    ['no grace', 'LotteryStartedEvent', { graceMs: undefined }, 'graceMs is not a whole number'],
    ['no arrival', 'ClickAcceptedEvent', { arrival: undefined }, 'arrival is not a whole number'],
    ['no end of a window', 'ClickAcceptedEvent', { windowEnd: undefined }, 'windowEnd is not a whole number'],
    [
      'a number too few',
      'LotteryWinnerEvent',
      { entries: 4 },
      '4 entries were counted, and 5 have a receipt',
    ],
    ['a draw of a click', 'ClickAcceptedEvent', { drawId: drawId(7) }, 'drawId does not fit'],
    ['a draw id', 'ClickAcceptedEvent', { drawId: 'one' }, 'drawId one is not <lotteryId>@<windowStart>'],
    ['a run of 1 spelled out', 'ClickAcceptedEvent', { drawId: `${drawId(0)}#1` }, 'is not <lotteryId>@'],
    [
      'a missing field',
      'ClickAcceptedEvent',
      { entryId: undefined },
      'line 2: ClickAcceptedEvent: entryId is not text',
    ],
    ['a wrong hash', 'LotteryWinnerEvent', { priority: 'FF' }, 'priority is not 64 lower case hexadecimal'],
    ['wrong prizes', 'LotteryStartedEvent', { prizes: [1] }, 'prizes is not a list of texts'],
    ['a wrong user', 'ClickAcceptedEvent', { userId: -1 }, 'userId is not an id'],
    ['a wrong time', 'ClickAcceptedEvent', { timestamp: '5' }, 'timestamp is not a whole number'],
  ])('%s fails', async (_, type, fields, reason) => {
    const { failures, text } = await check(change(wholeRun(), type, fields));
    expect(failures).toBeGreaterThan(0);
    expect(text).toContain(reason);
  });

  it('two receipts that contradict each other', async () => {
    const run = wholeRun();
    const { failures, text } = await check([
      ...run,
      { ...run[1], type: 'ClickAcceptedEvent', availableCoupons: 6 },
    ]);
    expect(failures).toBe(1);
    expect(text).toContain('two different ClickAcceptedEvent where only one can be: lines 2 and 21');
  });
});

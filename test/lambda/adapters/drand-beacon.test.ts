import { beforeEach, describe, expect, test } from 'vitest';
import { DrandBeacon } from '../../../lambda/adapters/drand-beacon.ts';
import type { Fetched, FetchLimits } from '../../../lambda/adapters/fetch.ts';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';

type Answer = Fetched | Error;

const mirrors = ['https://a', 'https://b', 'https://c'];
const signatureOf = (round: number) => String(round).padStart(96, '0');
const forged = 'f'.repeat(96);

let now: number;
let asked: string[];
let limits: FetchLimits[];
let answers: Record<string, (round: number) => Answer | Promise<Answer>>;
let verified: string[];
let telemetry: MemoryTelemetry;
let beacon: DrandBeacon;

const says = (value: unknown, status = 200): Fetched => ({ status, body: JSON.stringify(value) });
const truth = (round: number) => says({ round, randomness: 'x', signature: signatureOf(round) });
const hangs = () => new Error('The operation was aborted due to timeout');

beforeEach(() => {
  now = 1_000_000;
  asked = [];
  limits = [];
  verified = [];
  answers = { a: truth, b: truth, c: truth };
  telemetry = new MemoryTelemetry();
  beacon = new DrandBeacon(mirrors, {
    fetch: async (url, given) => {
      const [, mirror = '', path = ''] = /^https:\/\/(\w)\/(.*)$/.exec(url) ?? [];
      asked.push(mirror);
      limits.push(given);
      expect(path).toMatch(new RegExp(`^${quicknet.chainHash}/public/\\d+$`));
      const answer = await (answers[mirror]?.(Number(path.split('/').at(-1))) ?? hangs());
      if (answer instanceof Error) throw answer;
      return answer;
    },
    verify: (chain, round, signature) => {
      expect(chain).toBe(quicknet);
      verified.push(signature);
      return signature === signatureOf(round);
    },
    telemetry,
    now: () => now,
  });
});

const of = (round: number) => beacon.signatureOf(quicknet, round);

describe('a round', () => {
  test('is asked of the first mirror, verified, and then remembered', async () => {
    expect([await of(7), await of(7), await of(8)]).toEqual([7, 7, 8].map(signatureOf));
    expect([asked, verified]).toEqual([['a', 'a'], [7, 8].map(signatureOf)]);
    expect(limits[0]).toEqual({ timeoutMs: 1_500, maximumBytes: 4_096 });
  });

  test('that many ask for at a time is asked for once', async () => {
    expect(await Promise.all([7, 7, 7].map(of))).toEqual(Array(3).fill(signatureOf(7)));
    expect(asked).toEqual(['a']);
  });

  test('is remembered among the last 5,000; those that nobody has are forgotten before', async () => {
    for (let round = 1; round < 5_000; round += 1) await of(round);
    answers = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, () => ({ status: 404, body: '' })]));
    await of(9_000);
    answers = { a: truth, b: truth, c: truth };
    await of(5_000);
    asked = [];
    await of(1);
    expect(asked).toEqual([]);
    await of(5_001);
    asked = [];
    await of(2);
    expect(asked).toEqual([]);
    await of(1);
    expect(asked).toEqual(['a']);
  });

  const useless: readonly (readonly [string, (round: number) => Answer])[] = [
    ['hangs', hangs],
    ['is out of reach', () => new TypeError('fetch failed')],
    ['fails', (round) => ({ ...truth(round), status: 500 })],
    ['gives another round', (round) => truth(round - 1)],
    ['says that it is another round', (round) => says({ round: round - 1, signature: signatureOf(round) })],
    ['gives another round’s signature as this one’s', (round) => says({ round, signature: signatureOf(1) })],
    ['gives a forged signature', (round) => says({ round, signature: forged })],
    ['gives a signature in another form', (round) => says({ round, signature: signatureOf(round).slice(2) })],
    ['gives a round as text', (round) => says({ round: String(round), signature: signatureOf(round) })],
    ['gives no JSON', () => ({ status: 200, body: '<html>' })],
    ['gives an empty answer', () => ({ status: 200, body: '' })],
    ['gives JSON of something else', () => says(null)],
  ];

  test.each(useless)(
    'is asked of the next mirror where one %s; that one is left alone for 5 s',
    async (_, how) => {
      answers.a = how;
      expect(await of(7)).toBe(signatureOf(7));
      expect(asked).toEqual(['a', 'b']);
      expect(telemetry.warnings).toEqual(['A mirror of the beacon is of no use']);
      expect(telemetry.details).toMatchObject([{ mirror: 'https://a', round: 7 }]);
      asked = [];
      now += 4_999;
      await of(8);
      expect(asked).toEqual(['b']);
      now += 1;
      asked = [];
      await of(9);
      expect(asked).toEqual(['a', 'b']);
    },
  );

  test('that a mirror has not yet is asked of the others; it is no fault of its', async () => {
    answers.a = () => ({ status: 404, body: '' });
    answers.b = () => ({ status: 425, body: '' });
    expect([await of(7), await of(8)]).toEqual([7, 8].map(signatureOf));
    expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(telemetry.warnings).toEqual([]);
  });

  test('that no mirror has is undefined, and asked for again after a second, not before', async () => {
    answers = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, () => ({ status: 404, body: '' })]));
    expect([await of(7), await of(7)]).toEqual([undefined, undefined]);
    expect(asked).toEqual(['a', 'b', 'c']);
    answers.a = truth;
    now += 999;
    expect(await of(7)).toBeUndefined();
    now += 1;
    expect(await of(7)).toBe(signatureOf(7));
  });

  test('where all mirrors are of no use is undefined at once for a while: nobody waits for each of them again', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) answers[name] = useless[index * 4]?.[1] ?? hangs;
    expect(await of(7)).toBeUndefined();
    expect(asked).toEqual(['a', 'b', 'c']);
    now += 2_000;
    for (let round = 8; round < 100; round += 1) expect(await of(round)).toBeUndefined();
    expect(asked).toHaveLength(3);
    answers = { a: truth, b: truth, c: truth };
    now += 3_000;
    expect(await of(7)).toBe(signatureOf(7));
  });
});

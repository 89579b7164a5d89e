import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { signaturesFrom, signaturesOf } from '../../../proof/soak/chain-signatures.ts';
import { sound } from '../audit/evidence.ts';

const chainHash = 'be'.repeat(32);

let server: Server;
let endpoint: string;
let answer: unknown;
let asked: (string | undefined)[];

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    asked.push(url);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens at no port');
  endpoint = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  asked = [];
});

it('asks the chain itself for a round, and none of its mirrors', async () => {
  answer = { round: 7, randomness: 'cd', signature: 'ab' };
  expect(await signaturesFrom(endpoint, chainHash)(7)).toBe('ab');
  expect(asked).toEqual([`/${chainHash}/public/7`]);
});

it.each([
  ['another round', { round: 6, signature: 'ab' }, 'The chain answers with round 6, not 7'],
  ['no signature', { round: 7 }, 'signature'],
  ['none of both', 'This round is to come', 'expected object'],
])('takes %s for no answer', async (_, said, message) => {
  answer = said;
  await expect(signaturesFrom(endpoint, chainHash)(7)).rejects.toThrow(message);
});

it('asks for each round that has drawn once, and for none of draws without a beacon', async () => {
  const [draw] = sound.draws;
  if (draw === undefined) throw new Error('There is evidence of no draw');
  const { beacon: _, ...seeded } = draw;
  const of = (...rounds: number[]) =>
    rounds.map((round) => ({ ...seeded, beacon: { round, signature: 'ef' } }));
  const rounds: number[] = [];
  const signatures = await signaturesOf({ draws: [...of(9, 7, 9), seeded] }, async (round) => {
    rounds.push(round);
    return `of ${round}`;
  });
  expect(rounds).toEqual([9, 7]);
  expect([...signatures]).toEqual([
    [9, 'of 9'],
    [7, 'of 7'],
  ]);
});

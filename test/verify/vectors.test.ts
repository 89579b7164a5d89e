/** What other tools computed: openssl and Python a whole lottery, drand the rounds that it is drawn by. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  drawSeed as coreDrawSeed,
  roundOf as coreRoundOf,
  windowSeedCommitment,
} from '../../lambda/core/beacon.ts';
import { rootOfHashes as coreRootOfHashes, leafHash, merkleTree } from '../../lambda/core/merkle.ts';
import { Beacons, quicknet, roundOf, timeOfRound } from '../../verify/beacon.ts';
import { bytesToHex, fromBase64url } from '../../verify/bytes.ts';
import { drawSeed, seedCommitment, windowSeed } from '../../verify/hashes.ts';
import * as merkle from '../../verify/merkle.ts';
import { ProvenTree } from '../../verify/proven-tree.ts';
import { verify } from '../../verify/verify.ts';

const data = (name: string) => readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8');

const vectors = z
  .object({
    trees: z.array(z.object({ size: z.number(), root: z.string(), paths: z.array(z.string()) })).length(9),
    lines: z.array(z.string()).min(17),
    draws: z.array(z.object({ drawSeed: z.string(), sheet: z.string() })).length(2),
  })
  .parse(JSON.parse(data('draw-vectors.json')));

const known = z
  .object({
    chain: z.object({
      chainHash: z.string(),
      publicKey: z.string(),
      genesisSeconds: z.number(),
      periodSeconds: z.number(),
    }),
    rounds: z
      .array(z.object({ round: z.number(), signature: z.string(), randomness: z.string().optional() }))
      .min(5),
  })
  .parse(JSON.parse(data('quicknet-rounds.json')));

const sheets = vectors.draws.map(({ sheet }, index) => ({
  name: `sheet ${index}`,
  chunks: [Buffer.from(sheet)],
}));
const headers = vectors.draws.map(({ sheet }) =>
  z
    .object({
      ...{ lotteryId: z.string(), windowStart: z.number(), windowEnd: z.number(), windowRoot: z.string() },
      ...{
        windowSeed: z.string(),
        windowSeedCommitment: z.string(),
        closedAt: z.number(),
        round: z.number(),
      },
      ...{ beaconSignature: z.string(), chainHash: z.string() },
    })
    .parse(JSON.parse(sheet.split('\n')[0] ?? '')),
);

describe("drand's quicknet", () => {
  const beacons = new Beacons();

  it('is known to the verifier', () => expect(quicknet).toEqual(known.chain));

  it.each(known.rounds)('has round $round, as published', ({ round, signature, randomness }) => {
    expect(beacons.isOfRound(quicknet, round, signature)).toBe(true);
    expect(beacons.isOfRound(quicknet, round + 1, signature)).toBe(false);
    const hash = createHash('sha256').update(Buffer.from(signature, 'hex')).digest('hex');
    expect(hash).toBe(randomness ?? hash);
  });

  it.each([
    ['no point', 'ab'.repeat(48)],
    ['the point at infinity', `c0${'00'.repeat(47)}`],
    ['nothing', '00'.repeat(48)],
  ])('has no round that is %s', (_, signature) => {
    expect(beacons.isOfRound(quicknet, 1000, signature)).toBe(false);
  });

  it('has a first round, at its genesis', () => {
    expect(timeOfRound(quicknet, 1)).toBe(quicknet.genesisSeconds * 1000);
    expect(roundOf(quicknet, 0, 0)).toBe(1);
  });
});

describe.each(vectors.trees)('a tree of $size', ({ size, root, paths }) => {
  const leaves = Array.from({ length: size }, (_, index) => merkle.leafHash(String(index)));

  it('has the root and the paths that Python computed', () => {
    expect(bytesToHex(merkle.rootOf(leaves))).toBe(root);
    const tree = merkleTree(leaves.map((_, index) => leafHash(String(index))));
    expect(tree.root).toBe(root);
    expect(paths).toEqual(leaves.map((_, index) => tree.pathOf(index)));
  });

  it('is led to from each leaf, and from no other', () => {
    const proven = new ProvenTree(merkle.rootOf(leaves), size);
    for (const [index, leaf] of leaves.entries()) {
      const path = fromBase64url(paths[index] ?? '') ?? new Uint8Array();
      expect(path).toHaveLength(merkle.pathBytes(index, size));
      expect(bytesToHex(merkle.rootFrom(leaf, { index, size, path }))).toBe(root);
      // In any order, and again when all of it is known.
      for (const _ of [1, 2]) expect(proven.proves(leaf, index, path)).toBe(true);
      expect(proven.proves(merkle.leafHash('x'), index, path)).toBe(false);
      for (const at of path.keys()) {
        const changed = path.map((byte, place) => (place === at ? byte ^ 1 : byte));
        expect(proven.proves(leaf, index, changed)).toBe(false);
      }
    }
  });
});

describe('a tree of more leaves than are kept', () => {
  const size = 2 ** 14 + 1;
  const tree = merkleTree(Array.from({ length: size }, (_, index) => leafHash(String(index))));

  it.each([0, 8_191, size - 1])('is led to from leaf %i, and from no other', (index) => {
    const proven = new ProvenTree(Buffer.from(tree.root, 'hex'), size);
    const path = fromBase64url(tree.pathOf(index)) ?? new Uint8Array();
    for (const _ of [1, 2]) expect(proven.proves(merkle.leafHash(String(index)), index, path)).toBe(true);
    expect(proven.proves(merkle.leafHash('x'), index, path)).toBe(false);
    expect(proven.proves(merkle.leafHash(String(index)), index ^ 1, path)).toBe(false);
  });
});

describe('a lottery that openssl and Python made', () => {
  it('holds, with nothing missing', async () => {
    const { text, failures } = await verify(vectors.lines, { sheets });
    expect(failures).toBe(0);
    expect(text.at(-1)).toBe('2 draws, 2 winners, 11 receipts, 2 sheets, 1 seed revealed, 0 failures');
    expect(text).toHaveLength(3);
    expect(text[0]).toContain('sheet of 2 blocks, round 1000 of quicknet, seed revealed');
    expect(text[1]).toContain('sheet of 2 blocks, round 1003 of quicknet, seed revealed');
  });

  it('has no receipt of which a digit is another', async () => {
    const isOf = (type: string) => (line: string) => line.includes(`"type":"${type}"`);
    const index = vectors.lines.findIndex((line) => line.includes('"batch":'));
    const line = vectors.lines[index] ?? '';
    const places = [...line.matchAll(/"[\w-]{43,}"/g)].map((match) => match.index + 8);
    expect(places).toHaveLength(4);
    const start = vectors.lines.filter(isOf('LotteryStartedEvent'));
    expect((await verify([...start, line])).failures).toBe(0);
    for (const at of places) {
      const changed = line.slice(0, at) + (line[at] === '0' ? '1' : '0') + line.slice(at + 1);
      expect((await verify([...start, changed])).failures, changed).toBe(1);
    }
  });

  it.each(headers)('has the numbers of $windowStart in both', (header) => {
    const { drawSeed: own } = vectors.draws[headers.indexOf(header)] ?? {};
    const roots = (vectors.draws[headers.indexOf(header)]?.sheet.match(/"root":"[^"]*"/g) ?? []).map((text) =>
      text.slice(8, -1),
    );
    const over = header.windowEnd + 2_000;
    const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('hex');
    expect(windowSeed(seed, header.lotteryId, header.windowStart)).toBe(header.windowSeed);
    expect(seedCommitment(header.windowSeed)).toBe(header.windowSeedCommitment);
    expect(windowSeedCommitment(seed, header.lotteryId, header.windowStart)).toBe(
      header.windowSeedCommitment,
    );
    for (const seedOf of [drawSeed, coreDrawSeed])
      expect(seedOf(header.windowSeed, header.beaconSignature)).toBe(own);
    for (const numberOf of [roundOf, coreRoundOf])
      expect(numberOf(quicknet, over, header.closedAt)).toBe(header.round);
    expect(bytesToHex(merkle.rootOfHashes(roots))).toBe(header.windowRoot);
    expect(coreRootOfHashes(roots)).toBe(header.windowRoot);
  });
});

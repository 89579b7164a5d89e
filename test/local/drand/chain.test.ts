import { createHash } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { describe, expect, it } from 'vitest';
import { chainHashOf, chainOf, groupHashOf, newSecretKey, roundAt } from '../../../local/drand/chain.ts';
import { answerDrand } from '../../../local/drand/chain-api.ts';

const scheme = bls12_381.shortSignatures;
const GENESIS = 1_700_000_000;
const chain = chainOf(newSecretKey(), GENESIS);
const { chainHash, publicKey } = chain.info;

/** As drand's clients verify a round of quicknet. */
function isSignedBy(key: string, round: number, signature: string): boolean {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(round));
  const message = createHash('sha256').update(number).digest();
  const point = scheme.hash(message, 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_');
  return scheme.verify(Buffer.from(signature, 'hex'), point, Buffer.from(key, 'hex'));
}

function get(path: string, seconds = 0, method = 'GET') {
  const { status, headers, body } = answerDrand(chain, (GENESIS + seconds) * 1000, { method, path });
  const isJson = headers['content-type'] === 'application/json';
  return { status, body: isJson ? JSON.parse(body.toString()) : body.toString() };
}

describe('a chain', () => {
  it('signs its rounds as quicknet does, each by itself', () => {
    expect(publicKey).toMatch(/^[0-9a-f]{192}$/);
    const signature = chain.signatureOf(7);
    expect(signature).toMatch(/^[0-9a-f]{96}$/);
    expect(isSignedBy(publicKey, 7, signature)).toBe(true);
    expect(isSignedBy(publicKey, 8, signature)).toBe(false);
    expect(isSignedBy(chainOf(newSecretKey(), GENESIS).info.publicKey, 7, signature)).toBe(false);
  });

  it('gives a round one signature, however often it is asked for, and by the key alone', () => {
    const secret = newSecretKey();
    const [first, second] = [chainOf(secret, GENESIS), chainOf(secret, GENESIS)];
    expect(first.signatureOf(3)).toBe(second.signatureOf(3));
    expect(first.signatureOf(3)).toBe(second.signatureOf(3));
    expect(first.info).toEqual(second.info);
  });

  it('is called as drand calls one that is made so', () => {
    // As quicknet says of itself at https://api.drand.sh/52db9ba7…/info, and drand's own tests of chain.Info.
    const quicknet = {
      publicKey:
        '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
      ...{ genesisSeconds: 1_692_803_367, periodSeconds: 3, beaconId: 'quicknet' },
      groupHash: 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e',
    };
    expect(chainHashOf(quicknet)).toBe('52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971');
    expect(chainHash).toBe(
      chainHashOf({ ...chain.info, groupHash: groupHashOf(publicKey), beaconId: 'local' }),
    );
    expect(chainOf(newSecretKey(), GENESIS).info.chainHash).not.toBe(chainHash);
  });

  it.each([
    [-1, 0],
    [0, 1],
    [2.999, 1],
    [3, 2],
    [300, 101],
  ])('has at %d s its last round: %d', (seconds, round) => {
    expect(roundAt(chain.info, (GENESIS + seconds) * 1000)).toBe(round);
  });
});

describe("drand's paths", () => {
  it('give a round that is there, at the millisecond and ever after', () => {
    const signature = chain.signatureOf(4);
    const randomness = createHash('sha256').update(Buffer.from(signature, 'hex')).digest('hex');
    const found = { status: 200, body: { round: 4, randomness, signature } };
    expect(get(`/${chainHash}/public/4`, 9)).toEqual(found);
    expect(get(`/${chainHash}/public/4?x=1`, 9_000)).toEqual(found);
    expect(get(`/${chainHash}/public/latest`, 11.999)).toEqual(found);
    expect(get(`/${chainHash}/public/0`, 11.999)).toEqual(found);
  });

  it.each(['4', '5', '999999999999999'])('keep round %s to themselves until it is there', (round) => {
    expect(get(`/${chainHash}/public/${round}`, 8.999)).toMatchObject({ status: 425 });
  });

  it('have nothing before the first round', () => {
    expect(get(`/${chainHash}/public/latest`, -1)).toMatchObject({ status: 425 });
    expect(get(`/${chainHash}/public/1`, -1)).toMatchObject({ status: 425 });
  });

  it('say what the chain is', () => {
    expect(get('/chains')).toEqual({ status: 200, body: [chainHash] });
    expect(get(`/${chainHash}/info`)).toEqual({
      status: 200,
      body: {
        ...{ public_key: publicKey, period: 3, genesis_time: GENESIS, hash: chainHash },
        ...{ groupHash: groupHashOf(publicKey), schemeID: 'bls-unchained-g1-rfc9380' },
        metadata: { beaconID: 'local' },
      },
    });
  });

  it.each([
    ['/', 404],
    ['/public/1', 404],
    [`/${'0'.repeat(64)}/public/1`, 404],
    [`/${chainHash}/public`, 404],
    [`/${chainHash}/public/1/2`, 404],
    [`/${chainHash}/secret/1`, 404],
    [`/${chainHash}/public/one`, 400],
    [`/${chainHash}/public/-1`, 400],
    [`/${chainHash}/public/1.5`, 400],
    [`/${chainHash}/public/`, 400],
  ])('refuse %s', (path, status) => {
    expect(get(path, 100)).toMatchObject({ status });
  });

  it('are for reading', () => {
    expect(get(`/${chainHash}/info`, 0, 'POST')).toMatchObject({ status: 405 });
  });
});

/** drand's beacon: which round draws, and whether a signature is that round's. Scheme bls-unchained-g1-rfc9380. */
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hashOf, hexToBytes } from './bytes.ts';

export type Chain = { chainHash: string; publicKey: string; genesisSeconds: number; periodSeconds: number };

/** The League of Entropy's public chain. Known here, so that nobody's word is needed for its key. */
export const quicknet: Chain = {
  chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  genesisSeconds: 1_692_803_367,
  periodSeconds: 3,
};

const domain = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
const delayMs = 3_000;

/** When a round is published, ms since 1970. */
export function timeOfRound({ genesisSeconds, periodSeconds }: Chain, round: number): number {
  return (genesisSeconds + (round - 1) * periodSeconds) * 1000;
}

/** The first round at or after 3 s behind both the window's end with its grace and the close. Times in ms. */
export function roundOf(chain: Chain, windowOverAt: number, closedAt: number): number {
  const from = Math.max(windowOverAt, closedAt) + delayMs;
  const periodMs = chain.periodSeconds * 1000;
  return Math.max(1, Math.ceil((from - chain.genesisSeconds * 1000) / periodMs) + 1);
}

/** Checks signatures, each once: one takes a pairing, which is tens of milliseconds. */
export class Beacons {
  readonly #known = new Map<string, boolean>();

  isOfRound({ publicKey }: Chain, round: number, signature: string): boolean {
    const key = `${publicKey} ${round} ${signature}`;
    const known = this.#known.get(key) ?? isSigned(publicKey, round, signature);
    this.#known.set(key, known);
    return known;
  }
}

function isSigned(publicKey: string, round: number, signature: string): boolean {
  const { shortSignatures: scheme } = bls12_381;
  const number = new DataView(new ArrayBuffer(8));
  number.setBigUint64(0, BigInt(round));
  const message = hashOf(new Uint8Array(number.buffer));
  try {
    // Points that are not on the curve, or not in its group, are refused when they are read.
    return scheme.verify(hexToBytes(signature), scheme.hash(message, domain), hexToBytes(publicKey));
  } catch {
    return false;
  }
}

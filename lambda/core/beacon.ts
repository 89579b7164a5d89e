import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { windowSeed } from './fairness.ts';

/** A drand chain: randomness that is published in rounds, each at a time that is known before (docs/fairness.md). */
export interface BeaconChain {
  /** Its name: 64 hexadecimal digits. */
  readonly chainHash: string;
  /** Of the scheme bls-unchained-g1-rfc9380: 192 hexadecimal digits. */
  readonly publicKey: string;
  /** When its first round was published, seconds since the epoch. */
  readonly genesisSeconds: number;
  readonly periodSeconds: number;
}

export const beaconChainSchema = z.object({
  chainHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  publicKey: z.string().check(z.regex(/^[0-9a-f]{192}$/)),
  genesisSeconds: z.int().check(z.minimum(0)),
  periodSeconds: z.int().check(z.positive()),
});

/** Between what fixes a draw's entries and the round that draws: nobody can know that one then. In ms. */
export const beaconDelayMs = 3_000;

/** When a round is published, ms since the epoch. */
export function timeOfRound({ genesisSeconds, periodSeconds }: BeaconChain, round: number): number {
  return (genesisSeconds + (round - 1) * periodSeconds) * 1000;
}

/**
 * The round that draws: the first one at or after the delay, counted from when the window was over and its draw closed.
 * @param windowOverAt its end with its grace, ms @param closedAt ms
 */
export function roundOf(chain: BeaconChain, windowOverAt: number, closedAt: number): number {
  const { genesisSeconds, periodSeconds } = chain;
  const from = Math.max(windowOverAt, closedAt) + beaconDelayMs;
  return Math.max(1, Math.ceil((from / 1000 - genesisSeconds) / periodSeconds) + 1);
}

/** SHA-256 of the text "<windowSeed>:<beacon signature>"; without a beacon the window's seed itself. Hex. */
export function drawSeed(windowSeedHex: string, beaconSignature: string | undefined): string {
  return beaconSignature === undefined
    ? windowSeedHex
    : hash('sha256', `${windowSeedHex}:${beaconSignature}`);
}

/** SHA-256 over the 32 bytes of a window's seed, hex: published when its draw is closed. */
export function windowSeedCommitment(seedHex: string, lotteryId: string, windowStart: number): string {
  return hash('sha256', Buffer.from(windowSeed(seedHex, lotteryId, windowStart), 'hex'));
}

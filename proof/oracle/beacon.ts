import { hash } from 'node:crypto';
import type { Json } from './streams.ts';

/** What a run says of its beacon; times in ms. */
export type Chain = { chainHash: string; genesis: number; period: number };

/** Between what fixes a draw's entries and the time of its round, at least, ms (docs/fairness.md). */
const DELAY_MS = 3_000;

/** Of a start; undefined where its draws have no beacon. */
export function chainOf({ beacon }: Json): Chain | undefined {
  if (typeof beacon !== 'object' || !beacon) return undefined;
  const { chainHash, genesisSeconds, periodSeconds } = beacon as Json;
  const [genesis, period] = [Number(genesisSeconds) * 1000, Number(periodSeconds) * 1000];
  return { chainHash: `${chainHash}`, genesis, period };
}

export const timeOfRound = ({ genesis, period }: Chain, round: number) => genesis + (round - 1) * period;

/** The first round that comes so long after the window was over, and after its draw was closed. */
export function roundFor(chain: Chain, windowOverAt: number, closedAt: number): number {
  const from = Math.max(windowOverAt, closedAt) + DELAY_MS;
  const before = Math.floor((from - chain.genesis) / chain.period);
  const round = Math.max(1, before);
  return [round, round + 1, round + 2].find((each) => timeOfRound(chain, each) >= from) ?? Number.NaN;
}

/** What entries are ranked by. @param signature undefined where there is no beacon */
export function drawSeedOf(windowSeed: string, signature: string | undefined): string {
  return signature === undefined ? windowSeed : hash('sha256', `${windowSeed}:${signature}`);
}

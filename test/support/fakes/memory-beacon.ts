import { hash } from 'node:crypto';
import { type BeaconChain, timeOfRound } from '../../../lambda/core/beacon.ts';
import type { Beacon } from '../../../lambda/ports/ports.ts';

/** What a round's signature is here: it proves nothing. */
export function signatureOfRound(round: number): string {
  return `${hash('sha256', `round ${round}`)}${'0'.repeat(32)}`;
}

/** Rounds, each once its time has come. */
export class MemoryBeacon implements Beacon {
  isOutOfReach = false;
  /** Rounds that were asked for. */
  readonly asked: number[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async signatureOf(chain: BeaconChain, round: number): Promise<string | undefined> {
    this.asked.push(round);
    if (this.isOutOfReach || timeOfRound(chain, round) > this.#now()) return undefined;
    return signatureOfRound(round);
  }
}

import type { BeaconChain } from '../../core/beacon.ts';
import type { Beacon } from '../../ports/ports.ts';

/**
 * A beacon for one invocation: where a round is missing those after it are taken as missing too, and not asked for. In an
 * outage thousands may wait.
 */
export class MissingRounds implements Beacon {
  readonly #beacon: Beacon;
  /** The earliest that is missing, by chain. */
  readonly #missing = new Map<string, number>();

  constructor(beacon: Beacon) {
    this.#beacon = beacon;
  }

  async signatureOf(chain: BeaconChain, round: number): Promise<string | undefined> {
    const missing = this.#missing.get(chain.chainHash) ?? Number.POSITIVE_INFINITY;
    if (round >= missing) return undefined;
    const signature = await this.#beacon.signatureOf(chain, round);
    if (signature === undefined) this.#miss(chain, round);
    return signature;
  }

  /** Others may have been asked for meanwhile. */
  #miss({ chainHash }: BeaconChain, round: number): void {
    this.#missing.set(chainHash, Math.min(round, this.#missing.get(chainHash) ?? round));
  }
}

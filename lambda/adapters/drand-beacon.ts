import * as z from 'zod/mini';
import type { BeaconChain } from '../core/beacon.ts';
import type { Beacon } from '../ports/ports.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Fetch, Fetched } from './fetch.ts';

/** What a mirror may take; there are others. */
const limits = { timeoutMs: 1_500, maximumBytes: 4_096 };

/** A mirror that did not answer, or told an untruth, is left alone for so long: not every draw shall wait for it, ms. */
const restMs = 5_000;

/** A round that nobody has is not asked for again within this, ms: many runs wait for the same one. */
const askAgainMs = 1_000;

/** An hour of rounds, and more, at a round in a second. */
const roundsRemembered = 5_000;

const answerSchema = z.object({
  round: z.int(),
  signature: z.string().check(z.regex(/^[0-9a-f]{96}$/)),
});

export interface BeaconDependencies {
  readonly fetch: Fetch;
  readonly verify: (chain: BeaconChain, round: number, signatureHex: string) => boolean;
  readonly telemetry: Pick<Telemetry, 'warn'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A question that was asked, or answered. */
interface Asked {
  readonly signature: Promise<string | undefined>;
  /** When it may be asked again, ms: never where it was answered. */
  again: number;
}

/** drand by HTTP: any of its mirrors, since none has to be trusted. What was verified is remembered. */
export class DrandBeacon implements Beacon {
  readonly #mirrors: readonly string[];
  readonly #dependencies: BeaconDependencies;
  /** By chain and round, the last ones. */
  readonly #asked = new Map<string, Asked>();
  /** Until when a mirror is left alone, ms. */
  readonly #resting = new Map<string, number>();

  /** @param mirrors URLs, in the order in which they are asked */
  constructor(mirrors: readonly string[], dependencies: BeaconDependencies) {
    this.#mirrors = mirrors;
    this.#dependencies = dependencies;
  }

  async signatureOf(chain: BeaconChain, round: number): Promise<string | undefined> {
    const { now } = this.#dependencies;
    const key = `${chain.chainHash}/${round}`;
    const known = this.#asked.get(key);
    if (known !== undefined && known.again > now()) return known.signature;
    const asked: Asked = { signature: this.#ask(chain, round), again: Number.POSITIVE_INFINITY };
    this.#remember(key, asked);
    const signature = await asked.signature;
    if (signature === undefined) asked.again = now() + askAgainMs;
    return signature;
  }

  #remember(key: string, asked: Asked): void {
    this.#asked.delete(key);
    if (this.#asked.size >= roundsRemembered) this.#forgetOne();
    this.#asked.set(key, asked);
  }

  /** The oldest that nobody answered, else the oldest. */
  #forgetOne(): void {
    const [oldest] = this.#asked.keys();
    const unanswered = [...this.#asked].find(([, { again }]) => again !== Number.POSITIVE_INFINITY);
    const key = unanswered?.[0] ?? oldest;
    if (key !== undefined) this.#asked.delete(key);
  }

  async #ask(chain: BeaconChain, round: number): Promise<string | undefined> {
    for (const mirror of this.#mirrors) {
      if ((this.#resting.get(mirror) ?? 0) > this.#dependencies.now()) continue;
      const signature = await this.#askMirror(mirror, chain, round);
      if (signature !== undefined) return signature;
    }
    return undefined;
  }

  async #askMirror(mirror: string, chain: BeaconChain, round: number): Promise<string | undefined> {
    const { fetch } = this.#dependencies;
    try {
      const answer = await fetch(`${mirror}/${chain.chainHash}/public/${round}`, limits);
      // What drand's relays say of a round that is to come: it is no fault of theirs.
      if (answer.status === 404 || answer.status === 425) return undefined;
      return this.#verified(answer, chain, round);
    } catch (error) {
      this.#rest(mirror, round, error);
      return undefined;
    }
  }

  /** @throws Error when it is not the truth */
  #verified({ status, body }: Fetched, chain: BeaconChain, round: number): string {
    if (status !== 200) throw new Error(`The answer has status ${status}`);
    const answer = answerSchema.parse(JSON.parse(body));
    if (answer.round !== round) throw new Error(`The answer is of round ${answer.round}`);
    if (!this.#dependencies.verify(chain, round, answer.signature)) {
      throw new Error('The signature is not that of the chain');
    }
    return answer.signature;
  }

  #rest(mirror: string, round: number, error: unknown): void {
    const { telemetry, now } = this.#dependencies;
    telemetry.warn('A mirror of the beacon is of no use', { mirror, round, error });
    this.#resting.set(mirror, now() + restMs);
  }
}

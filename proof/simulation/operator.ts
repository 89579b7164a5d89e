import type { GrantRequest } from '../../client/grants.ts';
import type { Random } from '../../local/faults/random.ts';
import type { HonestPlayers, PlayersOptions } from './honest-players.ts';
import { type PlayerRecord, userRecord } from './player-record.ts';

/** How often the operator dies between the item of a grant and its event. */
const DIES = 0.2;
/** Of the last so many grants one is made again. */
const REMEMBERED = 4;
/** How often a grant is as large as one can be. */
const MOST = 0.02;

const reasons = ['a coupon for the wait', 'x'.repeat(256), '🎟', 'GRANT_UNKNOWN', '__proto__', '"', '\u0000'];

type Grant = GrantRequest & { grantId: string };

/** Who gives coupons to users, and sometimes dies over it, or does it again. */
export class Operator {
  readonly #random: Random;
  readonly #honest: HonestPlayers;
  #made = 0;
  #last: Grant[] = [];
  /** Those whose event was never put. */
  readonly #unfinished = new Map<string, Grant>();

  constructor({ random }: PlayersOptions, honest: HonestPlayers) {
    this.#random = random;
    this.#honest = honest;
  }

  /** Of a grant that there is, or soon will be, or never. */
  anyId(): string {
    return `grant-${1 + this.#random.below(this.#made + 2)}`;
  }

  grant(): PlayerRecord {
    this.#made += 1;
    const coupons = this.#random.chance(MOST) ? 2 ** 32 : 1 + this.#random.below(10);
    const grant: Grant = {
      ...{ grantId: `grant-${this.#made}`, userId: this.#honest.user(), coupons },
      reason: this.#random.pick(reasons),
    };
    this.#last = [...this.#last, grant].slice(-REMEMBERED);
    if (!this.#random.chance(DIES)) return recordOf(grant);
    this.#unfinished.set(grant.grantId, grant);
    return { ...recordOf(grant), isLost: true };
  }

  /** The same as before: whoever does not know what became of it does it again. */
  grantAgain(): PlayerRecord {
    if (this.#last.length === 0) return this.grant();
    const grant = this.#random.pick(this.#last);
    this.#unfinished.delete(grant.grantId);
    return recordOf(grant);
  }

  /** What died is done again, so that all that was granted is given. */
  finish(): PlayerRecord[] {
    return [...this.#unfinished.values()].map(recordOf);
  }
}

function recordOf(grant: Grant): PlayerRecord {
  const { userId, grantId } = grant;
  return { ...userRecord({ type: 'CouponGrantEvent', userId, grantId }), grant };
}

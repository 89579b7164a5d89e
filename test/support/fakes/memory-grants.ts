import type { CouponGrant } from '../../../lambda/core/user.ts';
import type { Grants } from '../../../lambda/ports/ports.ts';
import { checkKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** The grants table. */
export class MemoryGrants implements Grants {
  /** By their ids. */
  readonly items = new Map<string, CouponGrant>();
  /** How often it was asked, for anything. */
  calls = 0;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async granted(grantIds: readonly string[]): Promise<Map<string, CouponGrant>> {
    await this.#effects.meanwhile('read grants');
    this.calls += 1;
    return new Map(
      grantIds.flatMap((grantId) => {
        checkKey(grantId);
        const grant = this.items.get(grantId);
        return grant === undefined ? [] : [[grantId, grant] as const];
      }),
    );
  }

  async take(grantIds: readonly string[]): Promise<void> {
    await this.#effects.meanwhile('take grants');
    this.calls += 1;
    for (const grantId of grantIds) {
      const grant = this.items.get(grantId);
      if (grant === undefined) continue;
      this.#effects.make(`take ${grantId}`, () => this.items.set(grantId, { ...grant, isTaken: true }));
    }
  }
}

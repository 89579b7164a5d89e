import type { Refund } from '../../../lambda/core/draw.ts';
import { type RefundKey, refundKey } from '../../../lambda/core/refund-key.ts';
import type { GrantedRefund } from '../../../lambda/core/user.ts';
import type { RefundStore, Refunds } from '../../../lambda/ports/ports.ts';
import { checkKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** The refunds table. */
export class MemoryRefunds implements Refunds, RefundStore {
  /** By `refundKey`. */
  readonly items = new Map<string, Refund & GrantedRefund>();
  /** How many were asked for. */
  reads = 0;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async putIfAbsent(refunds: readonly Refund[]): Promise<{ stored: readonly Refund[]; isNew: number }> {
    let isNew = 0;
    const stored = refunds.map((refund) => {
      const key = refundKey(refund);
      checkKey(key);
      const known = this.items.get(key);
      if (known !== undefined) return known;
      isNew += 1;
      this.#effects.make(`write ${key}`, () => this.items.set(key, { ...refund, isTaken: false }));
      return refund;
    });
    return { stored, isNew };
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    await this.#effects.meanwhile('read refunds');
    this.reads += keys.length;
    return new Map(
      keys.map(refundKey).flatMap((key) => {
        checkKey(key);
        const refund = this.items.get(key);
        return refund === undefined ? [] : [[key, refund] as const];
      }),
    );
  }

  async take(keys: readonly string[]): Promise<void> {
    await this.#effects.meanwhile('take refunds');
    for (const key of keys) {
      checkKey(key);
      const refund = this.items.get(key);
      if (refund === undefined) continue;
      this.#effects.make(`take ${key}`, () => this.items.set(key, { ...refund, isTaken: true }));
    }
  }
}

import type { Refund, StoredDraw } from '../../../lambda/core/draw.ts';
import type { OpenDraws } from '../../../lambda/core/draw-state.ts';
import type { GrantedRefund } from '../../../lambda/core/user.ts';
import { type RunKey, runKey } from '../../../lambda/core/window.ts';
import type { DrawStore, OpenDrawStore, RefundKey, Refunds } from '../../../lambda/ports/ports.ts';
import { refundKey } from '../../../lambda/ports/ports.ts';
import { checkKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** The draws table. */
export class MemoryDraws implements DrawStore, OpenDrawStore, Refunds {
  readonly draws = new Map<string, StoredDraw>();
  /** By `refundKey`. */
  readonly refunds = new Map<string, Refund>();
  /** What waits for its tick, by `runKey`. */
  readonly waiting = new Map<string, OpenDraws>();
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<{ stored: StoredDraw; isNew: boolean }> {
    return this.#putIfAbsent(this.draws, draw.drawId, draw);
  }

  async drawOf(drawId: string): Promise<StoredDraw | undefined> {
    checkKey(drawId);
    return this.draws.get(drawId);
  }

  async putRefundsIfAbsent(
    refunds: readonly Refund[],
  ): Promise<{ stored: readonly Refund[]; isNew: number }> {
    const results = refunds.map((refund) => this.#putIfAbsent(this.refunds, refundKey(refund), refund));
    return {
      stored: results.map(({ stored }) => stored),
      isNew: results.filter(({ isNew }) => isNew).length,
    };
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    return new Map(
      keys.map(refundKey).flatMap((key) => {
        checkKey(key);
        const refund = this.refunds.get(key);
        return refund === undefined ? [] : [[key, refund] as const];
      }),
    );
  }

  async open(run: RunKey): Promise<OpenDraws> {
    checkKey(`${runKey(run)}/open`);
    return structuredClone(this.waiting.get(runKey(run)) ?? {});
  }

  async change(run: RunKey, change: (open: OpenDraws) => OpenDraws): Promise<void> {
    const changed = change(await this.open(run));
    this.#effects.make(`write ${runKey(run)}/open`, () =>
      this.waiting.set(runKey(run), structuredClone(changed)),
    );
  }

  #putIfAbsent<Item>(items: Map<string, Item>, key: string, item: Item): { stored: Item; isNew: boolean } {
    checkKey(key);
    const stored = items.get(key);
    if (stored !== undefined) return { stored, isNew: false };
    this.#effects.make(`write ${key}`, () => items.set(key, item));
    return { stored: item, isNew: true };
  }
}

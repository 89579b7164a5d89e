import type { LateEntry, StoredDraw } from '../../../lambda/core/draw.ts';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import type { GrantedRefund } from '../../../lambda/core/user.ts';
import type {
  DrawStore,
  KnownDraw,
  RefundKey,
  Refunds,
  SeedKeeper,
  Seeds,
} from '../../../lambda/ports/ports.ts';
import { refundKey } from '../../../lambda/ports/ports.ts';
import { checkAttributeName, checkKey } from './aws-limits.ts';
import type { FakeOptions, Journal } from './journal.ts';

/** The seeds table. */
export class MemorySeeds implements SeedKeeper, Seeds {
  /** What keeping a seed throws. */
  error: Error | undefined;
  reads = 0;
  readonly #seeds: Map<string, string>;
  readonly #journal: Journal;

  /** @param known seeds that are there from the beginning */
  constructor(known: readonly string[] = [], { journal = [] }: FakeOptions = {}) {
    this.#seeds = new Map(known.map((seed) => [seedCommitment(seed), seed]));
    this.#journal = journal;
  }

  async keep(seeds: readonly string[]): Promise<void> {
    if (this.error) throw this.error;
    for (const seed of seeds) {
      this.#seeds.set(seedCommitment(seed), seed);
      this.#journal.push('keep seed');
    }
  }

  /** As somebody's hand does it. */
  forget(seed: string): void {
    this.#seeds.delete(seedCommitment(seed));
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    this.reads += 1;
    return new Map(
      commitments.flatMap((commitment) => {
        const seed = this.#seeds.get(commitment);
        return seed === undefined ? [] : [[commitment, seed] as const];
      }),
    );
  }
}

/** The draws table. */
export class MemoryDraws implements DrawStore, Refunds {
  readonly draws = new Map<string, StoredDraw>();
  /** By refund key. */
  readonly lateEntries = new Map<string, LateEntry>();
  readonly #journal: Journal;

  constructor({ journal = [] }: FakeOptions = {}) {
    this.#journal = journal;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw> {
    checkKey(draw.drawId);
    const known = this.#putIfAbsent(this.draws, draw.drawId, draw);
    const late = [...this.lateEntries.values()].filter(({ drawId }) => drawId === draw.drawId);
    return { ...known, late };
  }

  async putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    checkAttributeName(late.entryId);
    return this.#putIfAbsent(this.lateEntries, refundKey(late), late);
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    for (const { drawId } of keys) checkKey(drawId);
    return new Map(
      keys.flatMap((key) => {
        const late = this.lateEntries.get(refundKey(key));
        if (late === undefined || late.movedTo !== undefined) return [];
        const { userId, lotteryId, settledAt } = late;
        return [[refundKey(key), { userId, lotteryId, grantedAt: settledAt }] as const];
      }),
    );
  }

  #putIfAbsent<Item>(items: Map<string, Item>, key: string, item: Item): { stored: Item; isNew: boolean } {
    const stored = items.get(key);
    if (stored !== undefined) return { stored, isNew: false };
    items.set(key, item);
    this.#journal.push(`write ${key}`);
    return { stored: item, isNew: true };
  }
}

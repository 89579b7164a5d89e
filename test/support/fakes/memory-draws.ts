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
import type { Disturbances, FakeOptions, Journal } from './disturbances.ts';
import { undisturbed } from './disturbances.ts';

/** The seeds table. */
export class MemorySeeds implements SeedKeeper, Seeds {
  /** What keeping a seed throws. */
  error: Error | undefined;
  reads = 0;
  readonly #seeds: Map<string, string>;
  readonly #journal: Journal;
  readonly #disturbances: Disturbances;

  /** @param known seeds that are there from the beginning */
  constructor(known: readonly string[] = [], { journal = [], disturbances = undisturbed }: FakeOptions = {}) {
    this.#seeds = new Map(known.map((seed) => [seedCommitment(seed), seed]));
    this.#journal = journal;
    this.#disturbances = disturbances;
  }

  async keep(seeds: readonly string[]): Promise<void> {
    if (this.error) throw this.error;
    await this.#disturbances.step('before keeping seeds');
    for (const seed of seeds) {
      this.#seeds.set(seedCommitment(seed), seed);
      this.#journal.push('keep seed');
    }
    await this.#disturbances.step('after keeping seeds');
  }

  /** As somebody's hand does it. */
  forget(seed: string): void {
    this.#seeds.delete(seedCommitment(seed));
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    this.reads += 1;
    await this.#disturbances.step('reading seeds');
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
  readonly #disturbances: Disturbances;

  constructor({ journal = [], disturbances = undisturbed }: FakeOptions = {}) {
    this.#journal = journal;
    this.#disturbances = disturbances;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw> {
    checkKey(draw.drawId);
    return this.#write(() => {
      const known = this.#putIfAbsent(this.draws, draw.drawId, draw);
      const late = [...this.lateEntries.values()].filter(({ drawId }) => drawId === draw.drawId);
      return { ...known, late };
    });
  }

  async putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    checkAttributeName(late.entryId);
    return this.#write(() => this.#putIfAbsent(this.lateEntries, refundKey(late), late));
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

  /** A draw and its late entries are one item: what a write answers is as of that write. */
  async #write<Answer>(write: () => Answer): Promise<Answer> {
    await this.#disturbances.step('before writing draws');
    const answer = write();
    await this.#disturbances.step('after writing draws');
    return answer;
  }

  #putIfAbsent<Item>(items: Map<string, Item>, key: string, item: Item): { stored: Item; isNew: boolean } {
    const stored = items.get(key);
    if (stored !== undefined) return { stored, isNew: false };
    items.set(key, item);
    this.#journal.push(`write ${key}`);
    return { stored: item, isNew: true };
  }
}

import type { LateEntry, StoredDraw } from '../../../lambda/core/draw.ts';
import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import type { LotteryRun, LotteryState } from '../../../lambda/core/lottery.ts';
import type { GrantedRefund } from '../../../lambda/core/user.ts';
import type { RunKey } from '../../../lambda/core/window.ts';
import { runKey } from '../../../lambda/core/window.ts';
import type { DrawStore, KeyedStore, KeyedWrite, KnownDraw, LotteryEndings, LotteryEventStore, LotteryRuns, RefundKey, Refunds, SeedKeeper, Seeds, TickQueue, WriteResult } from '../../../lambda/ports/ports.ts';
import { refundKey } from '../../../lambda/ports/ports.ts';
import type { Faults } from './faults.ts';

interface Versioned {
  readonly version: number;
}

/** A DynamoDB table of versioned states: eventually consistent reads may be one write old. */
export class MemoryKeyedStore<State extends Versioned> implements KeyedStore<State> {
  readonly items = new Map<string, State>();
  readonly #previous = new Map<string, State | undefined>();
  readonly #faults: Faults;
  readonly #name: string;

  constructor(name: string, faults: Faults) {
    this.#name = name;
    this.#faults = faults;
  }

  async load(keys: readonly string[], { consistent }: { consistent: boolean }): Promise<Map<string, State>> {
    await this.#faults.step(`reading ${this.#name}`);
    const found = new Map<string, State>();
    for (const key of keys) {
      const isStale = !consistent && this.#previous.has(key) && this.#faults.random.chance(0.1);
      const state = isStale ? this.#previous.get(key) : this.items.get(key);
      if (state !== undefined) found.set(key, structuredClone(state));
    }
    return found;
  }

  async write(writes: readonly KeyedWrite<State>[]): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const write of writes) {
      await this.#faults.step(`before writing ${this.#name}`);
      results.push(this.#writeOne(write));
    }
    await this.#faults.step(`after writing ${this.#name}`);
    return results;
  }

  #writeOne({ key, state }: KeyedWrite<State>): WriteResult {
    const failure: WriteResult = { kind: 'failed', error: new Error(`write to ${this.#name} failed`) };
    if (this.#faults.fails(`write to ${this.#name}`)) return failure;
    if ((this.items.get(key)?.version ?? 0) !== state.version) return { kind: 'conflict' };
    this.#previous.set(key, this.items.get(key));
    this.items.set(key, structuredClone({ ...state, version: state.version + 1 }));
    return this.#faults.fails(`answer of a write to ${this.#name}`) ? failure : { kind: 'written' };
  }
}

export class MemoryLotteries implements LotteryEventStore, LotteryRuns, LotteryEndings {
  readonly states: MemoryKeyedStore<LotteryState>;
  readonly #putAway = new Map<string, LotteryRun>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.states = new MemoryKeyedStore('lotteries', faults);
    this.#faults = faults;
  }

  load(keys: readonly string[]): Promise<Map<string, LotteryState>> {
    return this.states.load(keys, { consistent: true });
  }

  async write(writes: readonly KeyedWrite<LotteryState>[]): Promise<WriteResult[]> {
    for (const { key, state } of writes) {
      const before = this.states.items.get(key)?.run;
      if (before && before.run < (state.run?.run ?? 0)) this.#putAway.set(runKey(before), before);
    }
    return this.states.write(writes);
  }

  async current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    const states = await this.load(lotteryIds);
    return new Map([...states].flatMap(([id, { run }]) => (run ? [[id, run]] : [])));
  }

  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    const current = await this.current(keys.map(({ lotteryId }) => lotteryId));
    const all = new Map([
      ...this.#putAway,
      ...[...current.values()].map((run) => [runKey(run), run] as const),
    ]);
    return new Map(
      keys.flatMap((key) => {
        const run = all.get(runKey(key));
        return run ? [[runKey(key), run]] : [];
      }),
    );
  }

  async end({ lotteryId, run }: RunKey): Promise<void> {
    await this.#faults.step('before ending a lottery');
    const state = this.states.items.get(lotteryId);
    if (state?.run?.run === run && state.run.status !== 'ended') {
      const version = state.version + 1;
      this.states.items.set(lotteryId, { ...state, version, run: { ...state.run, status: 'ended' } });
    }
    await this.#faults.step('after ending a lottery');
  }
}

export class MemorySeeds implements SeedKeeper, Seeds {
  readonly #seeds = new Map<string, string>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async keep(seeds: readonly string[]): Promise<void> {
    await this.#faults.step('before keeping seeds');
    for (const seed of seeds) this.#seeds.set(seedCommitment(seed), seed);
    await this.#faults.step('after keeping seeds');
  }

  async byCommitment(commitments: readonly string[]): Promise<Map<string, string>> {
    await this.#faults.step('reading seeds');
    return new Map(
      commitments.flatMap((commitment) => {
        const seed = this.#seeds.get(commitment);
        return seed === undefined ? [] : [[commitment, seed] as const];
      }),
    );
  }
}

export class MemoryDraws implements DrawStore, Refunds {
  readonly draws = new Map<string, StoredDraw>();
  readonly lateEntries = new Map<string, LateEntry>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw> {
    const known = await this.#putIfAbsent(this.draws, draw.drawId, draw);
    const late = [...this.lateEntries.values()].filter(({ drawId }) => drawId === draw.drawId);
    return { ...known, late };
  }

  putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    return this.#putIfAbsent(this.lateEntries, refundKey(late), late);
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    return new Map(
      keys.flatMap((key): [string, GrantedRefund][] => {
        const late = this.lateEntries.get(refundKey(key));
        if (late === undefined || late.movedTo !== undefined) return [];
        const { userId, lotteryId, settledAt } = late;
        return [[refundKey(key), { userId, lotteryId, grantedAt: settledAt }]];
      }),
    );
  }

  async #putIfAbsent<Item>(
    items: Map<string, Item>,
    key: string,
    item: Item,
  ): Promise<{ stored: Item; isNew: boolean }> {
    await this.#faults.step('before writing draws');
    const known = items.get(key);
    if (known === undefined) items.set(key, item);
    await this.#faults.step('after writing draws');
    return known === undefined ? { stored: item, isNew: true } : { stored: known, isNew: false };
  }
}

export class MemoryTicks implements TickQueue {
  readonly messages: TickMessage[] = [];
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    await this.#faults.step('before queueing ticks');
    this.messages.push(...messages);
    await this.#faults.step('after queueing ticks');
  }
}

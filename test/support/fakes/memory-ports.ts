import type { LateEntry, StoredDraw } from '../../../lambda/core/draw.ts';
import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import type { LotteryRun, LotteryState } from '../../../lambda/core/lottery.ts';
import type { GrantedRefund } from '../../../lambda/core/user.ts';
import type { DrawStore, KeyedStore, KeyedWrite, KnownDraw, LotteryEndings, LotteryEventStore, LotteryRuns, RefundKey, Refunds, SeedKeeper, Seeds, StreamPublisher, StreamRecord, TickQueue, WriteResult } from '../../../lambda/ports/ports.ts';
import { refundKey } from '../../../lambda/ports/ports.ts';
import { runKey } from '../../../lambda/core/window.ts';
import type { Telemetry } from '../../../lambda/ports/telemetry.ts';
import { checkAttributeName, checkKey, checkPartitionKey } from './aws-limits.ts';

/**
 * The ports of lambda/ports/ports.ts in memory. Each call is noted in a journal that several fakes share, so that a
 * test can see what came before what; `fault` may throw or answer in the call's place.
 */

export type Journal = string[];

/** Keyed states with versions, as the users table. */
export class MemoryStore<State extends { readonly version: number }> implements KeyedStore<State> {
  readonly items = new Map<string, State>();
  readonly #journal: Journal;
  /** What becomes of a write instead of taking place; undefined: it takes place. */
  beforeWrite: (key: string) => WriteResult | undefined = () => undefined;
  loads: { keys: readonly string[]; consistent: boolean }[] = [];

  constructor(journal: Journal = []) {
    this.#journal = journal;
  }

  async load(keys: readonly string[], { consistent }: { consistent: boolean }): Promise<Map<string, State>> {
    keys.forEach(checkKey);
    this.loads.push({ keys: [...keys], consistent });
    return new Map(
      keys.flatMap((key) => {
        const state = this.items.get(key);
        return state === undefined ? [] : [[key, state] as const];
      }),
    );
  }

  async write(writes: readonly KeyedWrite<State>[]): Promise<WriteResult[]> {
    return writes.map((write) => this.#writeOne(write));
  }

  #writeOne({ key, state }: KeyedWrite<State>): WriteResult {
    const answer = this.beforeWrite(key);
    if (answer !== undefined) return answer;
    if ((this.items.get(key)?.version ?? 0) !== state.version) return { kind: 'conflict' };
    this.items.set(key, { ...state, version: state.version + 1 });
    this.#journal.push(`write ${key}`);
    return { kind: 'written' };
  }
}

/** The lotteries table: the run of now, the runs it replaced, and versions. */
export class MemoryLotteries implements LotteryEventStore, LotteryRuns, LotteryEndings {
  readonly #store: MemoryStore<LotteryState>;
  readonly #replaced = new Map<string, LotteryRun>();
  /** How often each method that reads runs was called. */
  reads = 0;

  constructor(journal: Journal = []) {
    this.#store = new MemoryStore(journal);
  }

  get store(): MemoryStore<LotteryState> {
    return this.#store;
  }

  /** Puts a run in place, as if a start had made it. */
  set(run: LotteryRun): void {
    const known = this.#store.items.get(run.lotteryId);
    this.#store.items.set(run.lotteryId, {
      version: (known?.version ?? 0) + 1,
      cursors: known?.cursors ?? {},
      run,
    });
  }

  load(keys: readonly string[], options: { consistent: boolean }): Promise<Map<string, LotteryState>> {
    return this.#store.load(keys, options);
  }

  write(writes: readonly KeyedWrite<LotteryState>[]): Promise<WriteResult[]> {
    for (const { key } of writes) {
      const run = this.#store.items.get(key)?.run;
      if (run) this.#replaced.set(runKey(run), run);
    }
    return this.#store.write(writes);
  }

  async current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    this.reads += 1;
    lotteryIds.forEach(checkKey);
    return new Map(
      lotteryIds.flatMap((lotteryId) => {
        const run = this.#store.items.get(lotteryId)?.run;
        return run === undefined ? [] : [[lotteryId, run] as const];
      }),
    );
  }

  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    this.reads += 1;
    for (const { lotteryId } of keys) checkKey(lotteryId);
    return new Map(
      keys.flatMap((key) => {
        const current = this.#store.items.get(key.lotteryId)?.run;
        const run = current?.run === key.run ? current : this.#replaced.get(runKey(key));
        return run === undefined ? [] : [[runKey(key), run] as const];
      }),
    );
  }

  async end({ lotteryId, run }: RunKey): Promise<void> {
    checkKey(lotteryId);
    const state = this.#store.items.get(lotteryId);
    if (state?.run?.run !== run || state.run.status === 'ended') return;
    this.set({ ...state.run, status: 'ended' });
  }
}

/** The seeds table. */
export class MemorySeeds implements SeedKeeper, Seeds {
  readonly #seeds = new Map<string, string>();
  readonly #journal: Journal;
  /** The next call throws this. */
  error: Error | undefined;
  reads = 0;

  /** @param known seeds that are there from the beginning */
  constructor(journal: Journal = [], known: readonly string[] = []) {
    this.#journal = journal;
    for (const seed of known) this.#seeds.set(seedCommitment(seed), seed);
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
  readonly late = new Map<string, LateEntry>();
  readonly #journal: Journal;

  constructor(journal: Journal = []) {
    this.#journal = journal;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw> {
    checkKey(draw.drawId);
    const late = [...this.late.values()].filter(({ drawId }) => drawId === draw.drawId);
    return { ...this.#putIfAbsent(this.draws, draw.drawId, draw), late };
  }

  async putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    checkAttributeName(late.entryId);
    return this.#putIfAbsent(this.late, refundKey(late), late);
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    for (const { drawId } of keys) checkKey(drawId);
    return new Map(
      keys.flatMap((key) => {
        const late = this.late.get(refundKey(key));
        if (late === undefined || late.movedTo !== undefined) return [];
        return [[refundKey(key), { ...late, grantedAt: late.settledAt }] as const];
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

/** A stream's end that takes records. */
export class MemoryStream implements StreamPublisher {
  /** What was put, through JSON as on the way through Kinesis. */
  records: { partitionKey: string; value: Record<string, unknown> }[] = [];
  /** The next puts throw this. */
  error: Error | undefined;
  readonly #name: string;
  readonly #journal: Journal;

  constructor(name = 'stream', journal: Journal = []) {
    this.#name = name;
    this.#journal = journal;
  }

  async publish(records: readonly StreamRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.error) throw this.error;
    for (const { partitionKey } of records) checkPartitionKey(partitionKey);
    this.#journal.push(`publish ${this.#name}`);
    this.records.push(
      ...records.map(({ partitionKey, value }) => ({
        partitionKey,
        value: JSON.parse(JSON.stringify(value)),
      })),
    );
  }

  get values(): Record<string, unknown>[] {
    return this.records.map(({ value }) => value);
  }

  /** What was put since the last call. */
  take(): Record<string, unknown>[] {
    const { values } = this;
    this.records = [];
    return values;
  }
}

export class MemoryTicks implements TickQueue {
  messages: TickMessage[] = [];
  error: Error | undefined;
  readonly #journal: Journal;

  constructor(journal: Journal = []) {
    this.#journal = journal;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    if (this.error) throw this.error;
    this.#journal.push('send ticks');
    this.messages.push(...messages);
  }
}

export class MemoryTelemetry implements Telemetry {
  readonly counts: Record<string, number> = {};
  readonly reasons: string[] = [];
  readonly delays: number[] = [];
  readonly warnings: string[] = [];

  count(name: string, value = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + value;
  }

  rejected(reason: string, count: number): void {
    for (let times = 0; times < count; times += 1) this.reasons.push(reason);
  }

  drawDelay(ms: number): void {
    this.delays.push(ms);
  }

  warn(message: string): void {
    this.warnings.push(message);
  }
}

import type { LotteryRun, LotteryState } from '../../../lambda/core/lottery.ts';
import type { RunKey } from '../../../lambda/core/window.ts';
import { runKey } from '../../../lambda/core/window.ts';
import type {
  KeyedStore,
  KeyedWrite,
  LotteryEndings,
  LotteryEventStore,
  LotteryRuns,
  WriteResult,
} from '../../../lambda/ports/ports.ts';
import { checkKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** Versions before the last that are kept. */
const maximumBehind = 3;

/** A table of states with versions, as the users table. */
export class MemoryKeyedStore<State extends { readonly version: number }> implements KeyedStore<State> {
  readonly items = new Map<string, State>();
  readonly loads: { keys: readonly string[]; consistent: boolean }[] = [];
  /** How many writes of a key an eventually consistent read has not seen. */
  behind = 0;
  readonly #versions = new Map<string, (State | undefined)[]>();
  /** What becomes of a write instead of taking place; undefined: it takes place. */
  beforeWrite: (key: string) => WriteResult | undefined = () => undefined;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async load(keys: readonly string[], { consistent }: { consistent: boolean }): Promise<Map<string, State>> {
    keys.forEach(checkKey);
    this.loads.push({ keys: [...keys], consistent });
    await this.#effects.meanwhile('read states');
    return new Map(
      keys.flatMap((key) => {
        const state = consistent ? this.items.get(key) : this.#seen(key);
        return state === undefined ? [] : [[key, structuredClone(state)] as const];
      }),
    );
  }

  async write(writes: readonly KeyedWrite<State>[]): Promise<WriteResult[]> {
    await this.#effects.meanwhile('write states');
    const results: WriteResult[] = [];
    for (const write of writes) {
      checkKey(write.key);
      results.push(this.beforeWrite(write.key) ?? this.#writeOne(write));
    }
    return results;
  }

  #writeOne({ key, state }: KeyedWrite<State>): WriteResult {
    const known = this.items.get(key);
    if ((known?.version ?? 0) !== state.version) return { kind: 'conflict' };
    this.#effects.make(`write ${key}`, () => {
      this.#versions.set(key, [...(this.#versions.get(key) ?? []), known].slice(-maximumBehind));
      this.items.set(key, structuredClone({ ...state, version: state.version + 1 }));
    });
    return { kind: 'written' };
  }

  /** As it was, or as it is where it is not that old. */
  #seen(key: string): State | undefined {
    const before = this.#versions.get(key) ?? [];
    return this.behind === 0 ? this.items.get(key) : before[Math.max(0, before.length - this.behind)];
  }
}

/** The lotteries table: the run of now, the runs that it replaced, and versions. */
export class MemoryLotteries implements LotteryEventStore, LotteryRuns, LotteryEndings {
  readonly store: MemoryKeyedStore<LotteryState>;
  /** How often runs were read. */
  reads = 0;
  readonly #replaced = new Map<string, LotteryRun>();
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
    this.store = new MemoryKeyedStore(effects);
  }

  /** Puts a run in place, as if a start had made it. */
  set(run: LotteryRun): void {
    const known = this.store.items.get(run.lotteryId);
    const version = (known?.version ?? 0) + 1;
    this.store.items.set(run.lotteryId, { version, cursors: known?.cursors ?? {}, run });
  }

  load(keys: readonly string[]): Promise<Map<string, LotteryState>> {
    return this.store.load(keys, { consistent: true });
  }

  /** A run that is replaced is put away first, whatever becomes of the write. */
  write(writes: readonly KeyedWrite<LotteryState>[]): Promise<WriteResult[]> {
    for (const { key, state } of writes) {
      const before = this.store.items.get(key)?.run;
      if (before && before.run < (state.run?.run ?? 0)) this.#replaced.set(runKey(before), before);
    }
    return this.store.write(writes);
  }

  current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    this.reads += 1;
    return this.#current(lotteryIds);
  }

  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    this.reads += 1;
    const current = await this.#current(keys.map(({ lotteryId }) => lotteryId));
    const known = new Map([...this.#replaced, ...[...current.values()].map(keyed)]);
    return new Map(
      keys.flatMap((key) => {
        const run = known.get(runKey(key));
        return run === undefined ? [] : [keyed(run)];
      }),
    );
  }

  async #current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    const states = await this.load(lotteryIds);
    return new Map([...states].flatMap(([lotteryId, { run }]) => (run ? [[lotteryId, run] as const] : [])));
  }

  async end({ lotteryId, run }: RunKey): Promise<void> {
    checkKey(lotteryId);
    const current = this.store.items.get(lotteryId)?.run;
    if (current?.run !== run || current.status === 'ended') return;
    this.#effects.make(`end ${lotteryId}`, () => this.set({ ...current, status: 'ended' }));
  }
}

function keyed(run: LotteryRun): readonly [string, LotteryRun] {
  return [runKey(run), run];
}

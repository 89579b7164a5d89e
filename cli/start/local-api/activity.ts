import type { RuntimeEvent } from '../../../local/runtime-options.ts';

/** Over how long rates are counted. */
const rateSeconds = 10;

interface Counts {
  records: number;
  invocations: number;
}

class FunctionActivity {
  /** By second; those that are over are counted, so that a rate does not begin low. */
  readonly #bySecond = new Map<number, Counts>();
  failed = 0;
  lastFailure: { at: number; reason: string } | undefined;

  invoked(records: number, now: number): void {
    const second = Math.floor(now / 1000);
    const counts = this.#bySecond.get(second) ?? { records: 0, invocations: 0 };
    this.#bySecond.set(second, { records: counts.records + records, invocations: counts.invocations + 1 });
    for (const old of this.#bySecond.keys()) if (old < second - rateSeconds) this.#bySecond.delete(old);
  }

  rates(now: number): { recordsPerSecond: number; invocationsPerSecond: number } {
    const second = Math.floor(now / 1000);
    const counted = [...this.#bySecond].filter(([at]) => at < second && at >= second - rateSeconds);
    const sum = (kind: keyof Counts) =>
      counted.reduce((all, [, counts]) => all + counts[kind], 0) / rateSeconds;
    return { recordsPerSecond: sum('records'), invocationsPerSecond: sum('invocations') };
  }
}

/** What functions do, from what the runtime tells its observer. */
export class Activity {
  readonly #now: () => number;
  readonly #functions = new Map<string, FunctionActivity>();

  constructor(now: () => number) {
    this.#now = now;
  }

  observe(event: RuntimeEvent): void {
    if (event.type !== 'mapping') return;
    const one = this.of(event.functionName);
    if (event.event.type === 'invoked') one.invoked(event.event.records, this.#now());
    if (event.event.type !== 'failed') return;
    one.failed += 1;
    one.lastFailure = { at: this.#now(), reason: event.event.reason.slice(0, 300) };
  }

  of(functionName: string): FunctionActivity {
    const known = this.#functions.get(functionName) ?? new FunctionActivity();
    this.#functions.set(functionName, known);
    return known;
  }
}

import type { RuntimeEvent } from '../../../local/runtime-options.ts';

/** Over how long rates are counted. */
const rateSeconds = 10;

/** How often something happens. */
class Rate {
  /** By second; those that are over are counted, so that a rate does not begin low. */
  readonly #bySecond = new Map<number, number>();

  count(number: number, now: number): void {
    const second = Math.floor(now / 1000);
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + number);
    for (const old of this.#bySecond.keys()) if (old < second - rateSeconds) this.#bySecond.delete(old);
  }

  perSecond(now: number): number {
    const second = Math.floor(now / 1000);
    const counted = [...this.#bySecond].filter(([at]) => at < second && at >= second - rateSeconds);
    return counted.reduce((sum, [, number]) => sum + number, 0) / rateSeconds;
  }
}

class FunctionActivity {
  readonly #records = new Rate();
  readonly #invocations = new Rate();
  failed = 0;
  lastFailure: { at: number; reason: string } | undefined;

  invoked(records: number, now: number): void {
    this.#records.count(records, now);
    this.#invocations.count(1, now);
  }

  rates(now: number): { recordsPerSecond: number; invocationsPerSecond: number } {
    return {
      recordsPerSecond: this.#records.perSecond(now),
      invocationsPerSecond: this.#invocations.perSecond(now),
    };
  }
}

class StreamActivity {
  readonly in = new Rate();
  readonly out = new Rate();
  /** How many records the stream had ever taken, and when that was so, the oldest first. */
  #looks: { taken: number; at: number }[] = [];

  /** For a stream that tells nobody of each write: what it takes is the difference. */
  hadTaken(taken: number, at: number): void {
    const oldest = at - rateSeconds * 1000;
    this.#looks = [...this.#looks.filter((look) => look.at >= oldest), { taken, at }];
  }

  rates(now: number): { inPerSecond: number; outPerSecond: number } {
    return {
      inPerSecond: this.#looks.length === 0 ? this.in.perSecond(now) : this.#betweenLooks(),
      outPerSecond: this.out.perSecond(now),
    };
  }

  #betweenLooks(): number {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return (last.taken - first.taken) / ((last.at - first.at) / 1000);
  }
}

/** What functions and streams do, from what the runtime tells its observer. */
export class Activity {
  readonly #now: () => number;
  readonly #functions = new Map<string, FunctionActivity>();
  readonly #streams = new Map<string, StreamActivity>();

  constructor(now: () => number) {
    this.#now = now;
  }

  observe(event: RuntimeEvent): void {
    if (event.type === 'written') {
      for (const [stream, records] of Object.entries(event.records))
        this.ofStream(stream).in.count(records, this.#now());
    }
    if (event.type !== 'mapping') return;
    const one = this.of(event.functionName);
    if (event.event.type === 'invoked') {
      const { records } = event.event;
      one.invoked(records, this.#now());
      this.ofStream(event.source.slice(event.source.lastIndexOf('/') + 1)).out.count(records, this.#now());
    }
    if (event.event.type !== 'failed') return;
    one.failed += 1;
    one.lastFailure = { at: this.#now(), reason: event.event.reason.slice(0, 300) };
  }

  of(functionName: string): FunctionActivity {
    return known(this.#functions, functionName, () => new FunctionActivity());
  }

  ofStream(name: string): StreamActivity {
    return known(this.#streams, name, () => new StreamActivity());
  }
}

function known<One>(all: Map<string, One>, name: string, make: () => One): One {
  const one = all.get(name) ?? make();
  all.set(name, one);
  return one;
}

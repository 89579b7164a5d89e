import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import type { InputRecord } from '../../lambda/core/decode.ts';
import type { LotteryRun } from '../../lambda/core/lottery.ts';
import { type RunKey, runKey } from '../../lambda/core/window.ts';
import type { LiveDependencies } from '../../lambda/functions/live/dependencies.ts';
import { Effects } from './fakes/journal.ts';
import { MemoryLive, MemoryPage } from './fakes/memory-live.ts';
import { kinesisEvent, type RecordOptions } from './records.ts';

/** Time passes when somebody sleeps: whoever wakes first is woken first. */
export class VirtualClock {
  #now = 1_000_000;
  readonly #sleepers: { until: number; wake: () => void }[] = [];
  #isRunning = false;

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ until: this.#now + ms, wake });
      if (!this.#isRunning) this.#run();
    });

  pass(ms: number): void {
    this.#now += ms;
  }

  /** Only when everybody sleeps: what is under way needs no time. */
  #run(): void {
    this.#isRunning = true;
    setImmediate(() => {
      this.#isRunning = false;
      this.#sleepers.sort((left, right) => left.until - right.until);
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      if (this.#sleepers.length > 0) this.#run();
    });
  }
}

export interface LiveWorld extends LiveDependencies {
  readonly effects: Effects;
  readonly clock: VirtualClock;
  readonly live: MemoryLive;
  readonly page: MemoryPage;
  /** The lotteries table, by `runKey`. */
  readonly stored: Map<string, LotteryRun>;
  /** How many runs each look was for. */
  readonly looks: number[];
  readonly counted: string[];
  /** Messages that were on their way at the same time. */
  mostInFlight(): number;
}

/** What the live function works with, in memory. */
export function liveWorld(): LiveWorld {
  const effects = new Effects();
  const clock = new VirtualClock();
  const live = new MemoryLive(effects);
  const page = new MemoryPage(effects, clock.now);
  let inFlight = 0;
  let most = 0;
  const messages = {
    async publish(name: string, json: string) {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      await page.publish(name, json).finally(() => {
        inFlight -= 1;
      });
    },
  };
  const stored = new Map<string, LotteryRun>();
  const looks: number[] = [];
  const counted: string[] = [];
  const runs = {
    async byRun(keys: readonly RunKey[]) {
      looks.push(keys.length);
      const wanted = new Set(keys.map(runKey));
      return new Map([...stored].filter(([key]) => wanted.has(key)));
    },
  };
  return {
    ...{ stored, looks, counted, runs, telemetry: { count: (name: string) => counted.push(name) } },
    ...{ effects, clock, live, page, parts: live, publications: live, list: live, snapshots: page, messages },
    ...{ now: clock.now, sleep: clock.sleep, mostInFlight: () => most },
  };
}

/** A batch of an output stream. */
export function outputBatch(
  stream: 'lottery' | 'user',
  contents: readonly unknown[],
  options: RecordOptions & { readonly first?: number } = {},
): readonly InputRecord[] {
  const eventSourceARN = `arn:aws:kinesis:us-east-1:000000000000:stream/dev-${stream}-events-output`;
  const { Records } = kinesisEvent(contents, options);
  return kinesisSource.records({ Records: Records.map((record) => ({ ...record, eventSourceARN })) });
}

export function accepted(lotteryId: number | string, { windowStart = 10_000, run = 1 } = {}): object {
  const drawId = run === 1 ? `${lotteryId}@${windowStart}` : `${lotteryId}@${windowStart}#${run}`;
  return { type: 'ClickAcceptedEvent', lotteryId, userId: 1, drawId, windowStart };
}

export function rejected(lotteryId: number | string, reason: string): object {
  return { type: 'EventRejectedEvent', reason, message: '', recordId: 'shard:1', event: { lotteryId } };
}

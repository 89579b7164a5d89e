import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { UserState } from '../../lambda/core/user.ts';
import type { DrawResponse } from '../../lambda/functions/draw/process.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { processLotteryEvents } from '../../lambda/functions/lottery-events/process.ts';
import { TickRequests } from '../../lambda/functions/ticks/requests.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import { graceMs, retentionMs, secondSeed, seed, windowMs } from './events.ts';
import type { Journal } from './fakes/journal.ts';
import { MemoryDraws, MemorySeeds } from './fakes/memory-draws.ts';
import { MemoryKeyedStore, MemoryLotteries } from './fakes/memory-stores.ts';
import { MemoryStream, MemoryTicks } from './fakes/memory-streams.ts';
import { MemoryTelemetry } from './fakes/memory-telemetry.ts';
import type { RecordOptions, WindowOptions } from './records.ts';
import { kinesisEvent, kinesisRecord, tumblingEvent } from './records.ts';

export interface PipelineSettings {
  readonly windowMs?: number;
  readonly toleranceMs?: number;
  readonly parallelizationFactor?: number;
}

/** The three functions of the data flow on one set of fakes. Time stands where `now` says. */
export class Pipeline {
  readonly journal: Journal = [];
  readonly #noted = { journal: this.journal };
  readonly users = new MemoryKeyedStore<UserState>(this.#noted);
  readonly lotteries = new MemoryLotteries(this.#noted);
  readonly seeds = new MemorySeeds([seed, secondSeed], this.#noted);
  readonly draws = new MemoryDraws(this.#noted);
  readonly lotteryOutputs = new MemoryStream('lottery outputs', this.#noted);
  readonly userOutputs = new MemoryStream('user outputs', this.#noted);
  readonly userInputs = new MemoryStream('user inputs', this.#noted);
  readonly entries = new MemoryStream('entries', this.#noted);
  readonly queue = new MemoryTicks(this.#noted);
  readonly telemetry = new MemoryTelemetry();
  /** Waits that were asked for, ms. */
  readonly pauses: number[] = [];
  now = 0;
  newSeed = () => seed;
  #sequence = 0;
  readonly #settings: Required<Omit<PipelineSettings, 'toleranceMs'>> & { toleranceMs: number | undefined };
  #ticks: TickRequests;

  constructor(settings: PipelineSettings = {}) {
    this.#settings = { windowMs, parallelizationFactor: 1, toleranceMs: undefined, ...settings };
    this.#ticks = this.#newTicks();
  }

  get timing(): { windowMs: number; graceMs: number } {
    return { windowMs: this.#settings.windowMs, graceMs };
  }

  /** A new execution environment remembers no ticks. */
  restart(): void {
    this.#ticks = this.#newTicks();
  }

  #newTicks(): TickRequests {
    return new TickRequests(this.queue, this.timing);
  }

  #shared() {
    const { telemetry, pauses } = this;
    const sleep = async (ms: number) => {
      pauses.push(ms);
    };
    return { telemetry, entries: this.entries, now: () => this.now, sleep };
  }

  /** A batch of events at the next positions of the input. */
  batch(contents: readonly unknown[], options: RecordOptions = {}): KinesisStreamEvent {
    const first = this.#sequence + 1;
    this.#sequence += contents.length;
    return kinesisEvent(contents, { first, arrival: this.now, ...options });
  }

  /** The entries that were put since the last call, as records that arrive now. */
  arrivals(arrival = this.now): KinesisStreamRecord[] {
    return this.entries.take().map((value) => {
      this.#sequence += 1;
      return kinesisRecord(this.#sequence, value, { arrival });
    });
  }

  lotteryEvents(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
    return processLotteryEvents(event, {
      ...this.#shared(),
      settings: { ...this.#settings, ...this.timing, retentionMs },
      lotteries: this.lotteries,
      runs: this.lotteries,
      seeds: this.seeds,
      outputs: this.lotteryOutputs,
      ticks: this.queue,
      newSeed: this.newSeed,
    });
  }

  userEvents(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
    return processUserEvents(event, {
      ...this.#shared(),
      settings: { ...this.#settings, graceMs, retentionMs },
      users: this.users,
      lotteries: this.lotteries,
      seeds: this.seeds,
      refunds: this.draws,
      outputs: this.userOutputs,
      ticks: this.#ticks,
    });
  }

  draw(records: readonly KinesisStreamRecord[], options: WindowOptions = {}): Promise<DrawResponse> {
    return processEntries(tumblingEvent(records, options), {
      ...this.#shared(),
      settings: this.timing,
      lotteries: this.lotteries,
      seeds: this.seeds,
      draws: this.draws,
      lotteryOutputs: this.lotteryOutputs,
      userOutputs: this.userOutputs,
      userInputs: this.userInputs,
      ticks: this.#ticks,
    });
  }
}

import type { KinesisStreamEvent, KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { CachedLotteries } from '../../../lambda/adapters/cached-lotteries.ts';
import { CachedSeeds } from '../../../lambda/adapters/cached-seeds.ts';
import type { UserState } from '../../../lambda/core/user.ts';
import type { DrawDependencies } from '../../../lambda/functions/draw/dependencies.ts';
import { processEntries } from '../../../lambda/functions/draw/process.ts';
import type { LotteryEventsDependencies } from '../../../lambda/functions/lottery-events/process.ts';
import { processLotteryEvents } from '../../../lambda/functions/lottery-events/process.ts';
import type { TicksDependencies } from '../../../lambda/functions/ticks/process.ts';
import { processTicks } from '../../../lambda/functions/ticks/process.ts';
import { TickRequests } from '../../../lambda/functions/ticks/requests.ts';
import type { UserEventsDependencies } from '../../../lambda/functions/user-events/dependencies.ts';
import { processUserEvents } from '../../../lambda/functions/user-events/process.ts';
import { MemoryDraws, MemorySeeds } from '../../support/fakes/memory-draws.ts';
import { MemoryKeyedStore, MemoryLotteries } from '../../support/fakes/memory-stores.ts';
import { MemoryStream, MemoryTicks } from '../../support/fakes/memory-streams.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import { sqsEvent, sqsRecord } from '../../support/records.ts';
import type { Faults } from './faults.ts';
import { BatchMapping, WindowMapping } from './mappings.ts';

export const windowMs = 10_000;
export const graceMs = 2_000;
const retentionMs = 24 * 3_600_000;

/**
 * The whole pipeline in memory: the functions' own code on streams, tables and a queue that may fail anywhere,
 * with a clock of its own. Deployed, only the adapters differ.
 */
export class Simulation {
  now = 1_000_000;
  /** Clock tolerance of the user-events function, ms; undefined: off. */
  readonly toleranceMs: number | undefined;
  readonly userInputs: MemoryStream;
  readonly lotteryInputs: MemoryStream;
  readonly entries: MemoryStream;
  readonly userOutputs: MemoryStream;
  readonly lotteryOutputs: MemoryStream;
  readonly users: MemoryKeyedStore<UserState>;
  readonly lotteries: MemoryLotteries;
  readonly seeds: MemorySeeds;
  readonly draws: MemoryDraws;
  readonly ticks: MemoryTicks;
  readonly mappings: readonly (BatchMapping | WindowMapping)[];
  readonly #faults: Faults;
  readonly #sabotage: (real: DrawDependencies) => DrawDependencies;
  #seeds = 0;

  constructor(
    faults: Faults,
    toleranceMs: number | undefined,
    sabotage: (real: DrawDependencies) => DrawDependencies = (real) => real,
  ) {
    this.toleranceMs = toleranceMs;
    this.#faults = faults;
    this.#sabotage = sabotage;
    const disturbed = { disturbances: faults };
    const stream = (name: string, shardCount: number) =>
      new MemoryStream(name, { ...disturbed, shardCount, now: () => this.now });
    this.userInputs = stream('user-events-input', 2);
    this.lotteryInputs = stream('lottery-events-input', 1);
    this.entries = stream('entries', 2);
    this.userOutputs = stream('user-events-output', 1);
    this.lotteryOutputs = stream('lottery-events-output', 1);
    this.users = new MemoryKeyedStore('users', disturbed);
    this.lotteries = new MemoryLotteries(disturbed);
    this.seeds = new MemorySeeds([], disturbed);
    this.draws = new MemoryDraws(disturbed);
    this.ticks = new MemoryTicks(disturbed);
    this.mappings = [
      new BatchMapping(this.lotteryInputs, faults, this.#lotteryEvents()),
      new BatchMapping(this.userInputs, faults, this.#userEvents()),
      new WindowMapping({
        ...{ stream: this.entries, faults, windowMs },
        now: () => this.now,
        invoke: this.#draw(),
      }),
    ];
  }

  /** Deals with the ticks that SQS would show now, sometimes with one twice. */
  dueTicks(): Promise<unknown>[] {
    const due = this.ticks.messages.filter(({ at }) => at <= this.now);
    return due.map(async (message) => {
      const event = sqsEvent([sqsRecord('1', message)]);
      const response = await processTicks(event, this.#tickDependencies());
      if (response.batchItemFailures.length > 0 || this.#faults.fails('deletion of a tick')) return;
      const index = this.ticks.messages.indexOf(message);
      if (index >= 0) this.ticks.messages.splice(index, 1);
    });
  }

  /** A new execution environment: nothing remembered. */
  #userEventsDependencies(): UserEventsDependencies {
    return {
      settings: { windowMs, graceMs, toleranceMs: this.toleranceMs, retentionMs, parallelizationFactor: 1 },
      users: this.users,
      lotteries: new CachedLotteries(this.lotteries, () => this.now),
      seeds: new CachedSeeds(this.seeds),
      refunds: this.draws,
      outputs: this.userOutputs,
      entries: this.entries,
      ticks: new TickRequests(this.ticks, { windowMs, graceMs }),
      telemetry: new MemoryTelemetry(),
      now: () => this.now,
      sleep: () => Promise.resolve(),
    };
  }

  #userEvents(): (event: KinesisStreamEvent) => ReturnType<typeof processUserEvents> {
    const warm = [this.#userEventsDependencies(), this.#userEventsDependencies()];
    return (event) => {
      const index = this.#faults.random.below(warm.length);
      const dependencies = warm[index] ?? this.#userEventsDependencies();
      if (this.#faults.random.chance(0.2)) warm[index] = this.#userEventsDependencies();
      return processUserEvents(event, dependencies);
    };
  }

  #lotteryEvents(): (event: KinesisStreamEvent) => ReturnType<typeof processLotteryEvents> {
    const dependencies: LotteryEventsDependencies = {
      settings: { windowMs, graceMs, retentionMs, parallelizationFactor: 1 },
      lotteries: this.lotteries,
      runs: this.lotteries,
      seeds: this.seeds,
      outputs: this.lotteryOutputs,
      entries: this.entries,
      ticks: this.ticks,
      telemetry: new MemoryTelemetry(),
      now: () => this.now,
      newSeed: () => {
        this.#seeds += 1;
        return this.#seeds.toString(16).padStart(64, '0');
      },
      sleep: () => Promise.resolve(),
    };
    return (event) => processLotteryEvents(event, dependencies);
  }

  #draw(): (event: KinesisStreamTumblingWindowEvent) => ReturnType<typeof processEntries> {
    const dependencies = this.#sabotage({
      settings: { windowMs, graceMs },
      lotteries: this.lotteries,
      seeds: this.seeds,
      draws: this.draws,
      lotteryOutputs: this.lotteryOutputs,
      userOutputs: this.userOutputs,
      userInputs: this.userInputs,
      entries: this.entries,
      ticks: new TickRequests(this.ticks, { windowMs, graceMs }),
      telemetry: new MemoryTelemetry(),
      now: () => this.now,
    });
    return (event) => processEntries(event, dependencies);
  }

  #tickDependencies(): TicksDependencies {
    return {
      entries: this.entries,
      queue: this.ticks,
      telemetry: new MemoryTelemetry(),
      now: () => this.now,
    };
  }
}

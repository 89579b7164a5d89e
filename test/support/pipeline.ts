import type {
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
  SQSBatchResponse,
} from 'aws-lambda';
import { batchFunction } from '../../lambda/batch/batch-function.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import type { BeaconChain } from '../../lambda/core/beacon.ts';
import type { UserState } from '../../lambda/core/user.ts';
import type { DrawResponse } from '../../lambda/functions/draw/process.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { processLotteryEvents } from '../../lambda/functions/lottery-events/process.ts';
import { InputCompleteness } from '../../lambda/functions/ticks/completeness.ts';
import { processTicks } from '../../lambda/functions/ticks/process.ts';
import { processUserEvents } from '../../lambda/functions/user-events/process.ts';
import { ReplayClock } from '../../lambda/functions/user-events/replay-clock.ts';
import { Watermarks } from '../../lambda/functions/watermarks.ts';
import { graceMs, marginMs, retentionMs, secondSeed, seed, windowMs } from './events.ts';
import { Effects, type Journal } from './fakes/journal.ts';
import { MemoryBeacon } from './fakes/memory-beacon.ts';
import { MemoryBlocks } from './fakes/memory-blocks.ts';
import { MemoryDraws } from './fakes/memory-draws.ts';
import { MemoryGrants } from './fakes/memory-grants.ts';
import { MemoryInputs, MemoryWatermarks } from './fakes/memory-inputs.ts';
import { MemoryReceipts } from './fakes/memory-receipts.ts';
import { MemoryRefunds } from './fakes/memory-refunds.ts';
import { MemorySeeds } from './fakes/memory-seeds.ts';
import { MemorySheets } from './fakes/memory-sheets.ts';
import { MemoryKeyedStore, MemoryLotteries } from './fakes/memory-stores.ts';
import { MemoryStream, MemoryTicks } from './fakes/memory-streams.ts';
import { MemoryTelemetry } from './fakes/memory-telemetry.ts';
import type { RecordOptions, WindowOptions } from './records.ts';
import { kinesisEvent, kinesisRecord, shardId, sqsEvent, sqsRecord, tumblingEvent } from './records.ts';

export interface PipelineSettings {
  readonly windowMs?: number;
  /** 'off': a replay of old events. */
  readonly toleranceMs?: number | 'off';
}

/** The four functions on one set of fakes, with a shard of each input. Time stands where `now` says, until someone sleeps. */
export class Pipeline {
  readonly effects = new Effects();
  readonly journal: Journal = this.effects.journal;
  readonly users = new MemoryKeyedStore<UserState>(this.effects);
  readonly lotteries = new MemoryLotteries(this.effects);
  readonly seeds = new MemorySeeds([seed, secondSeed], this.effects);
  readonly draws = new MemoryDraws(this.effects);
  readonly refunds = new MemoryRefunds(this.effects);
  readonly grants = new MemoryGrants(this.effects);
  readonly blocks = new MemoryBlocks(this.effects);
  readonly receipts = new MemoryReceipts(this.effects);
  readonly sheets = new MemorySheets(this.effects);
  readonly watermarks = new MemoryWatermarks(this.effects);
  readonly inputs = new MemoryInputs([
    { input: 'lottery', shardId, target: '0' },
    { input: 'user', shardId, target: '0' },
  ]);
  readonly lotteryOutputs = new MemoryStream('lottery outputs', this.effects);
  readonly userOutputs = new MemoryStream('user outputs', this.effects);
  readonly userInputs = new MemoryStream('user inputs', this.effects);
  readonly entries = new MemoryStream('entries', this.effects);
  readonly queue = new MemoryTicks(this.effects);
  readonly telemetry = new MemoryTelemetry();
  /** Waits that were asked for, ms. */
  readonly pauses: number[] = [];
  now = 0;
  readonly rounds = new MemoryBeacon(() => this.now);
  /** Of the runs that are started; undefined: the seed alone decides their draws. */
  beacon: BeaconChain | undefined;
  newSeed = () => seed;
  random = () => 0;
  #sequence = 0;
  readonly #timing: { readonly windowMs: number; readonly graceMs: number };
  readonly #toleranceMs: number | undefined;
  #userWatermarks: Watermarks;
  #lotteryWatermarks: Watermarks;

  constructor({ windowMs: window = windowMs, toleranceMs = 3_600_000 }: PipelineSettings = {}) {
    this.#timing = { windowMs: window, graceMs };
    this.#toleranceMs = toleranceMs === 'off' ? undefined : toleranceMs;
    this.#userWatermarks = this.#watermarksOf('user');
    this.#lotteryWatermarks = this.#watermarksOf('lottery');
  }

  /** A new execution environment remembers nothing. */
  restart(): void {
    this.#userWatermarks = this.#watermarksOf('user');
    this.#lotteryWatermarks = this.#watermarksOf('lottery');
  }

  #watermarksOf(input: 'user' | 'lottery'): Watermarks {
    return new Watermarks(input, this.watermarks, { timing: this.#timing, marginMs });
  }

  #shared() {
    const { telemetry, pauses, entries } = this;
    const sleep = async (ms: number) => {
      pauses.push(ms);
      this.now += ms;
    };
    const isReplay = this.#toleranceMs === undefined;
    return { telemetry, entries, isReplay, now: () => this.now, sleep, random: () => this.random() };
  }

  /** What was told of draws that were made, and of lotteries: not that draws were closed. */
  announced(): Record<string, unknown>[] {
    return this.lotteryOutputs.values.filter(({ type }) => type !== 'DrawClosedEvent');
  }

  /** The same, since the last call. */
  takeAnnounced(): Record<string, unknown>[] {
    const announced = this.announced();
    this.lotteryOutputs.take();
    return announced;
  }

  /** A batch of events at the next positions of the input. */
  batch(contents: readonly unknown[], options: RecordOptions = {}): KinesisStreamEvent {
    const first = this.#sequence + 1;
    this.#sequence += contents.length;
    return kinesisEvent(contents, { first, arrival: this.now, ...options });
  }

  /** Records at the next positions of the entries stream. */
  records(values: readonly unknown[]): KinesisStreamRecord[] {
    return values.map((value) => {
      this.#sequence += 1;
      return kinesisRecord(this.#sequence, value, { arrival: this.now });
    });
  }

  /** The entries that were put since the last call, as records that arrive now. */
  arrivals(): KinesisStreamRecord[] {
    return this.records(this.entries.take());
  }

  lotteryEvents(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
    const shared = this.#shared();
    const dependencies = {
      ...shared,
      settings: {
        ...{ timing: this.#timing, marginMs, isReplay: shared.isReplay, retentionMs },
        beacon: this.beacon,
      },
      lotteries: this.lotteries,
      runs: this.lotteries,
      seeds: this.seeds,
      receiptKeys: this.receipts,
      outputs: this.lotteryOutputs,
      ticks: this.queue,
      watermarks: this.#lotteryWatermarks,
      newSeed: this.newSeed,
    };
    return batchFunction(kinesisSource, (records) => processLotteryEvents(records, dependencies))(event);
  }

  userEvents(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
    const shared = this.#shared();
    const dependencies = {
      ...shared,
      settings: { toleranceMs: this.#toleranceMs, marginMs, retentionMs },
      users: this.users,
      lotteries: this.lotteries,
      refunds: this.refunds,
      grants: this.grants,
      blocks: this.blocks,
      signer: this.receipts,
      outputs: this.userOutputs,
      watermarks: this.#userWatermarks,
      replayClock: shared.isReplay ? new ReplayClock(this.watermarks, this.inputs) : undefined,
    };
    return batchFunction(kinesisSource, (records) => processUserEvents(records, dependencies))(event);
  }

  draw(records: readonly KinesisStreamRecord[], options: WindowOptions = {}): Promise<DrawResponse> {
    return processEntries(tumblingEvent(records, options), {
      ...this.#shared(),
      lotteries: this.lotteries,
      seeds: this.seeds,
      draws: this.draws,
      closedDraws: this.draws,
      openDraws: this.draws,
      sheets: this.sheets,
      beacon: this.rounds,
      refunds: this.refunds,
      blocks: this.blocks,
      lotteryOutputs: this.lotteryOutputs,
      userInputs: this.userInputs,
      ticks: this.queue,
    });
  }

  /** @param messages in any form: a queue may hold others too */
  ticks(messages: readonly unknown[]): Promise<SQSBatchResponse> {
    const shared = this.#shared();
    const { watermarks, inputs } = this;
    const completeness = new InputCompleteness({
      ...{ ...shared, store: watermarks, watermarks, shards: inputs, heartbeats: inputs },
    });
    const records = messages.map((message, index) => sqsRecord(String(index), message));
    return processTicks(sqsEvent(records), { ...shared, queue: this.queue, completeness });
  }
}

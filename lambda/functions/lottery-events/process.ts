import type { DecodedBatch } from '../../batch/decode-batch.ts';
import { decodeBatch, doneOf, firstFailedOf } from '../../batch/decode-batch.ts';
import type { AppliedKey, KeyedBatchResult } from '../../batch/keyed-batch.ts';
import { applyKeyedBatch } from '../../batch/keyed-batch.ts';
import { countWork, undecodableOutputs } from '../../batch/keyed-outputs.ts';
import type { BeaconChain } from '../../core/beacon.ts';
import { dueAt } from '../../core/block.ts';
import type { InputRecord, SourcedEvent } from '../../core/decode.ts';
import { decodeLotteryRecord } from '../../core/decode.ts';
import { type TickMessage, tickMessage } from '../../core/entries-records.ts';
import type { LotteryEvent } from '../../core/events.ts';
import { seedCommitment } from '../../core/fairness.ts';
import type { SourcePosition } from '../../core/ids.ts';
import type { LotteryRun, LotteryState } from '../../core/lottery.ts';
import { lotteryDecider } from '../../core/lottery.ts';
import type { LotteryOutcome } from '../../core/lottery-outcome.ts';
import { lotteryOutput } from '../../core/lottery-outputs.ts';
import type { WindowTiming } from '../../core/window.ts';
import { runKey } from '../../core/window.ts';
import type {
  KeyedStore,
  LotteryEventStore,
  LotteryRuns,
  ReceiptKeys,
  SeedKeeper,
  StreamPublisher,
  StreamRecord,
  TickQueue,
} from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Watermarks } from '../watermarks.ts';

export interface LotteryEventsSettings {
  /** Of the runs that are started. */
  readonly timing: WindowTiming;
  readonly marginMs: number;
  /** Of the runs that are started; undefined: the seed alone decides their draws. */
  readonly beacon: BeaconChain | undefined;
  readonly isReplay: boolean;
  readonly retentionMs: number;
}

export interface LotteryEventsDependencies {
  readonly settings: LotteryEventsSettings;
  readonly lotteries: LotteryEventStore;
  readonly runs: LotteryRuns;
  readonly seeds: SeedKeeper;
  readonly receiptKeys: ReceiptKeys;
  readonly outputs: StreamPublisher;
  readonly ticks: TickQueue;
  readonly watermarks: Watermarks;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  /** 32 random bytes, hex. */
  readonly newSeed: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to below 1. */
  readonly random: () => number;
}

type Result = KeyedBatchResult<LotteryEvent, LotteryState, LotteryOutcome>;

interface Settled {
  readonly sourced: SourcedEvent<LotteryEvent>;
  readonly outcome: LotteryOutcome;
  /** The run that a start or stop speaks of. */
  readonly run?: LotteryRun;
}

/**
 * One batch of lottery-events-input: starts and stops lotteries, announces it with the commitment to the seed,
 * and asks for the tick of each run's last window, once it is known: after it the run ends.
 *
 * @returns of what failed the first of each shard
 * @throws when the key of a start's receipts cannot be had, or publishing fails, after all attempts: the whole batch comes
 * again
 */
export async function processLotteryEvents(
  records: readonly InputRecord[],
  dependencies: LotteryEventsDependencies,
): Promise<readonly SourcePosition[]> {
  const { settings, telemetry, outputs, ticks, watermarks, now } = dependencies;
  const batch = decodeBatch(records, decodeLotteryRecord, ({ lotteryId }) => lotteryId);
  const result = await applyBatch(batch, dependencies);
  const settled = (
    await Promise.all(result.applied.map((applied) => settledOf(applied, dependencies.runs)))
  ).flat();
  countWork(
    batch,
    result,
    settled.map(({ outcome }) => outcome),
    telemetry,
  );
  await outputs.publish(outputRecords(batch, settled));
  const messages = settled.flatMap((each) => lastTickOf(each, now(), settings));
  if (messages.length > 0) await ticks.send(messages);
  const firstFailed = firstFailedOf([...result.failed, ...result.putOff]);
  await watermarks.advance(doneOf(records, firstFailed), batch.heartbeats.length > 0);
  return firstFailed;
}

async function applyBatch(
  { groups }: DecodedBatch<LotteryEvent>,
  dependencies: LotteryEventsDependencies,
): Promise<Result> {
  const { settings, receiptKeys, newSeed, now, sleep, random } = dependencies;
  const newSeeds = new Map<string, string>();
  const newSeedCommitment = () => {
    const seed = newSeed();
    const commitment = seedCommitment(seed);
    newSeeds.set(commitment, seed);
    return commitment;
  };
  // Without a start there is no run that it could be of.
  const receiptKey = hasStart(groups) ? await receiptKeys.publicKey() : '';
  const { timing, beacon, isReplay, retentionMs } = settings;
  const context = {
    ...{ timing, receiptKey, beacon, isReplay, retentionMs },
    ...{ now: now(), newSeedCommitment },
  };
  const store = keepingSeedsFirst(newSeeds, dependencies);
  return applyKeyedBatch({ groups, store, decider: lotteryDecider, context, sleep, random });
}

function hasStart(groups: DecodedBatch<LotteryEvent>['groups']): boolean {
  return [...groups.values()].flat().some(({ event }) => event.type === 'LotteryStartEvent');
}

/**
 * Stores a new run's seed before the run that is committed to it. To die in between leaves a seed that no run
 * names, and the next attempt makes another; the other way round it would leave a run that can never be drawn.
 *
 * @param newSeeds the seeds made for this batch, by their commitments
 */
function keepingSeedsFirst(
  newSeeds: ReadonlyMap<string, string>,
  { lotteries, seeds }: LotteryEventsDependencies,
): KeyedStore<LotteryState> {
  return {
    load: (keys, options) => lotteries.load(keys, options),
    write: async (writes) => {
      await seeds.keep(writes.flatMap(({ state }) => newSeeds.get(state.run?.seedCommitment ?? '') ?? []));
      return lotteries.write(writes);
    },
  };
}

/** Most often the run is the one that was just written; one that was replaced since is read. */
async function settledOf(
  { key: lotteryId, events, before, decision }: AppliedKey<LotteryEvent, LotteryState, LotteryOutcome>,
  runs: LotteryRuns,
): Promise<Settled[]> {
  const known = new Map<number, LotteryRun>();
  for (const run of [before.run, decision.state.run]) if (run) known.set(run.run, run);
  const missing = decision.outcomes.flatMap((outcome) =>
    outcome !== undefined && 'run' in outcome && !known.has(outcome.run)
      ? [{ lotteryId, run: outcome.run }]
      : [],
  );
  const read = missing.length === 0 ? new Map<string, LotteryRun>() : await runs.byRun(missing);
  return events.flatMap((sourced, index): Settled[] => {
    const outcome = decision.outcomes[index];
    if (outcome === undefined) return [];
    if (!('run' in outcome)) return [{ sourced, outcome }];
    const run = known.get(outcome.run) ?? read.get(runKey({ lotteryId, run: outcome.run }));
    return [{ sourced, outcome, ...(run && { run }) }];
  });
}

/** For the last window of a run, as it is known from its start, where it has prizes, or from its stop. */
function lastTickOf(
  { outcome, run }: Settled,
  now: number,
  { marginMs, isReplay }: LotteryEventsSettings,
): TickMessage[] {
  if (outcome.kind === 'rejected' || run === undefined) return [];
  const windowStart = outcome.kind === 'stopped' ? outcome.lastWindowStart : lastPrizeOf(run);
  if (windowStart === undefined) return [];
  return [tickMessage({ ...run, windowStart }, dueAt(run, windowStart, marginMs), { isReplay, now })];
}

function lastPrizeOf({ prizes, firstWindowStart, windowMs }: LotteryRun): number | undefined {
  if (prizes === undefined || firstWindowStart === undefined) return undefined;
  return firstWindowStart + (prizes.length - 1) * windowMs;
}

function outputRecords(batch: DecodedBatch<LotteryEvent>, settled: readonly Settled[]): StreamRecord[] {
  return [
    ...undecodableOutputs(batch),
    ...settled.map(({ sourced, outcome, run }) => ({
      partitionKey: sourced.event.lotteryId,
      value: lotteryOutput(sourced, outcome, run),
    })),
  ];
}

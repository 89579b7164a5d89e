import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { SourcedEvent } from '../core/decode.ts';
import { decodeUserRecord } from '../core/decode.ts';
import { partialRecord } from '../core/entries-records.ts';
import type { UserEvent } from '../core/events.ts';
import { recordIdOf } from '../core/ids.ts';
import type { LotteryRun } from '../core/lottery.ts';
import type { PartialDraw } from '../core/partial-draw.ts';
import { PartialDraws } from '../core/partial-draw.ts';
import { rejectedEvent } from '../core/rejected-event.ts';
import type { UserContext, UserOutcome, UserState } from '../core/user.ts';
import { decideUser, newUser } from '../core/user.ts';
import { userOutput } from '../core/user-outputs.ts';
import { windowStartOf } from '../core/window.ts';
import type { Counters } from '../counters.ts';
import type { KeyedBatchResult } from '../keyed-batch.ts';
import { applyKeyedBatch } from '../keyed-batch.ts';
import type { DecodedBatch } from '../kinesis-batch.ts';
import { batchResponse, decodeBatch } from '../kinesis-batch.ts';
import type { LotteryRuns, Refunds, RunKey, StreamPublisher, StreamRecord, UserStore } from '../ports.ts';
import { refundKey, runKey } from '../ports.ts';
import type { TickRequests } from '../ticks.ts';

export interface UserEventsSettings {
  readonly windowMs: number;
  readonly toleranceMs: number | undefined;
  readonly retentionMs: number;
  readonly parallelizationFactor: number;
}

export interface UserEventsDependencies {
  readonly settings: UserEventsSettings;
  readonly users: UserStore;
  readonly lotteries: LotteryRuns;
  readonly refunds: Refunds;
  readonly outputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly ticks: TickRequests;
  readonly counters: Counters;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

type Result = KeyedBatchResult<UserEvent, UserState, UserOutcome>;

/** An outcome to publish; `undefined` outcomes (settled long ago) are left out before. */
interface Settled {
  readonly sourced: SourcedEvent<UserEvent>;
  readonly outcome: UserOutcome;
}

/**
 * One batch of user-events-input (DESIGN 4): decide and write, one conditional write per user, then publish
 * entries and outcomes. Whatever crashes in between comes again and publishes the stored outcomes.
 *
 * @throws when publishing fails after all attempts: the whole batch comes again
 */
export async function processUserEvents(
  event: KinesisStreamEvent,
  dependencies: UserEventsDependencies,
): Promise<KinesisStreamBatchResponse> {
  const batch = decodeBatch(
    event.Records,
    decodeUserRecord,
    ({ userId }) => userId,
    dependencies.settings.parallelizationFactor,
  );
  const result = await applyBatch(batch, dependencies);
  const settled = settledOf(result);
  const partials = await partialsOf(settled, dependencies);
  await Promise.all([
    dependencies.entries.publish(partials.map(entriesStreamRecord)),
    dependencies.outputs.publish(outputRecords(batch, settled, dependencies.settings.windowMs)),
  ]);
  await dependencies.ticks.request(partials, dependencies.now());
  countWork(batch, result, settled, partials, dependencies.counters);
  return batchResponse(result.failed);
}

async function applyBatch(
  { groups }: DecodedBatch<UserEvent>,
  { settings, users, lotteries, refunds, now, sleep }: UserEventsDependencies,
): Promise<Result> {
  const events = [...groups.values()].flat().map(({ event }) => event);
  const lotteryIds = new Set(events.flatMap((event) => ('timestamp' in event ? [event.lotteryId] : [])));
  const refundKeys = events.filter((event) => event.type === 'CouponRefundEvent');
  const [runs, granted] = await Promise.all([
    lotteries.current([...lotteryIds]),
    refunds.granted(refundKeys),
  ]);
  const context: UserContext = {
    windowMs: settings.windowMs,
    toleranceMs: settings.toleranceMs,
    retentionMs: settings.retentionMs,
    now: now(),
    lottery: (lotteryId) => runs.get(lotteryId),
    refund: (drawId, entryId) => granted.get(refundKey({ drawId, entryId })),
  };
  return applyKeyedBatch<UserEvent, UserState, UserOutcome>({
    groups,
    store: users,
    initial: newUser,
    decide: (_userId, state, userEvents) => decideUser(state, userEvents, context),
    sleep,
  });
}

function settledOf({ applied }: Result): Settled[] {
  return applied.flatMap(({ events, decision }) =>
    events.flatMap((sourced, index) => {
      const outcome = decision.outcomes[index];
      return outcome === undefined ? [] : [{ sourced, outcome }];
    }),
  );
}

/** The batch's accepted clicks, old ones that were delivered again and new ones, as one partial per draw. */
async function partialsOf(
  settled: readonly Settled[],
  { lotteries, settings }: UserEventsDependencies,
): Promise<PartialDraw[]> {
  const accepted = settled.flatMap(({ sourced: { event, record }, outcome }) =>
    outcome.kind === 'accepted' && event.type === 'UserClickEvent'
      ? [{ event, record, key: { lotteryId: event.lotteryId, run: outcome.run } }]
      : [],
  );
  const runs = await lotteries.byRun(distinct(accepted.map(({ key }) => key)));
  const partials = new PartialDraws();
  for (const { event, record, key } of accepted) {
    const windowStart = windowStartOf(event.timestamp, settings.windowMs);
    partials.add(expectRun(runs, key), windowStart, recordIdOf(record.source), event.userId);
  }
  return partials.list();
}

function distinct(keys: readonly RunKey[]): RunKey[] {
  return [...new Map(keys.map((key) => [runKey(key), key])).values()];
}

/** A click was accepted by this run, so that it was there, and runs are never deleted. */
function expectRun(runs: ReadonlyMap<string, LotteryRun>, key: RunKey): LotteryRun {
  const run = runs.get(runKey(key));
  if (run === undefined) throw new Error(`Run ${key.run} of lottery ${key.lotteryId} is missing`);
  return run;
}

function entriesStreamRecord(partial: PartialDraw): StreamRecord {
  return { partitionKey: partial.lotteryId, value: partialRecord(partial) };
}

function outputRecords(
  { undecodable }: DecodedBatch<UserEvent>,
  settled: readonly Settled[],
  windowMs: number,
): StreamRecord[] {
  return [
    ...undecodable.map((rejected) => ({
      partitionKey: rejected.record.partitionKey,
      value: rejectedEvent(rejected),
    })),
    ...settled.map(({ sourced, outcome }) => ({
      partitionKey: sourced.event.userId,
      value: userOutput(sourced, outcome, windowMs),
    })),
  ];
}

function countWork(
  { undecodable }: DecodedBatch<UserEvent>,
  { applied, failed, conflicts }: Result,
  settled: readonly Settled[],
  partials: readonly PartialDraw[],
  counters: Counters,
): void {
  const appliedEvents = applied.reduce((sum, { decision }) => sum + decision.applied, 0);
  counters.count('eventsApplied', appliedEvents);
  counters.count('eventsReplayed', settled.length - appliedEvents);
  counters.count('writeConflicts', conflicts);
  counters.count('partialsPublished', partials.length);
  counters.count('writeFailures', failed.length);
  for (const { rejection } of undecodable) counters.rejected(rejection.reason);
  for (const { outcome } of settled) if (outcome.kind === 'rejected') counters.rejected(outcome.reason);
  for (const { key, error } of failed) counters.warn('A user was not written', { userId: key, error });
}

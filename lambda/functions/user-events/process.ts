import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { KeyedBatchResult } from '../../batch/keyed-batch.ts';
import { applyKeyedBatch } from '../../batch/keyed-batch.ts';
import { countWork, undecodableOutputs } from '../../batch/keyed-outputs.ts';
import type { DecodedBatch } from '../../batch/kinesis-batch.ts';
import { batchResponse, decodeBatch } from '../../batch/kinesis-batch.ts';
import type { SourcedEvent } from '../../core/decode.ts';
import { decodeUserRecord } from '../../core/decode.ts';
import { partialRecord } from '../../core/entries-records.ts';
import type { UserClickEvent, UserEvent } from '../../core/events.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { PartialDraw } from '../../core/partial-draw.ts';
import { PartialDrawCollector } from '../../core/partial-draw.ts';
import type { UserContext, UserOutcome, UserState } from '../../core/user.ts';
import { userDecider } from '../../core/user.ts';
import { userOutput } from '../../core/user-outputs.ts';
import type { ClickTiming } from '../../core/window.ts';
import { clickWindowStart } from '../../core/window.ts';
import type {
  LotteryRuns,
  RefundKey,
  Refunds,
  RunKey,
  Seeds,
  StreamPublisher,
  StreamRecord,
  UserStore,
} from '../../ports/ports.ts';
import { refundKey, runKey } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { TickRequests } from '../ticks/requests.ts';

export interface UserEventsSettings extends ClickTiming {
  readonly retentionMs: number;
  readonly parallelizationFactor: number;
}

export interface UserEventsDependencies {
  readonly settings: UserEventsSettings;
  readonly users: UserStore;
  readonly lotteries: LotteryRuns;
  readonly seeds: Seeds;
  readonly refunds: Refunds;
  readonly outputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly ticks: TickRequests;
  readonly telemetry: Telemetry;
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
 * One batch of user-events-input (docs/architecture.md): decide and write, one conditional write per user, then publish
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
  countWork(
    batch,
    result,
    settled.map(({ outcome }) => outcome),
    dependencies.telemetry,
  );
  const { partials, withheld } = await partialsOf(settled, dependencies);
  // Outputs are many more, and may take long on a throttled stream: no draw waits for them.
  await Promise.all([
    publishPartials(partials, dependencies),
    dependencies.outputs.publish(outputRecords(batch, settled, dependencies.settings)),
  ]);
  return batchResponse([...result.failed, ...withheld]);
}

async function publishPartials(
  partials: readonly PartialDraw[],
  { entries, ticks, telemetry, now }: UserEventsDependencies,
): Promise<void> {
  await entries.publish(partials.map(entriesStreamRecord));
  await ticks.request(partials, now());
  telemetry.count('partialsPublished', partials.length);
}

async function applyBatch(
  { groups }: DecodedBatch<UserEvent>,
  { settings, users, lotteries, seeds, refunds, telemetry, now, sleep }: UserEventsDependencies,
): Promise<Result> {
  const { lotteryIds, refundKeys } = lookUpsOf(groups);
  const [runs, granted] = await Promise.all([
    lotteries.current([...lotteryIds]),
    refunds.granted(refundKeys),
  ]);
  // A lottery that could not be drawn takes no clicks.
  const { seeded } = await withSeeds(runs, seeds, telemetry);
  const context: UserContext = {
    timing: settings,
    retentionMs: settings.retentionMs,
    now: now(),
    lottery: (lotteryId) => seeded.get(lotteryId),
    refund: (drawId, entryId) => granted.get(refundKey({ drawId, entryId })),
  };
  return applyKeyedBatch({ groups, store: users, decider: userDecider, context, sleep });
}

/** What the batch's events name, beside their users. */
function lookUpsOf(groups: DecodedBatch<UserEvent>['groups']): {
  lotteryIds: ReadonlySet<string>;
  refundKeys: readonly RefundKey[];
} {
  const lotteryIds = new Set<string>();
  const refundKeys: RefundKey[] = [];
  for (const group of groups.values()) {
    for (const { event } of group) {
      if (event.type === 'UserClickEvent') lotteryIds.add(event.lotteryId);
      else if (event.type === 'CouponRefundEvent') refundKeys.push(event);
    }
  }
  return { lotteryIds, refundKeys };
}

function settledOf({ applied }: Result): Settled[] {
  const settled: Settled[] = [];
  for (const { events, decision } of applied) {
    events.forEach((sourced, index) => {
      const outcome = decision.outcomes[index];
      if (outcome !== undefined) settled.push({ sourced, outcome });
    });
  }
  return settled;
}

interface Partials {
  readonly partials: PartialDraw[];
  /** Clicks that a run accepted while its seed was there: they come again until it is back. */
  readonly withheld: readonly { readonly events: readonly SourcedEvent<UserClickEvent>[] }[];
}

/** The batch's accepted clicks, old ones that were delivered again and new ones, as one partial per draw. */
async function partialsOf(
  settled: readonly Settled[],
  { lotteries, seeds, telemetry, settings }: UserEventsDependencies,
): Promise<Partials> {
  const accepted = acceptedByRun(settled);
  const keys = [...accepted.values()].map(({ key }) => key);
  const { seeded, seedless } = await withSeeds(await lotteries.byRun(keys), seeds, telemetry);
  const partials = new PartialDrawCollector();
  const withheld: { events: readonly SourcedEvent<UserClickEvent>[] }[] = [];
  for (const { key, clicks } of accepted.values()) {
    if (seedless.has(runKey(key))) {
      withheld.push({ events: clicks });
      continue;
    }
    const run = seeded.get(runKey(key));
    // A click was accepted by this run, so that it was there, and runs are never deleted.
    if (run === undefined) throw new Error(`Run ${key.run} of lottery ${key.lotteryId} is missing`);
    for (const { event, record } of clicks) {
      const windowStart = clickWindowStart(event.timestamp, record.arrival, settings);
      partials.add(run, windowStart, recordIdOf(record.source), event.userId);
    }
  }
  return { partials: partials.list(), withheld };
}

interface AcceptedClicks {
  readonly key: RunKey;
  readonly clicks: SourcedEvent<UserClickEvent>[];
}

/** By `runKey`. One click's run is most often the last one's: its key is then not made again. */
function acceptedByRun(settled: readonly Settled[]): ReadonlyMap<string, AcceptedClicks> {
  const byRun = new Map<string, AcceptedClicks>();
  let last: AcceptedClicks | undefined;
  for (const { sourced, outcome } of settled) {
    if (outcome.kind !== 'accepted' || !isClick(sourced)) continue;
    const { lotteryId } = sourced.event;
    if (last?.key.lotteryId !== lotteryId || last.key.run !== outcome.run) {
      const key = { lotteryId, run: outcome.run };
      last = byRun.get(runKey(key)) ?? { key, clicks: [] };
      byRun.set(runKey(key), last);
    }
    last.clicks.push(sourced);
  }
  return byRun;
}

function isClick(sourced: SourcedEvent<UserEvent>): sourced is SourcedEvent<UserClickEvent> {
  return sourced.event.type === 'UserClickEvent';
}

function entriesStreamRecord(partial: PartialDraw): StreamRecord {
  return { partitionKey: partial.lotteryId, value: partialRecord(partial) };
}

function outputRecords(
  batch: DecodedBatch<UserEvent>,
  settled: readonly Settled[],
  timing: ClickTiming,
): StreamRecord[] {
  return [
    ...undecodableOutputs(batch),
    ...settled.map(({ sourced, outcome }) => ({
      partitionKey: sourced.event.userId,
      value: userOutput(sourced, outcome, timing),
    })),
  ];
}

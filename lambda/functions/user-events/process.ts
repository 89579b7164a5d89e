import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { KeyedBatchResult } from '../../batch/keyed-batch.ts';
import { applyKeyedBatch } from '../../batch/keyed-batch.ts';
import { countWork, undecodableOutputs } from '../../batch/keyed-outputs.ts';
import type { DecodedBatch } from '../../batch/kinesis-batch.ts';
import { batchResponse, decodeBatch } from '../../batch/kinesis-batch.ts';
import { decodeUserRecord } from '../../core/decode.ts';
import { partialRecord } from '../../core/entries-records.ts';
import type { UserEvent } from '../../core/events.ts';
import type { PartialDraw } from '../../core/partial-draw.ts';
import type { UserContext, UserState } from '../../core/user.ts';
import { userDecider } from '../../core/user.ts';
import type { UserOutcome } from '../../core/user-outcome.ts';
import { userOutput } from '../../core/user-outputs.ts';
import type { ClickTiming } from '../../core/window.ts';
import type { RefundKey, StreamRecord } from '../../ports/ports.ts';
import { refundKey } from '../../ports/ports.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { Settled, UserEventsDependencies } from './dependencies.ts';
import { partialsOf } from './partials.ts';

type Result = KeyedBatchResult<UserEvent, UserState, UserOutcome>;

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

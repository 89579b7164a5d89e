import type { DecodedBatch } from '../../batch/decode-batch.ts';
import { decodeBatch, doneOf, firstFailedOf } from '../../batch/decode-batch.ts';
import type { KeyedBatchResult } from '../../batch/keyed-batch.ts';
import { applyKeyedBatch } from '../../batch/keyed-batch.ts';
import { countWork, undecodableOutputs } from '../../batch/keyed-outputs.ts';
import type { CollectedBlock } from '../../core/block.ts';
import type { InputRecord, SourcedEvent } from '../../core/decode.ts';
import { decodeUserRecord } from '../../core/decode.ts';
import { partialRecord } from '../../core/entries-records.ts';
import type { UserEvent } from '../../core/events.ts';
import { recordIdOf, type SourcePosition } from '../../core/ids.ts';
import { receiptText } from '../../core/receipt.ts';
import type { UserContext, UserState } from '../../core/user.ts';
import { userDecider } from '../../core/user.ts';
import type { UserOutcome } from '../../core/user-outcome.ts';
import { type OutputContext, userOutputJson } from '../../core/user-outputs.ts';
import type { StreamRecord } from '../../ports/ports.ts';
import { blockOf } from './block-of-batch.ts';
import type { Settled, UserEventsDependencies } from './dependencies.ts';
import { provenUsers } from './proven-users.ts';
import type { Clocks } from './replay-clock.ts';
import { runsOf } from './runs-of-clicks.ts';

type Result = KeyedBatchResult<UserEvent, UserState, UserOutcome>;
type ReceiptOf = OutputContext['receiptOf'];

/**
 * One batch of user-events-input (docs/architecture.md): decide and write, one conditional write per user, then publish
 * entries, then outcomes, with a receipt for each entry, then say that the shard is so far. Whatever crashes in between
 * comes again and publishes the stored outcomes; no draw is made before.
 *
 * @returns of what failed the first of each shard
 * @throws when signing or publishing fails after all attempts: the whole batch comes again
 */
export async function processUserEvents(
  records: readonly InputRecord[],
  dependencies: UserEventsDependencies,
): Promise<readonly SourcePosition[]> {
  const { replayClock, watermarks, settings, telemetry } = dependencies;
  const batch = decodeBatch(records, decodeUserRecord, ({ userId }) => userId);
  const clocks = (await replayClock?.clocksOf(batch)) ?? new Map();
  const proven = provenUsers(dependencies.users, dependencies.refunds, dependencies.grants, batch.groups);
  const result = await applyBatch(batch, clocks, proven, dependencies);
  const settled = settledOf(result);
  countWork(
    batch,
    result,
    settled.map(({ outcome }) => outcome),
    telemetry,
  );
  const runOf = await runsOf(settled, dependencies);
  const { block, indices } = blockOf(batch, settled, runOf);
  const receiptOf = await publishEntries(block.finish(settings.marginMs), indices, dependencies);
  const context = { toleranceMs: settings.toleranceMs, runOf, receiptOf, grantOf: proven.grant };
  await dependencies.outputs.publish(outputsOf(batch, settled, context));
  const firstFailed = firstFailedOf([...result.failed, ...result.putOff]);
  const done = doneOf(records, firstFailed);
  if (replayClock) await replayClock.advance(done, clocks);
  else await watermarks.advance(done, batch.heartbeats.length > 0);
  return firstFailed;
}

/**
 * Before any of its receipts is out, the block is on its way into its draws: a batch that dies comes again, perhaps in
 * other pieces, as other blocks, and what a receipt proves must be true all the same.
 *
 * @param block undefined where no click was accepted @param indices of the accepted clicks, by their places in the batch
 * @returns the receipts of its entries
 */
async function publishEntries(
  block: CollectedBlock | undefined,
  indices: Uint32Array,
  dependencies: UserEventsDependencies,
): Promise<ReceiptOf> {
  if (block === undefined) return noReceipts;
  const { trees } = block;
  const [signed, published] = await Promise.allSettled([
    dependencies.signer.sign(receiptText(trees.batchRoot)),
    publishBlock(block, dependencies),
  ]);
  // Only now: nothing goes on behind an invocation that failed.
  if (signed.status === 'rejected') throw signed.reason;
  if (published.status === 'rejected') throw published.reason;
  const signature = signed.value;
  return (drawId, { place }) => trees.receiptOf(drawId, indices[place] ?? Number.NaN, signature);
}

/** First the block, then what names it. */
async function publishBlock(
  { name, text, partials }: CollectedBlock,
  { blocks, entries, telemetry }: UserEventsDependencies,
): Promise<void> {
  await blocks.put(name, text);
  await entries.publish(
    partials.map((partial) => ({ partitionKey: partial.lotteryId, value: partialRecord(partial) })),
  );
  telemetry.count('partialsPublished', partials.length);
}

function* outputsOf(
  batch: DecodedBatch<UserEvent>,
  settled: readonly Settled[],
  context: OutputContext,
): Generator<StreamRecord> {
  yield* undecodableOutputs(batch);
  for (const { sourced, outcome } of settled)
    yield { partitionKey: sourced.event.userId, value: userOutputJson(sourced, outcome, context) };
}

/** Of a batch in which no click was accepted. */
function noReceipts(drawId: string, { record }: SourcedEvent<UserEvent>): never {
  throw new RangeError(`Entry ${recordIdOf(record.source)} of draw ${drawId} is in no block`);
}

async function applyBatch(
  { groups }: DecodedBatch<UserEvent>,
  clocks: Clocks,
  { store, refund, grant }: ReturnType<typeof provenUsers>,
  { settings, lotteries, now, sleep, random }: UserEventsDependencies,
): Promise<Result> {
  const runs = await lotteries.current([...lotteriesOf(groups)]);
  const context: UserContext = {
    toleranceMs: settings.toleranceMs,
    retentionMs: settings.retentionMs,
    now: now(),
    clockAt: (record) => clocks.get(record),
    lottery: (lotteryId) => runs.get(lotteryId),
    ...{ refund, grant },
  };
  return applyKeyedBatch({ groups, store, decider: userDecider, context, sleep, random });
}

function lotteriesOf(groups: DecodedBatch<UserEvent>['groups']): ReadonlySet<string> {
  const lotteryIds = new Set<string>();
  for (const group of groups.values())
    for (const { event } of group) if (event.type === 'UserClickEvent') lotteryIds.add(event.lotteryId);
  return lotteryIds;
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

import { ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LotteriesTable } from '../../lambda/adapters/lotteries-table.ts';
import { SqsTickQueue } from '../../lambda/adapters/sqs-tick-queue.ts';
import { UsersTable } from '../../lambda/adapters/users-table.ts';
import { readEnvironment, readNumber } from '../../lambda/contract/variables.ts';
import { decodeLotteryRecord, decodeUserRecord } from '../../lambda/core/decode.ts';
import { partialRecord } from '../../lambda/core/entries-records.ts';
import type { LotteryEvent, UserEvent } from '../../lambda/core/events.ts';
import { isReplay, retentionMs } from '../../lambda/functions/settings.ts';
import type { OutputEvent } from '../output-events.ts';
import { putEntries } from './entries-plan.ts';
import { type EventsKind, planEvents } from './events-plan.ts';
import { recordsOf } from './failed-batches.ts';
import { invokeWith } from './invoke.ts';
import { lastTicksOf } from './last-ticks.ts';
import type { Planner } from './plan.ts';
import { PublishedOutcomes } from './published-outcomes.ts';
import { blockOfReceipts } from './receipts.ts';
import type { PlannerResources } from './resources.ts';

type Variables = Readonly<Record<string, string>>;

/** Batches of the user-events function. @param variables of that function */
export function userEventsPlanner(variables: Variables, resources: PlannerResources): Planner {
  const environment = readEnvironment('user-events', variables);
  const { dynamodb, outer, s3, retry } = resources;
  const users = new UsersTable(new DynamoTable(dynamodb, environment.USERS_TABLE, retry));
  const lotteries = new LotteriesTable(dynamodb, environment.LOTTERIES_TABLE, retry);
  const blocks = new ContentBucket(s3, environment.DRAWS_BUCKET, 'blocks');
  const marginMs = readNumber(environment, 'MARGIN_MILLISECONDS');
  const published = new PublishedOutcomes(outer, environment.USER_EVENTS_OUTPUT_STREAM);
  const kind: EventsKind<UserEvent> = {
    decode: decodeUserRecord,
    keyOf: ({ userId }) => userId,
    load: (userIds) => users.load(userIds, { consistent: true }),
    retentionMs: retentionMs(environment),
    published,
    /** Refunds and grants are given once, however often and late they are asked for (docs/decisions/0005-late-entries.md). */
    isRepeatable: ({ type }, standing) =>
      standing === 'undecided' && (type === 'CouponRefundEvent' || type === 'CouponGrantEvent'),
    /** First the block, then what names it, as the function has it. */
    async complete(recordIds) {
      const block = await blockOfReceipts(eventsOf(published, recordIds), lotteries, marginMs);
      if (block === undefined) return;
      await blocks.put(block.name, block.text);
      await putEntries(resources, environment.ENTRIES_STREAM, block.partials.map(partialRecord));
    },
  };
  return (batch) => planEvents(batch, kind, resources);
}

/** Batches of the lottery-events function. @param variables of that function */
export function lotteryEventsPlanner(variables: Variables, resources: PlannerResources): Planner {
  const environment = readEnvironment('lottery-events', variables);
  const { dynamodb, outer, sqs, now, retry } = resources;
  const lotteries = new LotteriesTable(dynamodb, environment.LOTTERIES_TABLE, retry);
  const ticks = new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry);
  const marginMs = readNumber(environment, 'MARGIN_MILLISECONDS');
  const published = new PublishedOutcomes(outer, environment.LOTTERY_EVENTS_OUTPUT_STREAM);
  const kind: EventsKind<LotteryEvent> = {
    decode: decodeLotteryRecord,
    keyOf: ({ lotteryId }) => lotteryId,
    load: (lotteryIds) => lotteries.load(lotteryIds),
    retentionMs: retentionMs(environment),
    published,
    /**
     * Draws of windows after its arrival may be made: with that arrival it would end its run before them. As a new one it
     * ends the run now, and a run that has ended rejects it.
     */
    isRepeatable: ({ type }, standing) => standing === 'unapplied' && type === 'LotteryStopEvent',
    async complete(recordIds) {
      const settings = { marginMs, isReplay: isReplay(environment), now: now() };
      await ticks.send(await lastTicksOf(eventsOf(published, recordIds), lotteries, settings));
    },
  };
  return (batch) => planEvents(batch, kind, resources);
}

/**
 * Batches of functions that a batch may be given again, whenever: what is archived twice is read once, and the page passes
 * over what lies below what it has counted of the shard since.
 */
export function repeatingPlanner({ functions }: Pick<PlannerResources, 'functions'>): Planner {
  return async (batch) => {
    const records = recordsOf(batch);
    return {
      ...{ counts: { 'given again': records.size }, replaced: [], undecided: [] },
      async redrive() {
        await invokeWith(functions, batch.functionName, records);
        return [];
      },
    };
  };
}

function eventsOf(published: PublishedOutcomes, recordIds: readonly string[]): OutputEvent[] {
  return recordIds.flatMap((id) => published.of(id) ?? []);
}

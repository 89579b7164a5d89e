import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LotteriesTable } from '../../lambda/adapters/lotteries-table.ts';
import { SeedsTable } from '../../lambda/adapters/seeds-table.ts';
import { UsersTable } from '../../lambda/adapters/users-table.ts';
import { readEnvironment, readNumber } from '../../lambda/contract/variables.ts';
import { decodeLotteryRecord, decodeUserRecord } from '../../lambda/core/decode.ts';
import { type EntriesRecord, endingRecord, partialRecord } from '../../lambda/core/entries-records.ts';
import { PartialDrawCollector } from '../../lambda/core/partial-draw.ts';
import { runKey } from '../../lambda/core/window.ts';
import { drawTiming, retentionMs } from '../../lambda/functions/settings.ts';
import type { OutputEvent } from '../output-events.ts';
import { putEntries } from './entries-plan.ts';
import { MARGIN_MS, planEvents } from './events-plan.ts';
import type { Planner } from './plan.ts';
import { PublishedOutcomes } from './published-outcomes.ts';
import type { RedriveResources } from './resources.ts';

type Variables = Readonly<Record<string, string>>;

/** Batches of the user-events function. @param variables of that function */
export function userEventsPlanner(variables: Variables, resources: RedriveResources): Planner {
  const environment = readEnvironment('user-events', variables);
  const { dynamodb, kinesis, retry } = resources;
  const users = new UsersTable(new DynamoTable(dynamodb, environment.USERS_TABLE, retry));
  const lotteries = new LotteriesTable(dynamodb, environment.LOTTERIES_TABLE, retry);
  const seeds = new SeedsTable(new DynamoTable(dynamodb, environment.SEEDS_TABLE, retry));
  const published = new PublishedOutcomes(kinesis, environment.USER_EVENTS_OUTPUT_STREAM);
  const kind = {
    decode: decodeUserRecord,
    keyOf: ({ userId }: { userId: string }) => userId,
    load: (userIds: readonly string[]) => users.load(userIds, { consistent: true }),
    parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
    retentionMs: retentionMs(environment),
    published,
    /** A refund is granted once for each entry and draw, and for as long as this (lambda/core/user.ts). */
    isRepeatable: ({ type }: { type: string }, age: number) =>
      type === 'CouponRefundEvent' && age + MARGIN_MS < 2 * retentionMs(environment),
    /** A receipt may be out and its partial not: the two are published at the same time. */
    async complete(recordIds: readonly string[]) {
      const partials = await partialsOf(eventsOf(published, recordIds), lotteries, seeds);
      await putEntries(resources, environment.ENTRIES_STREAM, partials);
    },
  };
  return (batch) => planEvents(batch, kind, resources);
}

/** Batches of the lottery-events function. @param variables of that function */
export function lotteryEventsPlanner(variables: Variables, resources: RedriveResources): Planner {
  const environment = readEnvironment('lottery-events', variables);
  const { dynamodb, kinesis, retry } = resources;
  const lotteries = new LotteriesTable(dynamodb, environment.LOTTERIES_TABLE, retry);
  const published = new PublishedOutcomes(kinesis, environment.LOTTERY_EVENTS_OUTPUT_STREAM);
  const { windowMs } = drawTiming(environment);
  const kind = {
    decode: decodeLotteryRecord,
    keyOf: ({ lotteryId }: { lotteryId: string }) => lotteryId,
    load: (lotteryIds: readonly string[]) => lotteries.load(lotteryIds),
    parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
    retentionMs: retentionMs(environment),
    published,
    isRepeatable: () => false,
    /** The start or stop may be announced, and what will end the lottery not on its way. */
    async complete(recordIds: readonly string[]) {
      const endings = eventsOf(published, recordIds).flatMap((event) => endingOf(event, windowMs));
      await putEntries(resources, environment.ENTRIES_STREAM, endings);
    },
  };
  return (batch) => planEvents(batch, kind, resources);
}

function eventsOf(published: PublishedOutcomes, recordIds: readonly string[]): OutputEvent[] {
  return recordIds.flatMap((id) => published.of(id) ?? []);
}

/** The partials of accepted clicks, from their receipts and the seeds of the runs that accepted them. */
async function partialsOf(
  events: readonly OutputEvent[],
  lotteries: LotteriesTable,
  seeds: SeedsTable,
): Promise<EntriesRecord[]> {
  const receipts = events.flatMap((event) => {
    if (event.type !== 'ClickAcceptedEvent') return [];
    const { lotteryId, entryId, userId, windowStart, drawId } = event;
    const key = { lotteryId: String(lotteryId), run: runOf(drawId) };
    return [{ key, entryId, userId: String(userId), windowStart }];
  });
  const keys = receipts.map(({ key }) => key);
  const runs = await lotteries.byRun(keys);
  const found = await seeds.byCommitment([...runs.values()].map(({ seedCommitment }) => seedCommitment));
  const partials = new PartialDrawCollector();
  for (const { key, entryId, userId, windowStart } of receipts) {
    const run = runs.get(runKey(key));
    if (run === undefined) throw new Error(`Run ${key.run} of lottery ${key.lotteryId} is not stored`);
    const seed = found.get(run.seedCommitment);
    if (seed === undefined) {
      throw new Error(`The seed of run ${key.run} of lottery ${key.lotteryId} is missing, or was changed`);
    }
    partials.add({ ...run, seed }, windowStart, entryId, userId);
  }
  return partials.list().map((partial) => partialRecord(partial));
}

/** The run in a draw's id: `drawIdOf` writes it from the second on. The lottery's own id may hold any character. */
function runOf(drawId: string): number {
  return Number(/@\d+#(\d+)$/.exec(drawId)?.[1] ?? 1);
}

/** The draw function keeps an ending until the last window is drawn, so that it may come early, or twice. */
function endingOf(event: OutputEvent, windowMs: number): EntriesRecord[] {
  if (event.type === 'LotteryStoppedEvent') {
    const { lotteryId, run, lastWindowStart } = event;
    return [endingRecord({ lotteryId: String(lotteryId), run, lastWindowStart })];
  }
  if (event.type !== 'LotteryStartedEvent') return [];
  const { lotteryId, run, prizes, firstWindowStart } = event;
  if (prizes === undefined || firstWindowStart === undefined) return [];
  const lastWindowStart = firstWindowStart + (prizes.length - 1) * windowMs;
  return [endingRecord({ lotteryId: String(lotteryId), run, lastWindowStart })];
}

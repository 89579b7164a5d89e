import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import type { LateEntry, StoredDraw } from '../core/draw.ts';
import {
  couponRefundEvent,
  drawFrom,
  entryMovedEvent,
  lateWinnerOf,
  lotteryEndedEvent,
  movedPartial,
  settleLate,
  winnerEvent,
} from '../core/draw.ts';
import type { Arrival, DrawState, OpenDraw, OpenEnding } from '../core/draw-state.ts';
import {
  drawStateSchema,
  endingKey,
  mergeArrivals,
  takeDueDraws,
  takeDueEndings,
} from '../core/draw-state.ts';
import { endingRecord, entriesRecordSchema, partialRecord } from '../core/entries-records.ts';
import type { LotteryRun } from '../core/lottery.ts';
import { hasWindow } from '../core/lottery.ts';
import type { Counters } from '../counters.ts';
import { sourceRecord } from '../kinesis-batch.ts';
import { mapBounded } from '../map-bounded.ts';
import type { DrawStore, LotteryEndings, LotteryRuns, RunKey, StreamPublisher } from '../ports.ts';
import { runKey } from '../ports.ts';
import type { TickRequests, TickTiming } from '../ticks.ts';

export interface DrawDependencies {
  readonly settings: TickTiming;
  readonly lotteries: LotteryRuns & LotteryEndings;
  readonly draws: DrawStore;
  readonly lotteryOutputs: StreamPublisher;
  readonly userOutputs: StreamPublisher;
  readonly userInputs: StreamPublisher;
  readonly entries: StreamPublisher;
  readonly ticks: TickRequests;
  readonly counters: Counters;
  readonly now: () => number;
}

/** What Lambda wants back at every invocation of a tumbling window: without `state` the invocation failed. */
export interface DrawResponse {
  readonly state: DrawState;
  readonly batchItemFailures: [];
}

interface Settled {
  readonly open: OpenDraw;
  readonly run: LotteryRun;
  readonly stored: StoredDraw;
  readonly isNew: boolean;
}

/** How many draws are stored at a time. */
const concurrency = 16;

/**
 * One invocation of a tumbling window on the entries stream (DESIGN 6): merge the batch into the state, make the
 * draws that are due, settle what came too late, end what is over; at the window's end put the rest back on the
 * stream. All of it may be done again from the same state: what is stored is stored once, and published again.
 *
 * @throws when a write or a put fails after all attempts: the same invocation comes again
 */
export async function processEntries(
  event: KinesisStreamTumblingWindowEvent,
  dependencies: DrawDependencies,
): Promise<DrawResponse> {
  const { settings } = dependencies;
  const merged = mergeArrivals(drawStateSchema.parse(event.state ?? {}), arrivalsOf(event, dependencies));
  const clock = clockOf(event, merged);
  const { due, rest } = takeDueDraws(merged, clock, settings);
  const settled = await makeDraws(due, dependencies);
  const late = await settleLateEntries(settled, clock, dependencies);
  const ended = await endLotteries(withEndings(rest, settled, late, clock, settings), clock, dependencies);
  // AWS does not say whether the invocation that ends a window early also counts as its final one.
  const endsWindow = event.isFinalInvokeForWindow || event.isWindowTerminatedEarly;
  if (!endsWindow) return { state: ended, batchItemFailures: [] };
  await carryOver(ended, dependencies.entries);
  return { state: drawStateSchema.parse({}), batchItemFailures: [] };
}

/** Records of the stream that only this project writes: one that cannot be read is a defect, and no reason to stop. */
function arrivalsOf(event: KinesisStreamTumblingWindowEvent, { counters }: DrawDependencies): Arrival[] {
  return event.Records.flatMap((kinesisRecord) => {
    const { data, arrival } = sourceRecord(kinesisRecord);
    const parsed = entriesRecordSchema.safeParse(parseJson(data));
    if (parsed.success) return [{ record: parsed.data, arrival }];
    counters.count('recordsIgnored');
    counters.warn('A record of the entries stream cannot be read', {
      eventID: kinesisRecord.eventID,
      error: parsed.error.message,
    });
    return [];
  });
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** At a window's regular end everything that arrived before it is here: the end is a clock without records. */
function clockOf(event: KinesisStreamTumblingWindowEvent, state: DrawState): number {
  const isRegularEnd = event.isFinalInvokeForWindow && !event.isWindowTerminatedEarly;
  return isRegularEnd ? Math.max(Date.parse(event.window.end), state.clock) : state.clock;
}

/** Stores each draw if it is not there, then publishes what is stored: a crash may have come before publishing. */
async function makeDraws(due: readonly OpenDraw[], dependencies: DrawDependencies): Promise<Settled[]> {
  if (due.length === 0) return [];
  const { lotteries, draws, lotteryOutputs, counters, settings, now } = dependencies;
  const runs = await lotteries.byRun(due);
  const settled = await mapBounded(concurrency, due, async (open): Promise<Settled[]> => {
    const run = runs.get(runKey(open));
    if (run === undefined) return ignoreUnknownRun(open, counters);
    const result = await draws.putDrawIfAbsent(drawFrom(open, run, settings.windowMs));
    return [{ open, run, ...result }];
  });
  const all = settled.flat();
  await lotteryOutputs.publish(
    all.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),
  );
  for (const { stored, isNew } of all) {
    if (!isNew) continue;
    counters.count('drawsMade');
    counters.drawDelay(now() - stored.windowEnd);
  }
  return all;
}

function ignoreUnknownRun(key: RunKey, counters: Counters): [] {
  counters.count('recordsIgnored');
  counters.warn('A partial names a run that no lottery has', { lotteryId: key.lotteryId, run: key.run });
  return [];
}

/** Entries that came after their draw and would have won it: to the window of the clock, or the coupon back. */
async function settleLateEntries(
  settled: readonly Settled[],
  clock: number,
  dependencies: DrawDependencies,
): Promise<LateEntry[]> {
  const beaten = settled.flatMap(({ open, run, stored }) => {
    const entry = lateWinnerOf(open, stored);
    return entry === undefined ? [] : [{ entry, run, stored }];
  });
  if (beaten.length === 0) return [];
  const { lotteries, draws, settings, counters } = dependencies;
  const current = await lotteries.current([...new Set(beaten.map(({ stored }) => stored.lotteryId))]);
  const late = await mapBounded(concurrency, beaten, async ({ entry, run, stored }) => {
    const now = current.get(stored.lotteryId);
    const settlement = await draws.putLateEntryIfAbsent(
      settleLate(entry, stored, now, clock, settings.windowMs),
    );
    if (settlement.isNew) {
      counters.count(settlement.stored.movedTo === undefined ? 'entriesRefunded' : 'entriesMoved');
    }
    return { late: settlement.stored, run };
  });
  await publishLateEntries(late, dependencies);
  return late.map((each) => each.late);
}

async function publishLateEntries(
  settled: readonly { late: LateEntry; run: LotteryRun }[],
  { entries, userOutputs, userInputs, ticks, now }: DrawDependencies,
): Promise<void> {
  const moved = settled.flatMap(({ late, run }) =>
    late.movedTo === undefined ? [] : [{ late, run, windowStart: late.movedTo }],
  );
  const refunded = settled.filter(({ late }) => late.movedTo === undefined);
  await Promise.all([
    entries.publish(
      moved.map(({ late, run, windowStart }) => ({
        partitionKey: late.lotteryId,
        value: partialRecord(movedPartial(late, windowStart, run)),
      })),
    ),
    userOutputs.publish(
      moved.map(({ late, windowStart }) => ({
        partitionKey: late.userId,
        value: entryMovedEvent(late, windowStart),
      })),
    ),
    userInputs.publish(
      refunded.map(({ late }) => ({ partitionKey: late.userId, value: couponRefundEvent(late) })),
    ),
  ]);
  await ticks.request(
    moved.map(({ late, windowStart }) => ({ lotteryId: late.lotteryId, run: late.run, windowStart })),
    now(),
  );
}

/**
 * Adds the endings that this invocation's draws bring: the draw of the last prize ends its lottery. And lets an
 * ending wait another grace for an entry that was just moved and is on its way through the stream.
 */
function withEndings(
  state: DrawState,
  settled: readonly Settled[],
  late: readonly LateEntry[],
  clock: number,
  { windowMs }: TickTiming,
): DrawState {
  const endings = { ...state.endings };
  for (const { open, run } of settled) {
    const isLastPrize = run.prizes !== undefined && !hasWindow(run, open.windowStart + windowMs);
    if (!isLastPrize || run.status === 'ended') continue;
    const { lotteryId, windowStart: lastWindowStart, since } = open;
    endings[endingKey(run)] ??= { lotteryId, run: run.run, lastWindowStart, since };
  }
  for (const moved of late) {
    const ending = endings[endingKey(moved)];
    if (ending && moved.movedTo !== undefined) endings[endingKey(moved)] = { ...ending, since: clock };
  }
  return { ...state, endings };
}

/** Marks the runs that are over as ended, then reveals their seeds. @returns the state without those endings */
async function endLotteries(
  state: DrawState,
  clock: number,
  { lotteries, lotteryOutputs, counters, settings }: DrawDependencies,
): Promise<DrawState> {
  const { due, rest } = takeDueEndings(state, clock, settings);
  if (due.length === 0) return rest;
  await mapBounded(concurrency, due, (ending) => lotteries.end(ending));
  const runs = await lotteries.byRun(due);
  const ended = due.flatMap((ending: OpenEnding) => {
    const run = runs.get(runKey(ending));
    return run === undefined ? ignoreUnknownRun(ending, counters) : [run];
  });
  await lotteryOutputs.publish(
    ended.map((run) => ({ partitionKey: run.lotteryId, value: lotteryEndedEvent(run) })),
  );
  counters.count('lotteriesEnded', ended.length);
  return rest;
}

/**
 * The stream is the state store between Lambda's windows. Endings go after the draws that they wait for are in
 * the stream: a lottery's records are in one shard, so that they come in that order too.
 */
async function carryOver(state: DrawState, entries: StreamPublisher): Promise<void> {
  await entries.publish(
    Object.values(state.draws).map((draw) => ({
      partitionKey: draw.lotteryId,
      value: partialRecord(draw, draw.since),
    })),
  );
  await entries.publish(
    Object.values(state.endings).map((ending) => ({
      partitionKey: ending.lotteryId,
      value: endingRecord(ending, ending.since),
    })),
  );
}

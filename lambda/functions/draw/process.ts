import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { kinesisSource } from '../../batch/kinesis-source.ts';
import { mapBounded } from '../../batch/map-bounded.ts';
import type { DrawState, OpenDraw, OpenDraws } from '../../core/draw-state.ts';
import { drawStateSchema, split, unionOf, withPartials } from '../../core/draw-state.ts';
import { entriesRecordSchema, tickMessage } from '../../core/entries-records.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { PartialDraw } from '../../core/partial-draw.ts';
import { drawIdOf, runKey } from '../../core/window.ts';
import type { DrawDependencies } from './dependencies.ts';
import { runsInFlight } from './dependencies.ts';
import { drawUpTo } from './draw-up-to.ts';
import { MissingRounds } from './missing-rounds.ts';
import { type ArrivedRecord, type ArrivedTick, ticksOf } from './ticks-of.ts';
import { nextLook } from './waits.ts';

/** Lambda carries 1 MB, and the next batch comes on top. */
const largestStateBytes = 500_000;

/** What Lambda wants back at every invocation of a tumbling window: without `state` the invocation failed. */
export interface DrawResponse {
  readonly state: DrawState;
  readonly batchItemFailures: [];
}

/**
 * One invocation of a tumbling window on the entries stream (docs/architecture.md): the batch's entries join the state;
 * a tick has the windows of its run drawn that are complete; at the window's end, or when it is much, the rest goes into the table. All of it
 * may be done again from the same state: what is stored is stored once, and published again.
 *
 * @throws when a write or a put fails after all attempts: the same invocation comes again
 */
export async function processEntries(
  event: KinesisStreamTumblingWindowEvent,
  resources: DrawDependencies,
): Promise<DrawResponse> {
  const dependencies = { ...resources, beacon: new MissingRounds(resources.beacon) };
  const before = drawStateSchema.parse(event.state ?? {}).draws;
  const records = recordsOf(event, dependencies);
  const ticks = ticksOf(records);
  const { inTime, late } = partialsOf(records, ticks);
  const left = await drawDue(withPartials(before, inTime), ticks, dependencies);
  const open = withPartials(left, late);
  const isNew = (drawId: string) => !Object.hasOwn(before, drawId) || !Object.hasOwn(left, drawId);
  await askForTicks(
    Object.values(open).filter((draw) => draw.round === undefined && isNew(drawIdOf(draw))),
    dependencies,
  );
  // AWS does not say whether the invocation that ends a window early also counts as its final one.
  const endsWindow = event.isFinalInvokeForWindow || event.isWindowTerminatedEarly;
  if (!endsWindow && !isLarge(open)) return { state: { draws: open }, batchItemFailures: [] };
  await keep(open, dependencies);
  return { state: { draws: {} }, batchItemFailures: [] };
}

/** A larger state would be refused, with its window's every invocation. */
function isLarge(open: OpenDraws): boolean {
  return Buffer.byteLength(JSON.stringify(open)) > largestStateBytes;
}

/** Records of the stream that only this project writes: one that cannot be read is a defect, and no reason to stop. */
function recordsOf(
  event: KinesisStreamTumblingWindowEvent,
  { telemetry }: DrawDependencies,
): ArrivedRecord[] {
  return kinesisSource.records(event).flatMap(({ source, data, arrival }) => {
    const parsed = entriesRecordSchema.safeParse(parseJson(data));
    if (parsed.success) return [{ record: parsed.data, arrival }];
    telemetry.count('recordsIgnored');
    telemetry.warn('A record of the entries stream cannot be read', {
      eventID: recordIdOf(source),
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

/**
 * Partials that lie before the tick of their draw, and those after it: these take no part, whether they are read with the
 * tick or later. Or whoever cuts the stream into batches could let one in when its round is known.
 */
function partialsOf(
  records: readonly ArrivedRecord[],
  ticks: ReadonlyMap<string, ArrivedTick>,
): { inTime: PartialDraw[]; late: PartialDraw[] } {
  const inTime: PartialDraw[] = [];
  const late: PartialDraw[] = [];
  for (const [index, { record }] of records.entries()) {
    if (record.type !== 'PartialDraw') continue;
    const tick = ticks.get(runKey(record));
    const isLate = tick !== undefined && tick.index < index && record.windowStart <= tick.windowStart;
    (isLate ? late : inTime).push(record);
  }
  return { inTime, late };
}

/** Runs whose windows are complete up to one of them are drawn up to it. @returns what is still open */
async function drawDue(
  open: OpenDraws,
  ticks: ReadonlyMap<string, ArrivedTick>,
  dependencies: DrawDependencies,
): Promise<OpenDraws> {
  const { taken, rest } = split(open, (draw) => ticks.has(runKey(draw)));
  const byRun = Map.groupBy(taken, runKey);
  const left = await mapBounded(runsInFlight, [...ticks], ([key, tick]) =>
    drawUpTo(tick, byRun.get(key) ?? [], dependencies),
  );
  return Object.assign({}, rest, ...left);
}

/** Once for each draw and window of Lambda's: a draw without a tick would wait for that of a later window. */
async function askForTicks(
  draws: readonly OpenDraw[],
  { ticks, isReplay, now }: DrawDependencies,
): Promise<void> {
  if (draws.length === 0) return;
  await ticks.send(draws.map((draw) => tickMessage(draw, draw.dueAt, { isReplay, now: now() })));
}

/**
 * Lambda's state ends with its window. Their ticks are on their way, and will find them in the table. The tick of one that is
 * due already may have come: this invocation may be one that another took the place of, long ago. So may that of those that
 * wait for their rounds: of each run the tick of the latest draws them all.
 */
async function keep(open: OpenDraws, dependencies: DrawDependencies): Promise<void> {
  const { openDraws, now } = dependencies;
  const byRun = Map.groupBy(Object.values(open), runKey);
  await mapBounded(runsInFlight, [...byRun.values()], async (draws) => {
    const [first] = draws;
    if (first === undefined) return;
    const own = Object.fromEntries(draws.map((draw) => [drawIdOf(draw), draw]));
    await openDraws.change(first, (known) => unionOf(known, own));
  });
  await askForTicks(
    Object.values(open).filter((draw) => !waitsForRound(draw) && draw.dueAt <= now()),
    dependencies,
  );
  await askForRounds(Object.values(open).filter(waitsForRound), dependencies);
}

function waitsForRound({ round }: OpenDraw): boolean {
  return round !== undefined && round > 0;
}

/** Where a run or its chain is not there: now, as for others. */
async function askForRounds(
  draws: readonly OpenDraw[],
  { lotteries, ticks, now }: DrawDependencies,
): Promise<void> {
  if (draws.length === 0) return;
  const byRun = Map.groupBy(draws, runKey);
  const runs = await lotteries.byRun([...byRun.values()].flatMap((own) => own.slice(0, 1)));
  const messages = [...byRun].flatMap(([key, own]) => {
    const [latest] = own.toSorted((left, right) => right.windowStart - left.windowStart);
    if (latest === undefined) return [];
    const { lotteryId, run, windowStart, dueAt } = latest;
    const chain = runs.get(key)?.beacon;
    const waits = own.map((draw) => ({ drawId: drawIdOf(draw), chain, round: draw.round ?? 0 }));
    const known = waits.flatMap((wait) => (wait.chain ? [{ ...wait, chain: wait.chain }] : []));
    const at = known.length > 0 ? nextLook(known, now()) : now();
    return [{ at, dueAt, tick: { lotteryId, run, windowStart } }];
  });
  await ticks.send(messages);
}

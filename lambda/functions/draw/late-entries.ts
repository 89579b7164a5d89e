import { mapBounded } from '../../batch/map-bounded.ts';
import type { LateEntry } from '../../core/draw.ts';
import { lateWinnerOf, movedPartial, settleLate } from '../../core/draw.ts';
import { couponRefundEvent, entryMovedEvent } from '../../core/draw-outputs.ts';
import { partialRecord } from '../../core/entries-records.ts';
import type { SeededRun } from '../../core/lottery.ts';
import type { DrawDependencies } from './dependencies.ts';
import { writesInFlight } from './dependencies.ts';
import type { MadeDraw } from './make-draws.ts';

interface SettledEntry {
  readonly late: LateEntry;
  /** The run of the draw that it missed. */
  readonly run: SeededRun;
}

/**
 * Entries that came after their draw and would have won it: to the window of the clock, or the coupon back.
 * What became of one is stored with its draw first. Whenever a draw is met again, all its late entries are
 * published again, as its winner is: whoever stored one may have died before publishing it, and may not meet it
 * again, since a better one may have joined it in the state.
 *
 * @returns all that were published
 */
export async function settleLateEntries(
  made: readonly MadeDraw[],
  clock: number,
  dependencies: DrawDependencies,
): Promise<LateEntry[]> {
  const known = made.flatMap(({ late, run }) => late.map((entry) => ({ late: entry, run })));
  const settled = [...known, ...(await settleNew(made, clock, dependencies))];
  await publishMoved(settled, dependencies);
  await publishRefunds(settled, dependencies);
  return settled.map(({ late }) => late);
}

async function settleNew(
  made: readonly MadeDraw[],
  clock: number,
  { lotteries, draws, settings, telemetry }: DrawDependencies,
): Promise<SettledEntry[]> {
  const beaten = made.flatMap(({ open, run, stored, late }) => {
    const entry = lateWinnerOf(open, stored);
    const isNew = entry !== undefined && !late.some(({ entryId }) => entryId === entry.entryId);
    return isNew ? [{ entry, run, stored }] : [];
  });
  if (beaten.length === 0) return [];
  const current = await lotteries.current([...new Set(beaten.map(({ stored }) => stored.lotteryId))]);
  return mapBounded(writesInFlight, beaten, async ({ entry, run, stored }) => {
    const now = current.get(stored.lotteryId);
    const late = await draws.putLateEntryIfAbsent(settleLate(entry, stored, now, clock, settings.windowMs));
    if (late.isNew) telemetry.count(late.stored.movedTo === undefined ? 'entriesRefunded' : 'entriesMoved');
    return { late: late.stored, run };
  });
}

/** First into the draw, then to the user: what is announced is on its way. */
async function publishMoved(
  settled: readonly SettledEntry[],
  { entries, userOutputs, ticks, now }: DrawDependencies,
): Promise<void> {
  const moved = settled.flatMap(({ late, run }) =>
    late.movedTo === undefined ? [] : [{ late, run, windowStart: late.movedTo }],
  );
  if (moved.length === 0) return;
  await entries.publish(
    moved.map(({ late, run, windowStart }) => ({
      partitionKey: late.lotteryId,
      value: partialRecord(movedPartial(late, windowStart, run)),
    })),
  );
  await userOutputs.publish(
    moved.map(({ late, windowStart }) => ({
      partitionKey: late.userId,
      value: entryMovedEvent(late, windowStart),
    })),
  );
  await ticks.request(
    moved.map(({ late, windowStart }) => ({ lotteryId: late.lotteryId, run: late.run, windowStart })),
    now(),
  );
}

async function publishRefunds(
  settled: readonly SettledEntry[],
  { userInputs }: DrawDependencies,
): Promise<void> {
  const refunded = settled.filter(({ late }) => late.movedTo === undefined);
  await userInputs.publish(
    refunded.map(({ late }) => ({ partitionKey: late.userId, value: couponRefundEvent(late) })),
  );
}

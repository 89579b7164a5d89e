import type { Settings } from '../../lib/settings.ts';
import type { Counted } from '../../proof/simulation/call-counts.ts';
import { type Load, workOf } from './load.ts';
import { drawsRequests, lotteriesUnits, usersRequests, watermarksUnits } from './tables.ts';

/**
 * What the bill's formulas say of a window, in the words of the simulation that counts it (`npm run scale`): what is wrong with
 * a formula shows beside the count.
 */
export function predictedCounts(settings: Settings, load: Load): Readonly<Record<Counted, number>> {
  const work = workOf(settings, load);
  const users = usersRequests(load);
  const draws = drawsRequests(work);
  const watermarks = watermarksUnits(work);
  const perSecond: Record<Counted, number> = {
    heartbeats: work.heartbeatsPerShard * (work.shards + work.lotteryShards),
    partials: work.partials,
    ticks: work.ticks,
    outcomes: load.clicksPerSecond,
    closed: work.draws,
    draws: work.draws,
    messages: work.ticks,
    userReads: users.reads,
    userWrites: users.writes,
    lotteryReads: lotteriesUnits(work).reads,
    drawReads: draws.reads,
    drawWrites: draws.writes,
    watermarkReads: watermarks.reads,
    watermarkWrites: watermarks.writes,
    blockPuts: work.blocks,
    blockReads: work.partials,
    sheetPuts: work.draws,
    archivePuts: work.archiveInvocations,
    signatures: work.blocks,
    userInvocations: work.userInvocations,
    drawInvocations: work.drawInvocations,
    tickInvocations: work.tickInvocations,
  };
  const perWindow = Object.entries(perSecond).map(([what, count]) => [what, count * settings.windowSeconds]);
  // Of each that is counted.
  return Object.fromEntries(perWindow) as Record<Counted, number>;
}

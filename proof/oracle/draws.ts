import { createHash, createHmac, hash } from 'node:crypto';
import { drawSeedOf } from './beacon.ts';
import { completeAt, hasWindow, type Run } from './runs.ts';
import { drawIdOf, type Said, textOf } from './streams.ts';
import type { Timed } from './time.ts';

/** Users by their entries. */
export type Entries = ReadonlyMap<string, string>;

/**
 * The draw of a run's window: of all its entries the one with the lowest priority wins.
 * @param told the winner's event: its window's seed is free until the run has ended, only the draw function knows better. What
 *   it was closed with and by what it was drawn are bounded by the close (proof/audit/closes.ts)
 */
export function winnerOf(run: Run, windowStart: number, entries: Entries, told: Said): object {
  const { lotteryId, seed, windowMs, prizes, first, chain } = run;
  const { windowRoot, sheet, round, beaconSignature } = told.json;
  const hmac = createHmac('sha256', Buffer.from(seed ?? '', 'hex')).update(`${lotteryId}:${windowStart}`);
  const windowSeed = seed === undefined ? told.windowSeed : hmac.digest('hex');
  const drawSeed = drawSeedOf(windowSeed, chain && textOf(beaconSignature));
  const priorityOf = (entryId: string) => hash('sha256', `${drawSeed}:${entryId}`);
  const ranks = [...entries].map(([entryId, userId]) => ({ entryId, userId, priority: priorityOf(entryId) }));
  const [best] = ranks.sort((left, right) => (left.priority < right.priority ? -1 : 1));
  const ids = { drawId: drawIdOf(lotteryId, run.run, windowStart), lotteryId, run: run.run, ...best };
  const window = { windowStart, windowEnd: windowStart + windowMs, windowSeed, entries: entries.size };
  const closed = { windowRoot, sheet, ...(chain && { round, beaconSignature }) };
  const prize = prizes?.[(windowStart - first) / windowMs];
  return { type: 'LotteryWinnerEvent', ...ids, ...window, ...closed, prize };
}

/** An entry of a draw that is none of its run, or one that can have come after its draw (freedom 3 in oracle.ts). */
export function mayGoBack(refund: Said, entries: Entries, run: Run, windowStart: number, settings: Timed) {
  const { entryId, userId, at } = refund;
  const isThen = at + settings.slackMs >= completeAt(run, windowStart, settings);
  const isLate = !hasWindow(run, windowStart) || settings.redriven?.has(entryId);
  return isThen && isLate && entries.get(entryId) === userId;
}

/** What reveals this seed when a run ends, if it is the one that was promised. */
export function endOf({ lotteryId, run, seedCommitment }: Run, seed: string): object | undefined {
  const commitment = createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
  const end = { type: 'LotteryEndedEvent', lotteryId, run, seed, seedCommitment };
  return commitment === seedCommitment ? end : undefined;
}

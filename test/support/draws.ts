import { hash } from 'node:crypto';
import { entriesTree } from '../../lambda/core/batch-trees.ts';
import { drawSeed } from '../../lambda/core/beacon.ts';
import { blockRef, type Entry } from '../../lambda/core/block.ts';
import { type ClosedDraw, closedDraw } from '../../lambda/core/closed-draw.ts';
import { drawnFrom, type StoredDraw } from '../../lambda/core/draw.ts';
import { windowSeed } from '../../lambda/core/fairness.ts';
import type { SeededRun } from '../../lambda/core/lottery.ts';
import { EntriesTally, sheetHead } from '../../lambda/core/sheet.ts';
import { drawIdOf } from '../../lambda/core/window.ts';
import { signatureOfRound } from './fakes/memory-beacon.ts';

export interface WholeDraw {
  readonly closed: ClosedDraw;
  readonly draw: StoredDraw;
  readonly sheet: string;
}

/**
 * A draw as it is closed and made, a block for each list of entries; with `signatureOfRound`, where the run has a beacon.
 * @param closedAt ms
 */
export function wholeDraw(
  run: SeededRun,
  windowStart: number,
  blocks: readonly (readonly Entry[])[],
  closedAt = 0,
): WholeDraw {
  const drawId = drawIdOf({ ...run, windowStart });
  const byRef = new Map(
    blocks.map((entries, n) => [refOf(drawId, entries, n), entries] satisfies [string, readonly Entry[]]),
  );
  const closed = closedDraw(run, windowStart, [...byRef.keys()], closedAt);
  const signature = closed.beacon && signatureOfRound(closed.beacon.round);
  const tally = new EntriesTally(drawSeed(windowSeed(run.seed, run.lotteryId, windowStart), signature));
  for (const ref of closed.blocks) tally.add(ref.slice(65), byRef.get(ref) ?? []);
  const drawn = drawnFrom(run, closed, tally, signature);
  const sheet = Buffer.concat([sheetHead(closed, drawn), ...tally.lines]).toString('utf8');
  return { closed, draw: { ...drawn, sheet: hash('sha256', sheet) }, sheet };
}

function refOf(drawId: string, entries: readonly Entry[], n: number): string {
  return blockRef(String(n).padStart(64, '0'), entriesTree(drawId, entries).root);
}

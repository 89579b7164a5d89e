import { mapBounded } from '../../batch/map-bounded.ts';
import { drawSeed, timeOfRound } from '../../core/beacon.ts';
import type { ClosedDraw } from '../../core/closed-draw.ts';
import { drawnFrom, type StoredDraw } from '../../core/draw.ts';
import { winnerEvent } from '../../core/draw-outputs.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import { windowSeed } from '../../core/fairness.ts';
import type { SeededRun } from '../../core/lottery.ts';
import { EntriesTally, sheetHead } from '../../core/sheet.ts';
import { drawIdOf } from '../../core/window.ts';
import { eachBlock } from './blocks-of-draws.ts';
import type { DrawDependencies } from './dependencies.ts';
import { unlessMissing } from './unless-missing.ts';
import type { Wait } from './waits.ts';

/** Each has the sheet of a window in memory. */
const drawsInFlight = 4;

/** A draw that was due, and what the table has of it. */
export interface MadeDraw {
  readonly open: OpenDraw;
  readonly stored: StoredDraw;
}

interface Made {
  readonly made: MadeDraw & { readonly isNew: boolean };
}
/** Neither made nor waiting for a round: something of it is missing. */
type Attempt = Made | { readonly wait: Wait } | undefined;

export interface Draws {
  readonly made: readonly MadeDraw[];
  /** For rounds of the beacon. */
  readonly waits: readonly Wait[];
}

/**
 * Makes the draws whose rounds can be had. Stores each if it is not there, after its sheet, then publishes what is stored: a
 * crash may have come before publishing.
 *
 * @param closed of them, as far as they are at hand, by draw id
 */
export async function makeDraws(
  run: SeededRun,
  draws: readonly OpenDraw[],
  closed: ReadonlyMap<string, ClosedDraw>,
  dependencies: DrawDependencies,
): Promise<Draws> {
  const { lotteryOutputs, telemetry, now } = dependencies;
  const attempts = await mapBounded(drawsInFlight, draws, (open) =>
    unlessMissing(open, dependencies, () => attempt(run, open, closed.get(drawIdOf(open)), dependencies)),
  );
  const made = attempts.flatMap((each) => (each !== undefined && 'made' in each ? [each.made] : []));
  const waits = attempts.flatMap((each) => (each !== undefined && 'wait' in each ? [each.wait] : []));
  await lotteryOutputs.publish(
    made.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),
  );
  for (const { stored, isNew } of made) {
    if (!isNew) continue;
    telemetry.count('drawsMade');
    telemetry.drawDelay(now() - stored.windowEnd);
  }
  return { made, waits };
}

async function attempt(
  run: SeededRun,
  open: OpenDraw,
  atHand: ClosedDraw | undefined,
  dependencies: DrawDependencies,
): Promise<Attempt> {
  const { draws, closedDraws, telemetry } = dependencies;
  const drawId = drawIdOf(open);
  if (run.beacon !== undefined && open.round !== undefined) {
    // Before its tables are read: in an outage all that is closed waits, and is gone through at each tick.
    const wait = { drawId, chain: run.beacon, round: open.round };
    if ((await signatureFor(wait, dependencies)) === undefined) return { wait };
  }
  const stored = await draws.drawOf(drawId);
  if (stored !== undefined) return { made: { open, stored, isNew: false } };
  const closed = atHand ?? (await closedDraws.closedOf(drawId));
  if (closed === undefined) {
    // Closed again it would have another round, which whoever took it away could choose.
    telemetry.count('blocksMissing');
    telemetry.warn('A draw that was closed is missing in the draws table', { drawId });
    return undefined;
  }
  return drawClosed(run, open, closed, dependencies);
}

async function drawClosed(
  run: SeededRun,
  open: OpenDraw,
  closed: ClosedDraw,
  dependencies: DrawDependencies,
): Promise<Attempt> {
  const { draws, sheets } = dependencies;
  const { drawId, lotteryId, windowStart } = closed;
  let signature: string | undefined;
  if (closed.beacon !== undefined) {
    const wait = { drawId, ...closed.beacon };
    signature = await signatureFor(wait, dependencies);
    if (signature === undefined) return { wait };
  }
  const tally = new EntriesTally(drawSeed(windowSeed(run.seed, lotteryId, windowStart), signature));
  const isWhole = await eachBlock(drawId, closed.blocks, dependencies, (root, entries) =>
    tally.add(root, entries),
  );
  if (!isWhole) return undefined;
  const drawn = drawnFrom(run, closed, tally, signature);
  const sheet = await sheets.put([sheetHead(closed, drawn), ...tally.lines]);
  return { made: { open, ...(await draws.putDrawIfAbsent({ ...drawn, sheet })) } };
}

/** Nobody is asked for a round that is to come. */
async function signatureFor(
  { chain, round }: Wait,
  { beacon, now }: Pick<DrawDependencies, 'beacon' | 'now'>,
): Promise<string | undefined> {
  return timeOfRound(chain, round) > now() ? undefined : beacon.signatureOf(chain, round);
}

/** The events that a draw is checked from, as the live view tells them: the verifier reads them as it reads a file's. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import type { CheckRequest } from './messages.ts';

type Event = Record<string, unknown> & { type: string };
type Run = CheckRequest['run'];

/** @param prize the window's, whole @returns lines of JSON */
export function eventLines(
  { run, window, promisedPrize }: CheckRequest,
  prize: string | undefined,
): string[] {
  const events: (Event | undefined)[] = [
    started(run, window, promisedPrize ?? prize),
    stopped(run),
    ...(window === undefined ? [] : [closed(run, window), won(run, window, prize)]),
    ended(run),
  ];
  return events.filter((event) => event !== undefined).map((event) => JSON.stringify(event));
}

/** As docs/fairness.md names draws. */
export function drawIdOf(
  { lotteryId, run }: Pick<LiveView, 'lotteryId' | 'run'>,
  windowStart: number,
): string {
  return `${lotteryId}@${windowStart}${run > 1 ? `#${run}` : ''}`;
}

const nameOf = ({ lotteryId, run }: Run) => ({ lotteryId, run });

function started(run: Run, window: LiveWindow | undefined, prize: string | undefined): Event {
  return {
    ...{ type: 'LotteryStartedEvent', ...nameOf(run), seedCommitment: run.seedCommitment },
    ...{ receiptKey: run.receiptKey, windowMs: run.windowMs, graceMs: run.graceMs },
    ...(run.isReplay && { replay: true }),
    ...(run.chain === undefined ? { randomness: run.randomness } : { beacon: run.chain }),
    firstWindowStart: run.firstWindowStart,
    ...prizesOf(run, window, prize),
  };
}

/** Of those that the view no longer has only this window's is looked at. */
function prizesOf(
  { prizeCount, firstWindowStart, windowMs }: Run,
  window: LiveWindow | undefined,
  prize = '',
) {
  if (prizeCount === undefined) return {};
  const prizes: string[] = new Array(Math.min(prizeCount, 100_000)).fill('');
  const index = ((window?.windowStart ?? 0) - (firstWindowStart ?? 0)) / windowMs;
  if (index in prizes) prizes[index] = prize;
  return { prizes };
}

function stopped(run: Run): Event | undefined {
  const { lastWindowStart } = run;
  if (lastWindowStart === undefined) return undefined;
  return { type: 'LotteryStoppedEvent', ...nameOf(run), lastWindowStart };
}

const windowOf = (run: Run, { windowStart }: LiveWindow) => ({
  ...{ drawId: drawIdOf(run, windowStart), ...nameOf(run) },
  ...{ windowStart, windowEnd: windowStart + run.windowMs },
});

function closed(run: Run, window: LiveWindow): Event | undefined {
  const { root, blocks, round, closedAt, commitment } = window;
  if (root === undefined) return undefined;
  return {
    ...{ type: 'DrawClosedEvent', ...windowOf(run, window), windowRoot: root, blocks, closedAt },
    windowSeedCommitment: commitment,
    ...(round !== undefined && { round, chainHash: run.chain?.chainHash }),
  };
}

function won(run: Run, window: LiveWindow, prize: string | undefined): Event | undefined {
  const { winner, entries, root, round } = window;
  if (winner === undefined) return undefined;
  const { userId, entryId, priority, windowSeed, sheet, beaconSignature } = winner;
  return {
    ...{ type: 'LotteryWinnerEvent', ...windowOf(run, window), entries, userId, entryId, priority },
    ...{ windowSeed, windowRoot: root, sheet, prize },
    ...(beaconSignature !== undefined && { round, beaconSignature }),
  };
}

function ended(run: Run): Event | undefined {
  const { seed, seedCommitment } = run;
  if (seed === undefined) return undefined;
  return { type: 'LotteryEndedEvent', ...nameOf(run), seed, seedCommitment };
}

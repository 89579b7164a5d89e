import { lotterySettings } from '../../client/resources.ts';
import { Random } from '../../local/faults/random.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { Id } from '../simulation/player-record.ts';
import { Players } from '../simulation/players.ts';

/** Numbers and a word, for both forms of an id. */
export const lotteries: readonly Id[] = [1, 2, 3, 'gold'];

/** Clicks that are dated further ahead would have the drain wait for their draws. */
const MOST_WINDOWS_AHEAD = 3;

/** The players of a running environment: what they put comes from the seed, its times from the clock. */
export function playersOf(
  runtime: Pick<Runtime, 'functions'>,
  { seed, users, now }: { seed: number | string; users: number; now: () => number },
): Players {
  const { windowMs, graceMs, toleranceMs } = lotterySettings(runtime);
  const random = new Random(seed, 'players');
  const aggregating = new Random(seed, 'aggregators');
  const mostAheadMs = MOST_WINDOWS_AHEAD * windowMs;
  return new Players({
    random,
    aggregating,
    users,
    lotteries,
    windowMs,
    graceMs,
    toleranceMs,
    mostAheadMs,
    now,
  });
}

/** Views as the live function makes them, of lotteries that are drawn by docs/fairness.md alone. */
import type { LiveIndex, LiveView, LiveWindow, LiveWinner } from '../../../lambda/core/live-view.ts';
import {
  chain,
  type Drawn,
  draw,
  type Event,
  firstWindow,
  graceMs,
  key,
  nameOf,
  pair,
  seed,
  windowMs,
} from '../../verify/support/lottery.ts';
import { hexOf, type Pair, sha256, unhex } from '../../verify/support/scheme.ts';

export { chain, firstWindow, graceMs, seed, windowMs };

export const channelOf = (lotteryId: string) => hexOf(sha256(lotteryId)).slice(0, 32);
/** The lottery's, whose draws can be checked. */
export const channel = channelOf('7');

export interface Recording {
  readonly draws: readonly Drawn[];
  readonly prizes: readonly string[];
}

/** @param counts entries of each window @param prizes one a window, or none */
export function record(counts: readonly number[], prizes: readonly string[] = [], beacon = true): Recording {
  const draws = counts.map((count, window) => {
    const entries = Array.from({ length: count }, (_, index) => entryOf(window, index));
    const half = Math.ceil(count / 2);
    const batches = [entries.slice(0, half), entries.slice(half)].filter(({ length }) => length > 0);
    const prize = prizes[window];
    return draw({ window, batches, beacon, ...(prize !== undefined && { prize }) });
  });
  return { draws, prizes };
}

const entryOf = (window: number, index: number): Pair => [
  pair(1_000 * window + index)[0],
  String((index * 37 + window * 11) % 97),
];

export interface Moment {
  /** Draws that are made, from the first on. */
  readonly drawn: number;
  /** Draws that are closed, behind those. */
  readonly closed?: number;
  /** Entries of the window that is open. */
  readonly open?: number;
  readonly version?: number;
  readonly isEnded?: boolean;
}

/** What is shown at a moment. */
export function viewOf({ draws, prizes }: Recording, moment: Moment): LiveView {
  const { drawn, closed = 0, open, version = drawn * 10 + closed, isEnded = false } = moment;
  const windows: LiveWindow[] = [
    ...draws.slice(0, drawn).map((one) => ({ ...closedWindow(one), ...drawnPart(one) })),
    ...draws.slice(drawn, drawn + closed).map(closedWindow),
  ];
  const current = drawn + closed;
  if (open !== undefined)
    windows.push({ windowStart: startOf(current), entries: open, isExact: false, state: 'open' });
  const isDrand = draws[0]?.close.round !== undefined;
  return {
    version,
    at: startOf(current) + 3_000,
    lotteryId: 7,
    run: 1,
    state: isEnded ? 'ended' : 'open',
    ...{ windowMs, graceMs, firstWindowStart: firstWindow },
    ...(prizes.length > 0 && {
      lastWindowStart: startOf(prizes.length - 1),
      ...{ prizes: prizes.slice(current), prizeIndex: current, prizeCount: prizes.length },
    }),
    ...(isDrand ? { randomness: 'drand', chain: chain.info } : { randomness: 'seed' }),
    ...{ receiptKey: key.publicKey, seedCommitment: hexOf(sha256(unhex(seed))) },
    ...(isEnded && { seed }),
    windows: windows.slice(-40),
    history: { firstWindowStart: firstWindow, entries: windows.map(({ entries }) => entries) },
    rejected: { NO_COUPON: 12, LOTTERY_INACTIVE: 3 },
  };
}

export const startOf = (window: number): number => firstWindow + window * windowMs;

/** When the round of a draw is published, ms. */
export function roundTimeOf({ close }: Drawn): number {
  return (chain.info.genesisSeconds + (Number(close.round) - 1) * chain.info.periodSeconds) * 1000;
}

function closedWindow({ close, winner }: Drawn): LiveWindow {
  const text = (name: string) => String(close[name]);
  return {
    ...{
      windowStart: Number(close.windowStart),
      entries: Number(winner.entries),
      isExact: true,
      state: 'closed',
    },
    ...{ root: text('windowRoot'), blocks: Number(close.blocks), closedAt: Number(close.closedAt) },
    ...(close.round !== undefined && { round: Number(close.round) }),
    commitment: text('windowSeedCommitment'),
  };
}

function drawnPart({ winner }: Drawn): Pick<LiveWindow, 'state' | 'winner'> {
  return { state: 'drawn', winner: winnerOf(winner) };
}

export function winnerOf(event: Event): LiveWinner {
  const { userId, entryId, priority, prize, sheet, beaconSignature, windowSeed } = event;
  return {
    ...{ userId: String(userId), entryId: String(entryId), priority: String(priority), sheet: String(sheet) },
    ...(prize !== undefined && { prize: String(prize) }),
    ...(beaconSignature !== undefined && { beaconSignature: String(beaconSignature) }),
    windowSeed: String(windowSeed),
  };
}

/** The sheets by their names. */
export function sheetsOf({ draws }: Recording): [string, string][] {
  return draws.map(({ sheet }) => [nameOf(sheet), sheet]);
}

/** A list of lotteries with such ids. */
export function indexOf(ids: readonly (number | string)[], at: number): LiveIndex {
  return {
    ...{ version: 1, at },
    lotteries: ids.map((lotteryId, index) => ({
      ...{ lotteryId, channel: channelOf(String(lotteryId)), run: 1 + (index % 2) },
      ...{
        state: index % 3 === 2 ? 'ended' : 'open',
        entries: [1_284, 37, 0, 5][index % 4] ?? 0,
        winners: [1_204, 12, 3, 1][index % 4] ?? 0,
      },
      ...(index % 4 !== 2 && { windowStart: firstWindow }),
    })),
  };
}

/** Where a lottery stands at a time, and a window of it. Pure: the time comes from the server's clock. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import { isQuicknet, quicknet } from '../check/quicknet.ts';

export type Phase =
  | { readonly kind: 'before'; readonly startsAt: number }
  | { readonly kind: 'open'; readonly windowStart: number; readonly windowEnd: number }
  /** All windows are over, and draws are still to be made. */
  | { readonly kind: 'last-draws' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'replay' };

export function phaseOf(view: LiveView, now: number): Phase {
  const { state, windowMs, firstWindowStart, lastWindowStart, isReplay } = view;
  if (state === 'ended') return { kind: 'ended' };
  if (isReplay) return { kind: 'replay' };
  const windowStart = Math.floor(now / windowMs) * windowMs;
  if (firstWindowStart !== undefined && windowStart < firstWindowStart)
    return { kind: 'before', startsAt: firstWindowStart };
  if (lastWindowStart !== undefined && windowStart > lastWindowStart) return { kind: 'last-draws' };
  return { kind: 'open', windowStart, windowEnd: windowStart + windowMs };
}

export function windowAt({ windows }: LiveView, windowStart: number): LiveWindow | undefined {
  return windows.find((window) => window.windowStart === windowStart);
}

/** The prize that the view names for a window that is not over; undefined where it names none. */
export function prizeAt(view: LiveView, windowStart: number): string | undefined {
  const { prizes, prizeIndex = 0, firstWindowStart, windowMs } = view;
  if (prizes === undefined || firstWindowStart === undefined) return undefined;
  return prizes[(windowStart - firstWindowStart) / windowMs - prizeIndex];
}

/** How many prizes of the run are still to be won, in windows that are not over: after a stop none of later ones. */
export function prizesLeft(view: LiveView, now: number): number | undefined {
  const { prizeCount, prizeIndex = 0, firstWindowStart, windowMs } = view;
  if (prizeCount === undefined || firstWindowStart === undefined) return undefined;
  if (view.state === 'ended') return 0;
  const { lastWindowStart = Number.POSITIVE_INFINITY } = view;
  const windows = Math.min(prizeCount, (lastWindowStart - firstWindowStart) / windowMs + 1);
  const over = view.isReplay ? prizeIndex : Math.floor((now - firstWindowStart) / windowMs);
  return Math.max(0, windows - Math.max(0, over));
}

/** The draws that were made, the newest first. */
export function drawnOf({ windows }: LiveView): (LiveWindow & Required<Pick<LiveWindow, 'winner'>>)[] {
  return windows.filter((window) => window.winner !== undefined).reverse() as ReturnType<typeof drawnOf>;
}

/** When the round of a closed draw is published, ms; undefined where no round draws it. Of the public chain nobody's word is taken. */
export function roundTime({ chain }: LiveView, { round }: LiveWindow): number | undefined {
  if (chain === undefined || round === undefined) return undefined;
  const { genesisSeconds, periodSeconds } = isQuicknet(chain) ? quicknet : chain;
  return (genesisSeconds + (round - 1) * periodSeconds) * 1000;
}

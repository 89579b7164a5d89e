/** Where a lottery stands at a time, and a window of it. Pure: the time comes from the server's clock. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';

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

/** How many prizes of the run are still to be drawn, of windows that are not over. */
export function prizesLeft({ prizeCount, firstWindowStart, windowMs }: LiveView, now: number) {
  if (prizeCount === undefined || firstWindowStart === undefined) return undefined;
  const over = Math.floor((now - firstWindowStart) / windowMs);
  return Math.min(prizeCount, Math.max(0, prizeCount - over));
}

/** The draws that were made, the newest first. */
export function drawnOf({ windows }: LiveView): (LiveWindow & Required<Pick<LiveWindow, 'winner'>>)[] {
  return windows.filter((window) => window.winner !== undefined).reverse() as ReturnType<typeof drawnOf>;
}

/** When the round of a closed draw is published, ms; undefined where no round draws it. */
export function roundTime({ chain }: LiveView, { round }: LiveWindow): number | undefined {
  if (chain === undefined || round === undefined) return undefined;
  return (chain.genesisSeconds + (round - 1) * chain.periodSeconds) * 1000;
}

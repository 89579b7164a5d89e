import type { Settings } from '../../../lib/settings.ts';
import { assumptions, type Load, type Work, workOf } from '../load.ts';

/** An environment under a load. */
export interface Situation {
  readonly settings: Settings;
  readonly load: Load;
  readonly work: Work;
}

/** Something that a service, a function or a key gives so much of, and no more. */
export interface Limit {
  readonly service: string;
  /** What of it, with its unit. */
  readonly what: string;
  /** How much there is, by the settings. Undefined where the settings have nothing that it is about. */
  readonly there: (settings: Settings) => number | undefined;
  readonly needed: (situation: Situation) => number;
  /**
   * Whose it is to give more: a setting of ours, a quota that AWS raises when it is asked, a service that grows by itself, or
   * nobody's, as it is what this design rests on.
   */
  readonly by: 'setting' | 'quota' | 'itself' | 'nobody';
  /** What to do, in words, for somebody who needs more. */
  readonly remedy: string;
}

/** A limit, under a load. */
export interface Met {
  readonly limit: Limit;
  readonly needed: number;
  readonly there: number;
  /** Clicks a second at which it is met, all else as it is. Undefined where clicks do not decide it. */
  readonly metAt: number | undefined;
}

export function situationOf(settings: Settings, load: Load): Situation {
  return { settings, load, work: workOf(settings, load) };
}

/** More is asked of nothing here: what is met above is met by no load. */
const mostClicks = 1e9;

/** @returns undefined where the settings have nothing that it is about */
export function metBy(limit: Limit, { settings, load, work }: Situation): Met | undefined {
  const there = limit.there(settings);
  if (there === undefined) return undefined;
  const neededAt = (clicksPerSecond: number) =>
    limit.needed(situationOf(settings, { ...load, clicksPerSecond }));
  return { limit, needed: limit.needed({ settings, load, work }), there, metAt: metAt(neededAt, there) };
}

export function isExceeded({ needed, there }: Met): boolean {
  return needed > there;
}

/** What is needed never falls with the clicks, so that halving finds where it comes to what is there. */
function metAt(neededAt: (clicks: number) => number, there: number): number | undefined {
  let [within, beyond] = [1, mostClicks];
  if (neededAt(within) > there || neededAt(beyond) <= there) return undefined;
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (neededAt(middle) <= there) within = middle;
    else beyond = middle;
  }
  return within;
}

/** How much longer all takes than with a core. */
export function slowness({ memoryMb }: Settings): number {
  return Math.max(1, assumptions.coreMemoryMb / memoryMb);
}

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

/** Ten times what is asked of anything here: what is met above is met by no load. */
const mostClicks = 1e7;

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

/**
 * Whether so little is left that assumptions which are a little off would exceed it. What settings give is not looked at: they
 * are advised with room.
 */
export function isClose({ needed, there, limit }: Met): boolean {
  return limit.by !== 'setting' && needed <= there && needed > assumptions.shardUse * there;
}

/**
 * The least load beyond which there is not enough, as far as steps of a tenth show it: what falls to a shard falls again where
 * there is one more.
 */
function metAt(neededAt: (clicks: number) => number, there: number): number | undefined {
  let within = 1;
  if (neededAt(within) > there) return undefined;
  for (let beyond = within + 1; beyond <= mostClicks; beyond = Math.ceil(beyond * 1.1)) {
    if (neededAt(beyond) > there) return between(within, beyond, (clicks) => neededAt(clicks) <= there);
    within = beyond;
  }
  return undefined;
}

/** @returns the last whole number that is within, by halving */
function between(within: number, beyond: number, isWithin: (clicks: number) => boolean): number {
  if (beyond - within <= 1) return within;
  const middle = Math.floor((within + beyond) / 2);
  return isWithin(middle) ? between(middle, beyond, isWithin) : between(within, middle, isWithin);
}

/** How much longer all takes than with a core. */
export function slowness({ memoryMb }: Settings): number {
  return Math.max(1, assumptions.coreMemoryMb / memoryMb);
}

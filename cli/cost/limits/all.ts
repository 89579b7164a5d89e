import type { Settings } from '../../../lib/settings.ts';
import type { Load } from '../load.ts';
import { functionLimits } from './functions.ts';
import { keyLimits } from './keys.ts';
import { type Limit, type Met, metBy, situationOf } from './limit.ts';
import { serviceLimits } from './services.ts';
import { streamLimits } from './streams.ts';

const all: readonly Limit[] = [...streamLimits, ...functionLimits, ...keyLimits, ...serviceLimits];

/** Every limit that the settings have to do with: what few clicks meet first, what no clicks meet last. */
export function limitsMet(settings: Settings, load: Load): Met[] {
  const situation = situationOf(settings, load);
  const met = all.flatMap((limit) => metBy(limit, situation) ?? []);
  const at = ({ metAt }: Met) => metAt ?? Number.POSITIVE_INFINITY;
  return met.toSorted((left, right) => (at(left) < at(right) ? -1 : at(left) > at(right) ? 1 : 0));
}

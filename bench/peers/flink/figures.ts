import type { Figure } from '../../measure.ts';
import { figureOf } from '../../measure.ts';
import type { Report } from './job.ts';

/** What a run took once it was warm: from the middle of its events to the last. */
export interface Steady {
  /** CPU of the whole process, a fifth of these events at a time, µs/event. */
  readonly cpu: Figure;
  readonly eventsPerSecond: number;
}

/** A mark is there every tenth of the events. @throws Error with fewer than three in the second half */
export function steadyOf({ marks }: Report): Steady {
  const last = marks.at(-1)?.[0] ?? 0;
  const warm = marks.filter(([events]) => 2 * events >= last);
  const [first, end] = [warm[0], warm.at(-1)];
  if (warm.length < 3 || first === undefined || end === undefined)
    throw new Error(`${marks.length} marks are too few for a figure`);
  const each = warm.slice(1).map(([events, cpu], index) => {
    const [eventsBefore = 0, cpuBefore = 0] = warm[index] ?? [];
    return (cpu - cpuBefore) / 1_000 / (events - eventsBefore);
  });
  return { cpu: figureOf(each), eventsPerSecond: (end[0] - first[0]) / ((end[2] - first[2]) / 1e9) };
}

/** CPU that a larger run took more than a smaller one, by what it had more of, µs/event: both started alike. */
export function betweenSizes(small: Report, large: Report): number {
  const eventsIn = ({ marks }: Report) => marks.at(-1)?.[0] ?? Number.NaN;
  return (large.cpuNs - small.cpuNs) / 1_000 / (eventsIn(large) - eventsIn(small));
}

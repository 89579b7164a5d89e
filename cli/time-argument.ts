import { startOfDay } from '../client/archive/day-of-draws.ts';
import { latestTime } from '../lambda/core/window.ts';
import { UsageError } from './exit-codes.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const relative = /^([+-])(\d{1,9})([smhd])$/;
/** With its zone: without one it would be the machine's, which nobody sees. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A time as a person types it: `2026-05-01T12:00:00Z` (or with `+02:00`), or from now `+90s`, `-10m`, `+2h`, `-1d`.
 * @returns ms since the epoch @throws UsageError that names the option
 */
export function timeIn(option: string, text: string, now: number): number {
  const time = millisecondsOf(text, now);
  if (time >= 0 && time <= latestTime) return time;
  throw new UsageError(
    `${option}: ${JSON.stringify(text)} is no time: as 2026-05-01T12:00:00Z, or from now as +10m or -2h`,
  );
}

function millisecondsOf(text: string, now: number): number {
  const [, sign, count, unit] = relative.exec(text) ?? [];
  if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')
    return now + (sign === '-' ? -1 : 1) * Number(count) * units[unit];
  // A 30th of February would be one in March.
  const isTime = instant.test(text) && startOfDay(text.slice(0, 10)) !== undefined;
  return isTime ? Date.parse(text) : Number.NaN;
}

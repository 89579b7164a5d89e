/** A time to come or gone by, in ms, in at most two units: `9 s`, `2 min 5 s`, `3 h 10 min`, `4 d 2 h`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  let left = seconds;
  return units
    .slice(first, first + 2)
    .flatMap(([unit, size]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      return count === 0 ? [] : [`${count} ${unit}`];
    })
    .join(' ');
}

/** `HH:MM:SS-HH:MM:SS`, UTC, with its day where that is not today's. */
export function windowText(start: number | undefined, end: number | undefined, now: number): string {
  if (start === undefined || end === undefined) return '';
  return `${momentText(start, now)}-${timeOf(end)}`;
}

/** `HH:MM:SS`, UTC, with its day where that is not today's. */
export function momentText(ms: number, now: number): string {
  return dayOf(ms) === dayOf(now) ? timeOf(ms) : `${dayOf(ms)} ${timeOf(ms)}`;
}

/** `HH:MM:SS`, UTC. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

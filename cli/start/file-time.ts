import type { EventLine } from '../../client/event-lines.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time of a file: the largest timestamp of a click so far. */
export class FileTime {
  #latest: number | undefined;

  /** @returns a warning for a click that takes the time far ahead: those behind it would be of windows that are over */
  warning({ number, stream, timestamp }: EventLine): string | undefined {
    if (stream !== 'user' || timestamp === undefined) return undefined;
    const before = this.#latest ?? timestamp;
    this.#latest = Math.max(before, timestamp);
    if (timestamp - before <= DAY_MS) return undefined;
    const [from, to] = [before, timestamp].map((time) => new Date(time).toISOString());
    return `Line ${number}: the time of the clicks jumps from ${from} to ${to}, and earlier ones behind it count for then`;
  }
}

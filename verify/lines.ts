/** How lines of the file are named and counted in what is found. */

/** Of the line that `--receipt` gives. */
export const ownLine = 0;

export function lineName(line: number): string {
  return line === ownLine ? 'the line given' : `line ${line}`;
}

/** Counts what is wrong in the same way, and keeps the first line of it: a million reasons would tell no more. */
export class Tally {
  count = 0;
  first = 0;

  add(line: number): void {
    if (this.count === 0) this.first = line;
    this.count += 1;
  }

  /** " (and 2 more)", or nothing. */
  get others(): string {
    return this.count > 1 ? ` (and ${this.count - 1} more)` : '';
  }
}

import type { Figure } from './measure.ts';

/** One line of the table: a figure of several rounds, or a value that is exact or follows from others. */
export interface Row {
  /** Two spaces before it: of the row above. */
  readonly name: string;
  readonly unit: string;
  readonly figure?: Figure;
  readonly value?: number;
  /** The target: not met above it. */
  readonly atMost?: number;
  /** The target: not met below it. */
  readonly atLeast?: number;
  /** Why the target is not met, where it is not. */
  readonly reason?: string;
  /** What one must know to read the figure: a stub, an assumption. */
  readonly note?: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function numberOf({ figure, value }: Row): number {
  return figure?.median ?? value ?? Number.NaN;
}

/** Undefined where there is no target. */
export function isMet(row: Row): boolean | undefined {
  const { atMost, atLeast } = row;
  if (atMost === undefined && atLeast === undefined) return undefined;
  const number = numberOf(row);
  return number <= (atMost ?? Number.POSITIVE_INFINITY) && number >= (atLeast ?? Number.NEGATIVE_INFINITY);
}

/** Name, value, unit, quartiles and target, as text. */
export function cellsOf(row: Row): readonly string[] {
  return [row.name, numberText(numberOf(row)), row.unit, quartiles(row), verdict(row)];
}

export function renderSection({ title, rows }: Section): string {
  const cells = rows.map(cellsOf);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map(([name = '', value = '', unit = '', range = '', target = '']) =>
    [
      name.padEnd(widths[0] ?? 0),
      value.padStart(widths[1] ?? 0),
      unit.padEnd(widths[2] ?? 0),
      range.padEnd(widths[3] ?? 0),
      target,
    ]
      .join('  ')
      .trimEnd(),
  );
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`  ${name.trim()}: ${note}`]));
  return [`## ${title}`, ...lines, ...notes, ''].join('\n');
}

function quartiles({ figure }: Row): string {
  if (figure === undefined) return '';
  return `${numberText(figure.lower)} to ${numberText(figure.upper)}`;
}

function verdict(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return '';
  const { atMost, atLeast } = row;
  const bound =
    atMost === undefined ? `at least ${numberText(atLeast ?? 0)}` : `at most ${numberText(atMost)}`;
  return `${bound}: ${met ? 'met' : 'NOT MET'}`;
}

function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 999.5) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

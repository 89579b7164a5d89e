import type { Figure } from './measure.ts';

/** One line of the table: a figure of several rounds, or a value that is exact or follows from others. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly figure?: Figure;
  readonly value?: number;
  /** The target: not met above it. */
  readonly atMost?: number;
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
  return row.atMost === undefined ? undefined : numberOf(row) <= row.atMost;
}

export function renderSection({ title, rows }: Section): string {
  const cells = rows.map((row) => [row.name, numberText(numberOf(row)), row.unit, spread(row), verdict(row)]);
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
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`  ${name}: ${note}`]));
  return [`## ${title}`, ...lines, ...notes, ''].join('\n');
}

function spread({ figure }: Row): string {
  if (figure === undefined) return '';
  return `(${numberText(figure.least)} to ${numberText(figure.most)})`;
}

function verdict(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return '';
  return `target: at most ${numberText(row.atMost ?? 0)}, ${met ? 'met' : 'NOT MET'}`;
}

function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

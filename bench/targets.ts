import { cellsOf, isMet, type Row, type Section } from './table.ts';

export interface Held {
  /** With that of the row that it belongs to. */
  readonly name: string;
  readonly row: Row;
}

/** The rows that have a target. */
export function heldOf(measured: readonly Section[]): Held[] {
  return measured.flatMap(({ rows }) =>
    rows.flatMap((row, index) => (isMet(row) === undefined ? [] : [{ name: fullName(rows, index), row }])),
  );
}

/** An indented row's name says nothing without the row that it is of. */
function fullName(rows: readonly Row[], index: number): string {
  const name = rows[index]?.name ?? '';
  if (!name.startsWith(' ')) return name;
  const of = rows.slice(0, index).findLast((row) => !row.name.startsWith(' '));
  return `${of?.name}: ${name.trim()}`;
}

/** A line for each target, met or not and why, and how many are. */
export function targetLines(measured: readonly Section[]): string {
  const lines = heldOf(measured).map(({ name, row }) => {
    const [, value, unit, , target] = cellsOf(row);
    const reason = isMet(row) === false && row.reason !== undefined ? `. ${row.reason}` : '';
    return `${name}: ${value} ${unit}, ${target}${reason}\n`;
  });
  return `## Targets\n${lines.join('')}${summaryOf(measured)}\n`;
}

export function summaryOf(measured: readonly Section[]): string {
  const held = heldOf(measured);
  return `${held.filter(({ row }) => isMet(row)).length} of ${held.length} targets met.`;
}

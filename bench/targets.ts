import { cellsOf, isMet, type Row, type Section } from './table.ts';

/** Which targets are met and which are not: a line for each of the latter, and how many of all. */
export function targetLines(measured: readonly Section[]): string {
  const held = measured.flatMap(({ rows }) =>
    rows.flatMap((row, index) => (isMet(row) === undefined ? [] : [{ row, of: rowOf(rows, index) }])),
  );
  const missed = held.filter(({ row }) => isMet(row) === false);
  const lines = missed.map(({ row, of }) => {
    const [name = '', value, unit, , target] = cellsOf(row);
    return `${of === undefined ? '' : `${of.name}: `}${name.trim()}: ${value} ${unit}, ${target}\n`;
  });
  return `${lines.join('')}${held.length - missed.length} of ${held.length} targets met.\n`;
}

/** What an indented row is of. */
function rowOf(rows: readonly Row[], index: number): Row | undefined {
  if (!rows[index]?.name.startsWith(' ')) return undefined;
  return rows.slice(0, index).findLast(({ name }) => !name.startsWith(' '));
}

import { cpus } from 'node:os';
import { cellsOf, isMet, numberOf, type Section } from './table.ts';
import { targetLines } from './targets.ts';

export function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}`;
}

export function toJson(measured: readonly Section[], seconds: number): string {
  const rows = measured.flatMap((section) =>
    section.rows.map((row) => ({
      section: section.title,
      name: row.name.trim(),
      unit: row.unit,
      value: numberOf(row),
      ...(row.figure && { lowerQuartile: row.figure.lower, upperQuartile: row.figure.upper }),
      ...(row.atMost !== undefined && { atMost: row.atMost }),
      ...(row.atLeast !== undefined && { atLeast: row.atLeast }),
      met: isMet(row),
      note: row.note,
    })),
  );
  return `${JSON.stringify({ machine: machine(), seconds, rows }, undefined, 2)}\n`;
}

/** As docs/benchmarks.md has it. */
export function toMarkdown(measured: readonly Section[], seconds: number): string {
  const tables = measured.map(({ title, rows }) => {
    const lines = rows.map((row) => {
      const [name = '', value, unit, quartiles, target] = cellsOf(row);
      const note = row.note === undefined ? '' : `; ${row.note}`;
      return `| ${name.replace(/^ {2}/, '&nbsp; ')} | ${value} ${unit} | ${quartiles} | ${target}${note} |`;
    });
    return [`| ${title} | median | quartiles | target |`, '|---|---|---|---|', ...lines].join('\n');
  });
  return `${machine()}, ${seconds} s.\n\n${tables.join('\n\n')}\n\n${targetLines(measured)}`;
}

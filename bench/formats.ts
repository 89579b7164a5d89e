import { cpus } from 'node:os';
import { cellsOf, isMet, numberOf, type Section } from './table.ts';
import { heldOf, summaryOf } from './targets.ts';

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
      reason: isMet(row) === false ? row.reason : undefined,
      note: row.note,
    })),
  );
  return `${JSON.stringify({ machine: machine(), seconds, rows }, undefined, 2)}\n`;
}

/** As docs/benchmarks.md has it: the targets, then all that was measured. */
export function toMarkdown(measured: readonly Section[], seconds: number): string {
  const held = heldOf(measured).map(({ name, row }) => {
    const [, value, unit, , target = ''] = cellsOf(row);
    const reason = isMet(row) === false ? (row.reason ?? '') : '';
    return [name, `${value} ${unit}`, target, reason];
  });
  const all = measured.map(({ title, rows }) =>
    table(
      [title, 'median', 'quartiles', 'target'],
      rows.map((row) => {
        const [name = '', value, unit, quartiles = '', target = ''] = cellsOf(row);
        const note = row.note === undefined ? '' : ` (${row.note})`;
        return [`${name.replace(/^ {2}/, '– ')}${note}`, `${value} ${unit}`, quartiles, target];
      }),
    ),
  );
  const targets = table(['target', 'measured', '', 'why not'], held);
  return `${machine()}, ${seconds} s. ${summaryOf(measured)}\n\n${[targets, ...all].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

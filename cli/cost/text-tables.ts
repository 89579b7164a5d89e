/** The first column on the left, the others on the right, two spaces between them. */
export function columns(rows: readonly (readonly string[])[], leftColumns = 1): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < leftColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table whose first columns are words and the others numbers. */
export function markdown(
  head: readonly string[],
  words: number,
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map((_, index) => (index < words ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Dollars, with cents where they matter. */
export function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return '<0.01';
  const digits = amount < 100 ? 2 : 0;
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

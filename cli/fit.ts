export interface TerminalSize {
  /** Absent where it is not known: as 80 and 24. */
  columns?: number;
  rows?: number;
}

/**
 * The first lines of a text that a terminal shows at a time, with the cursor below them; where some are left out the last one
 * says how many. A line that is wider than the terminal goes on in its next row.
 */
export function fitted(text: string, { columns = 80, rows = 24 }: TerminalSize): string {
  const lines = text.split('\n');
  const used = lines.map((line) => Math.max(1, Math.ceil([...line].length / columns)));
  if (used.reduce((sum, each) => sum + each, 0) < rows) return text;
  // One row for the cursor, and one for what is left out.
  let left = rows - 2;
  const shown = lines.filter((_, index) => {
    left -= used[index] ?? 0;
    return left >= 0;
  });
  return [...shown, `... ${lines.length - shown.length} more lines, on a larger terminal`].join('\n');
}

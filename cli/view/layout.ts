/** Where each part of the view is, in rows of the terminal. */
export interface Layout {
  lotteries: number;
  /** Of winners, and of functions beside them. */
  middle: number;
}

export interface Contents {
  lotteries: number;
  winners: number;
  functions: number;
  hasFaults: boolean;
}

/** Title, blank, heading; blank, heading; blank, rejections, note, message, keys. */
const FIXED = 10;
const LEAST_LOTTERIES = 3;
const LEAST_MIDDLE = 3;

/** Shares the rows out: functions are all shown if there is any room for them, lotteries have the rest, then winners. */
export function layoutOf(rows: number, { lotteries, winners, functions, hasFaults }: Contents): Layout {
  const room = Math.max(rows - FIXED - (hasFaults ? 1 : 0), 2);
  const wanted = Math.max(lotteries, 1);
  const least = Math.min(wanted, LEAST_LOTTERIES);
  const middle = Math.max(
    Math.min(functions, room - least),
    Math.min(LEAST_MIDDLE, room - 1),
    Math.min(Math.max(winners, functions), room - wanted),
  );
  return { lotteries: Math.min(wanted, room - middle), middle };
}

/** Part of a list that has the chosen one in it: from which place on so many are shown. */
export function scrolled(length: number, shown: number, chosen: number): number {
  if (length <= shown) return 0;
  return Math.min(Math.max(chosen - Math.floor(shown / 2), 0), length - shown);
}

/** Size of a terminal. */
export interface Size {
  columns: number;
  rows: number;
}

/** Rows of a page of lines that are not its: title, blank, heading; blank, keys. */
const PAGE_FIXED = 5;

export function pageRows({ rows }: Pick<Size, 'rows'>): number {
  return Math.max(rows - PAGE_FIXED, 1);
}

/** Lines that fit: what is longer goes on in the next one, so that all of a command is there to be copied. */
export function wrapped(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => {
    const characters = [...line];
    const parts = Math.max(Math.ceil(characters.length / columns), 1);
    return Array.from({ length: parts }, (_, part) =>
      characters.slice(part * columns, (part + 1) * columns).join(''),
    );
  });
}

/** From which line on the last of them fill a page. */
export function lastTop(lines: readonly string[], size: Size): number {
  return Math.max(wrapped(lines, size.columns).length - pageRows(size), 0);
}

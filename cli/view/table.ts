import { Box, type BoxProps, Text, type TextProps } from 'ink';
import { createElement as h, type ReactElement } from 'react';

export type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse' | 'wrap'>;

export interface Cell extends Look {
  text: string;
}

export interface Column {
  heading: string;
  /** In columns of the terminal; absent: shares with others what is left. */
  width?: number;
  isRight?: boolean;
}

/** One line, cut off where it does not fit. */
export function line(text: string, look: Look = {}, key?: string): ReactElement {
  // A text of nothing would have no row.
  return h(
    Box,
    { flexShrink: 0, height: 1, ...(key !== undefined && { key }) },
    h(Text, { wrap: 'truncate-end', ...look }, text || ' '),
  );
}

/** Rows under headings; a cell that does not fit is cut off in its middle, as ids differ at both ends. */
export function table(
  columns: readonly Column[],
  rows: readonly { key: string; cells: readonly Cell[]; look?: Look }[],
  box: BoxProps = {},
): ReactElement {
  const headings = columns.map(({ heading }) => ({ text: heading, dimColor: true }));
  return h(
    Box,
    { flexDirection: 'column', ...box },
    row('headings', columns, headings, {}),
    ...rows.map(({ key, cells, look = {} }) => row(`row ${key}`, columns, cells, look)),
  );
}

function row(key: string, columns: readonly Column[], cells: readonly Cell[], look: Look): ReactElement {
  return h(
    Box,
    { key, height: 1, flexShrink: 0, columnGap: 1 },
    ...columns.map(({ heading, width, isRight = false }, index) => {
      const { text = '', ...own } = cells[index] ?? {};
      return h(
        Box,
        {
          key: heading || String(index),
          justifyContent: isRight ? 'flex-end' : 'flex-start',
          ...(width === undefined ? { flexGrow: 1, flexBasis: 0, minWidth: 0 } : { width, flexShrink: 0 }),
        },
        h(Text, { wrap: 'truncate-middle', ...look, ...own }, text),
      );
    }),
  );
}

import { describe, expect, it } from 'vitest';
import { fitted } from '../../cli/fit.ts';

describe('a text on a terminal', () => {
  it('is whole where there is a row for each line, and one for the cursor', () => {
    expect(fitted('a\nb\nc', { columns: 10, rows: 4 })).toBe('a\nb\nc');
    expect(fitted('a\nb\nc', { columns: 10, rows: 3 })).toBe('a\n... 2 more lines, on a larger terminal');
  });

  it('takes more rows where a line is wider, and shows none behind one that has no room', () => {
    expect(fitted('a\nbbbbbb\nc', { columns: 5, rows: 5 })).toBe('a\nbbbbbb\nc');
    expect(fitted('a\nbbbbbb\nc', { columns: 5, rows: 4 })).toBe('a\n... 2 more lines, on a larger terminal');
  });
});

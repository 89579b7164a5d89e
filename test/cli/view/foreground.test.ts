import { expect, it } from 'vitest';
import { isForegroundStat } from '../../../cli/view/foreground.ts';

it('a process in the background does not take its terminal, whatever its name', () => {
  const stat = (group: number, ofTerminal: number) =>
    `4242 (node) 1 ( x) R 1 ${group} 4000 34816 ${ofTerminal} 4194304 1 2 3`;
  expect(isForegroundStat(stat(4242, 4242))).toBe(true);
  expect(isForegroundStat(stat(4242, 4100))).toBe(false);
  // No terminal.
  expect(isForegroundStat(stat(4242, -1))).toBe(false);
});

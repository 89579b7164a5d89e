import { expect, it } from 'vitest';
import { FaultLog } from '../../../local/faults/kinds.ts';
import { nothingInjected } from '../../../proof/soak/report.ts';

it('takes a soak without faults for a violation', () => {
  const log = new FaultLog();
  expect(nothingInjected(log)).toEqual(['nothing happened: no fault was injected']);
  log.note('writeHeld');
  expect(nothingInjected(log)).toEqual([]);
});

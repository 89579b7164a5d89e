import { expect, it } from 'vitest';
import { type Happened, nothingHappened } from '../../../proof/soak/report.ts';

const happened: Happened = {
  ...{ events: 1, outcomes: { ClickAcceptedEvent: 1 }, draws: 1 },
  faults: { total: 1, kinds: 1, byKind: { writeHeld: 1 } },
};

it.each<[string, Partial<Happened>]>([
  ['no event was put', { events: 0 }],
  ['no click was accepted', { outcomes: {} }],
  ['no draw was made', { draws: 0 }],
  ['no fault was injected', { faults: { total: 0, kinds: 0, byKind: {} } }],
])('takes it for a violation that %s', (what, changed) => {
  expect(nothingHappened(happened)).toEqual([]);
  expect(nothingHappened({ ...happened, ...changed })).toEqual([`nothing happened: ${what}`]);
});

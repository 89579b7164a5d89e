import { expect, it } from 'vitest';
import { FileTime } from '../../../cli/start/file-time.ts';
import { route } from '../../../client/event-lines.ts';
import { buy, click, start } from '../../support/client-events.ts';

const DAY_MS = 86_400_000;

it('warns of a click that is more than a day behind the largest timestamp before it', () => {
  const time = new FileTime();
  const events = [
    start(1, { timestamp: 0 }),
    click(1, 5 * DAY_MS),
    buy(1),
    click(1, 0),
    click(1, 6 * DAY_MS),
    click(1, 7 * DAY_MS + 1),
    click(1, 7 * DAY_MS),
    click(1, -1),
    click({}, 90 * DAY_MS),
  ];
  const warnings = events.map((event, index) => {
    const text = JSON.stringify(event);
    return time.warning({ number: index + 1, data: Buffer.from(text), ...route(text) });
  });
  expect(warnings.filter((warning) => warning !== undefined)).toEqual([
    'Line 6: the time of the clicks jumps from 1970-01-07T00:00:00.000Z to 1970-01-08T00:00:00.001Z, and earlier ones behind it count for then',
  ]);
});

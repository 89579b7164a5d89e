import { latestTime } from '../../lambda/core/window.ts';

/** Ids that the schemas take: the shortest and longest, all of Unicode, and names that mean something somewhere. */
export const oddIds: readonly (string | number)[] = [
  ...[0, Number.MAX_SAFE_INTEGER, 'a', ' ', '-1', '01', '1e3', 'x'.repeat(128), '界'.repeat(128)],
  ...['🎟'.repeat(64), '\u{10ffff}', '\u0000', '\u0001\u001f\u007f\u0085', '\ufffe\uffff\ufdd0', '\u2028'],
  // One looks like the other, and is another id.
  ...['\u00e9', 'e\u0301', '\u202e1'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'null', 'undefined', 'NaN'],
  ...['@', '#', '1@0', '1@0#2', 'a:1', '../..', `"'\`;--`, '{}', '?', '#current', ':loaded', '\n'],
];

const noIds = ['', 'x'.repeat(129), '\ud800', 'a\udc00', -1, 1.5, 2 ** 53, 1e308, null, true, [], {}];
const entryIds = ['a:1', `${'s'.repeat(64)}:${'9'.repeat(60)}`, '__proto__:0', '-:0'];
const noEntryIds = [
  '',
  ':',
  'shard',
  '__proto__',
  'constructor',
  'a:1\n',
  'é:1',
  'x'.repeat(70_000),
  null,
  1,
];
const drawIds = [
  '',
  '@',
  '1',
  '@0',
  '1@',
  '1@-1',
  '1@1e3',
  '1@00',
  '1@0#0',
  '1@0#1',
  '1@0#',
  '2@0',
  '__proto__@0',
];
const times = [0, -0, 1, Date.UTC(2026, 0, 1), latestTime, latestTime + 1, 2 * latestTime, 8.64e15];
const noTimes = [Number.MAX_SAFE_INTEGER, 1e21, 1e308, -1, 0.5, '0', null];
const counts = [1, 2, -0, 0, -1, 2 ** 31, 2 ** 52, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e308, 0.1];
const ids = [...oddIds, ...noIds];

/** By field. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  userId: ids,
  grantId: ids,
  lotteryId: ids,
  eventId: ids,
  timestamp: [...times, ...noTimes],
  purchasedCoupons: [...counts, -Number.MAX_SAFE_INTEGER, '1'],
  prizes: [
    ...[[''], ['\u0000'], ['__proto__', '', '🎟'], Array(1000).fill(''), ['\u0001'.repeat(65_536)]],
    ...[[], ['\ud800'], Array(1001).fill('a'), [1], {}],
  ],
  drawId: [...drawIds, `1@${latestTime}`, '1@0#2', `1@0#${Number.MAX_SAFE_INTEGER}`, 'x'.repeat(2049), 0],
  entryId: [...entryIds, ...noEntryIds],
  run: counts,
  entries: counts,
  windowStart: [...times, ...noTimes],
  lastWindowStart: [...times, ...noTimes],
  since: [...times, ...noTimes],
  at: [...times, ...noTimes],
  priority: ['0'.repeat(64), 'f'.repeat(64), '', 'F'.repeat(64), 'g'.repeat(64), 0],
};

/** @throws Error for a field that has no odd values here */
export function oddValues(field: string): readonly unknown[] {
  const odd = values[field];
  if (odd === undefined) throw new Error(`Field ${field} has no odd values`);
  return odd;
}

import { beforeEach, describe, expect, test } from 'vitest';
import { DayOfDraws, startOfDay } from '../../../client/archive/day-of-draws.ts';
import { type ExportCounts, exportedEvents } from '../../../client/export.ts';
import { Outputs } from './support.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A day that is after the time at which the services begin. */
const today = '2027-01-20';
const midnight = Date.parse(today);

let outputs: Outputs;

beforeEach(async () => {
  outputs = await Outputs.start();
});

/** Puts at a time, and archives what is there. */
async function put(at: number, channel: 'user' | 'lottery', ...events: object[]): Promise<void> {
  outputs.at(at);
  const before = outputs.records(channel).length;
  await outputs.put(channel, ...events);
  await outputs.archive(channel, before);
}

async function exported(wanted: { lotteryId?: string; day?: string }): Promise<unknown[]> {
  const start = wanted.day === undefined ? undefined : startOfDay(wanted.day);
  const day = start === undefined ? undefined : new DayOfDraws(start);
  const counts: ExportCounts = { foreign: 0 };
  const options = { history: outputs.history, now: () => outputs.now, lotteryId: wanted.lotteryId, day };
  const names: unknown[] = [];
  for await (const { text } of exportedEvents(options, counts)) names.push(JSON.parse(text).name);
  return names;
}

const started = (name: string, lotteryId: unknown = 'a', run = 1) => ({
  ...{ name, type: 'LotteryStartedEvent', lotteryId, run },
});
const stopped = (name: string, run = 1) => ({ name, type: 'LotteryStoppedEvent', lotteryId: 'a', run });
const ended = (name: string, run = 1) => ({ name, type: 'LotteryEndedEvent', lotteryId: 'a', run });
/** An event of a draw. */
const drawn = (name: string, type: string, windowStart: number, run = 1) => ({
  ...{ name, type, lotteryId: 'a', drawId: `a@${windowStart}${run === 1 ? '' : `#${run}`}` },
});
const clicked = (name: string, windowStart: number) => drawn(name, 'ClickAcceptedEvent', windowStart);
const bought = (name: string) => ({ name, type: 'CouponsBoughtEvent', userId: 7 });

describe('an export of a lottery', () => {
  test('has what names it, rejections of its clicks among them, and no purchase', async () => {
    await outputs.put('lottery', started('its', 1), started('another', 2), started('text', '1'));
    await outputs.put(
      'user',
      { ...clicked('click', 0), lotteryId: 1 },
      bought('purchase'),
      { name: 'rejected', type: 'EventRejectedEvent', event: { lotteryId: 1 } },
      { name: 'rejected, of another', type: 'EventRejectedEvent', event: { lotteryId: 2 } },
    );
    expect(await exported({ lotteryId: '1' })).toEqual(['click', 'rejected', 'its', 'text']);
  });

  test('leaves out what is no event of a lottery, and counts it', async () => {
    await outputs.put('user', 'no JSON', '5', '[]', '{"type":7}', bought('purchase'));
    const counts: ExportCounts = { foreign: 0 };
    const events = exportedEvents({ history: outputs.history, now: () => outputs.now }, counts);
    const texts: string[] = [];
    for await (const { text } of events) texts.push(text);
    expect([texts, counts]).toEqual([[JSON.stringify(bought('purchase'))], { foreign: 4 }]);
  });
});

describe('an export of a day', () => {
  const yesterdays = midnight - 10_000;
  const first = midnight;
  const last = midnight + 24 * hour - 10_000;
  const tomorrows = midnight + 24 * hour;

  test('has what came on it and what belongs to its draws: the start of the run, winners after midnight', async () => {
    const before = midnight - 40 * hour;
    await put(before, 'lottery', started('start'), started('start of another', 'b'));
    await put(before + hour, 'lottery', drawn('old winner', 'LotteryWinnerEvent', before));
    await put(midnight - 2 * minute, 'user', bought('yesterday'), clicked('click of yesterday', yesterdays));
    await put(midnight - 1_000, 'user', clicked('click before midnight', first));
    await put(midnight + 1_000, 'user', clicked('late click of yesterday', yesterdays), bought('today'));
    await put(midnight + 2_000, 'lottery', drawn('winner of yesterday', 'LotteryWinnerEvent', yesterdays));
    await put(midnight + 9 * hour, 'lottery', drawn('closed', 'DrawClosedEvent', last));
    await put(tomorrows - 1, 'user', clicked('last click', last), bought('last purchase'));
    await put(tomorrows + 2 * hour, 'lottery', drawn('last winner', 'LotteryWinnerEvent', last));
    await put(tomorrows + 2 * hour + 1, 'user', clicked('click that was held up', last), bought('tomorrow'));
    await put(tomorrows + 2 * hour + 2, 'user', drawn('coupon back', 'CouponRefundedEvent', last));
    await put(tomorrows + 40 * hour, 'lottery', stopped('stop'), ended('end'));
    expect(await exported({ day: today })).toEqual([
      'start',
      'click before midnight',
      'today',
      'closed',
      'last click',
      'last purchase',
      'last winner',
      'click that was held up',
      'coupon back',
      'stop',
      'end',
    ]);
    expect(await exported({ day: today, lotteryId: 'b' })).toEqual([]);
  });

  test('has each draw of a run on one day, whichever it is asked for', async () => {
    await put(yesterdays, 'lottery', started('start'));
    await put(yesterdays + 1, 'user', clicked('one', yesterdays));
    await put(first + 1, 'lottery', drawn('first', 'LotteryWinnerEvent', yesterdays));
    await put(first + 2, 'user', clicked('two', first));
    await put(first + 3, 'lottery', drawn('second', 'LotteryWinnerEvent', first), ended('end'));
    expect(await exported({ day: '2027-01-19' })).toEqual(['start', 'one', 'first', 'end']);
    expect(await exported({ day: today })).toEqual(['start', 'two', 'second', 'end']);
  });

  test('has the start of the run that has a draw on it, and not of another run; once, however often it is archived', async () => {
    await put(midnight - 50 * hour, 'lottery', started('first run'), ended('first end'));
    await put(midnight - 30 * hour, 'lottery', started('second run', 'a', 2));
    await outputs.archive('lottery', 1);
    await put(midnight - 2 * hour, 'lottery', stopped('stop', 2));
    await outputs.archive('lottery');
    await put(first + 1, 'lottery', drawn('winner', 'LotteryWinnerEvent', first, 2));
    expect(await exported({ day: today })).toEqual(['second run', 'stop', 'winner']);
  });

  test('has what is not archived yet', async () => {
    outputs.at(midnight - 3 * hour);
    await outputs.put('lottery', started('start'));
    outputs.at(midnight + hour);
    await outputs.put('user', clicked('click', first), bought('purchase'));
    await outputs.put('lottery', drawn('closed', 'DrawClosedEvent', first));
    expect(await exported({ day: today })).toEqual(['start', 'click', 'purchase', 'closed']);
    expect(await exported({ day: '2027-01-19' })).toEqual(['start']);
  });

  test.each(['2027-02-30', '2027-1-20', '20270120', '2027-01-20T00:00', 'today', ''])(
    'is of a day: %s is none',
    (day) => {
      expect(startOfDay(day)).toBeUndefined();
    },
  );
});

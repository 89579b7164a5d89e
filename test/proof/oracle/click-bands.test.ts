import { describe } from 'vitest';
import type { History } from './history.ts';
import { clickAt, inactive, judged, started, stopped } from './judged.ts';

const wrong = /^user 1, event \S+: in \{"coupons":2,/;

describe('a click near a start, between its arrival and its outcome', () => {
  judged([
    [
      'acceptance of one that came before the start',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(900, 1, 1, { saidAt: 1_600 })]: 1 });
      },
    ],
    [
      'rejection of one that came before it was out',
      (history) => {
        started(history);
        inactive(history, 1_400);
      },
    ],
    [
      'rejection of one that came after it was out',
      (history) => {
        started(history);
        inactive(history, 1_600);
      },
      wrong,
    ],
    [
      'acceptance that was out before the start came',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(600, 1, 1, { saidAt: 900 })]: 1 });
      },
      wrong,
    ],
    [
      'acceptance where there is no lottery',
      (history) => {
        history.buy(500, 1, 2, 2);
        history.click(600, 1, 1);
      },
      wrong,
    ],
  ]);
});

describe('a click of the last window', () => {
  judged([
    [
      'acceptance after the stop is out',
      (history) => {
        stopped(history);
        history.win(22_500, 10_000, { [history.click(15_000, 1, 1)]: 1 });
      },
    ],
    [
      'acceptance within its grace, when it was held up',
      (history) => {
        stopped(history);
        const held = { timestamp: 19_000, saidAt: 22_400 };
        history.win(22_500, 10_000, { [history.click(21_000, 1, 1, held)]: 1 });
      },
    ],
    [
      'rejection, whenever its outcome is out',
      (history) => {
        stopped(history);
        inactive(history, 15_000, 23_500);
      },
      wrong,
    ],
  ]);
});

/** Of the window behind the last one: the stop came at 19,800 and was out at 20,300. */
describe('a click behind a stop', () => {
  const behind = (at: number, saidAt = at + 500, timestamp = at) => {
    return (history: History) => {
      started(history);
      history.stop(19_800, 1);
      history.end(23_000, 1);
      const entryId = history.click(at, 1, 1, { saidAt, timestamp });
      history.refund(32_000, 1, 2, { drawId: '1@20000', entryId });
    };
  };
  const refused = (at: number, saidAt = at + 500, timestamp = at) => {
    return (history: History) => {
      started(history);
      history.stop(19_800, 1);
      history.end(23_000, 1);
      inactive(history, at, saidAt, timestamp);
    };
  };
  judged([
    ['acceptance before the stop is out, and a refund', behind(20_100)],
    ['acceptance for a second after it was out, and a refund', behind(21_200)],
    ['acceptance more than a second after it was out', behind(21_400), wrong],
    ['rejection before it is out', refused(20_100)],
    ['rejection after it is out', refused(25_000)],
    ['acceptance that was out before it came, and a refund', behind(19_000, 19_100, 20_100)],
    ['rejection that was out before it came', refused(19_000, 19_100, 20_100), wrong],
    [
      'acceptance and no refund',
      (history) => {
        behind(20_100)(history);
        history.outputs.user = history.outputs.user.slice(0, -1);
        history.records.user = history.records.user.slice(0, -1);
      },
      /^draw 1@20000: entry \S+ is in no window of its run, and was not refunded/,
    ],
    [
      'acceptance and a draw',
      (history) => {
        behind(20_100)(history);
        history.win(32_500, 20_000, { a: 1 });
      },
      /^draw 1@20000: it was made, and is none of its run/,
    ],
    [
      'acceptance and a refund before its window is complete',
      (history) => {
        started(history);
        history.stop(19_800, 1);
        history.end(23_000, 1);
        const entryId = history.click(20_100, 1, 1);
        history.refund(31_400, 1, 2, { drawId: '1@20000', entryId });
      },
      /^draw 1@20000: an entry was refunded as it could not/,
    ],
    [
      'no refund that is not due yet',
      (history) => {
        started(history);
        history.settings = { ...history.settings, until: 31_000 };
        history.stop(19_800, 1);
        history.end(23_000, 1);
        history.click(20_100, 1, 1);
      },
    ],
    [
      'a coupon that was spent by an acceptance, and is there afterwards',
      (history) => {
        behind(20_100)(history);
        history.buy(40_000, 1, 1, 4);
      },
      /^user 1, event \S+: in \{"coupons":2,/,
    ],
    [
      'want of a coupon where it would be taken',
      (history) => {
        history.start(1_000, 1);
        history.stop(19_800, 1);
        history.end(23_000, 1);
        history.reject(20_100, clickAt(20_100), 'NO_COUPON');
      },
    ],
    [
      'want of a coupon where it would not',
      (history) => {
        history.start(1_000, 1);
        history.stop(19_800, 1);
        history.end(23_000, 1);
        history.reject(25_000, clickAt(25_000), 'NO_COUPON');
      },
      /^user 1, event \S+: in \{"coupons":0,.*must be one of \[\{"reason":"LOTTERY_INACTIVE"\}\]/,
    ],
  ]);
});

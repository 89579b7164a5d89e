import { describe } from 'vitest';
import { drawIdOf, type History, type Json, ranked, shard } from './history.ts';
import { judged, started } from './judged.ts';

describe('an entry that comes late', () => {
  /** Two clicks in the window from 0: the better one is late. */
  const late = (history: History): [best: string, other: string] => {
    started(history);
    history.buy(500, 2, 1, 1);
    history.buy(500, 3, 1, 1);
    const clicks = [history.click(3_000, 2, 0), history.click(3_000, 3, 0)];
    const [best = '', other = ''] = ranked(0, clicks);
    history.win(12_500, 0, { [other]: userOf(clicks, other) });
    owners.set(history, { [best]: userOf(clicks, best), [other]: userOf(clicks, other) });
    return [best, other];
  };
  const userOf = (clicks: readonly string[], entryId: string) => 2 + clicks.indexOf(entryId);
  const owners = new WeakMap<History, Record<string, number>>();
  const move = (history: History, entryId: string, windowStart: number, at: number, more: Json = {}) => {
    const userId = owners.get(history)?.[entryId] ?? 0;
    const moved = { type: 'EntryMovedEvent', userId, lotteryId: 1, entryId, fromDrawId: '1@0' };
    history.say('user', at, { ...moved, drawId: drawIdOf(windowStart, 1), windowStart, ...more });
    if (windowStart > 0) history.win(windowStart + 12_500, windowStart, { [entryId]: userId });
  };
  const refund = (history: History, entryId: string, at: number, drawId = '1@0') => {
    const userId = owners.get(history)?.[entryId] ?? 0;
    const ids = { userId, lotteryId: 1, drawId, entryId };
    const recordId = history.put(at, { type: 'CouponRefundEvent', ...ids });
    history.say('user', at + 500, { type: 'CouponRefundedEvent', ...ids, availableCoupons: 1, recordId });
    return { type: 'CouponRefundEvent', ...ids };
  };
  const stop = (history: History) => {
    history.stop(14_000, 1);
    history.end(60_000, 1);
  };
  judged([
    [
      'a move to the window of its time',
      (history) => {
        const [best] = late(history);
        move(history, best, 10_000, 13_000);
      },
    ],
    ['a better entry that went nowhere', late, /draw 1@0: entry \S+ should have won it/],
    [
      'a move of one that would have lost',
      (history) => {
        const [best, other] = late(history);
        move(history, best, 10_000, 13_000);
        move(history, other, 20_000, 23_000);
      },
      /draw 1@0: an entry left it as it could not/,
    ],
    [
      'a move to the window that it came too late for',
      (history) => {
        const [best] = late(history);
        move(history, best, 0, 13_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a move to a window that had not begun',
      (history) => {
        const [best] = late(history);
        move(history, best, 30_000, 13_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a move before the draw was due',
      (history) => {
        const [best] = late(history);
        move(history, best, 10_000, 11_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a move under another name',
      (history) => {
        const [best] = late(history);
        move(history, best, 10_000, 13_000, { userId: 9 });
      },
      /an entry left it as it could not/,
    ],
    [
      'a move behind the last window, once the stop is out',
      (history) => {
        const [best] = late(history);
        stop(history);
        move(history, best, 20_000, 23_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a refund when no window can be left',
      (history) => {
        const [best] = late(history);
        stop(history);
        refund(history, best, 21_000);
      },
    ],
    [
      'a refund while there is a window left',
      (history) => {
        const [best] = late(history);
        stop(history);
        refund(history, best, 16_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a refund in a run that goes on',
      (history) => {
        const [best] = late(history);
        refund(history, best, 31_000);
      },
      /an entry left it as it could not/,
    ],
    [
      'a refund of a draw that it was not in',
      (history) => {
        const [best] = late(history);
        stop(history);
        refund(history, best, 21_000, '1@10000');
      },
      /draw 1@10000: it has 0 entries and no winner/,
    ],
    [
      'a move and a refund',
      (history) => {
        const [best] = late(history);
        stop(history);
        move(history, best, 10_000, 13_000);
        refund(history, best, 21_000);
      },
      /draw 1@0: an entry left it twice/,
    ],
    [
      'a refund that is asked for again, and a duplicate',
      (history) => {
        const [best] = late(history);
        stop(history);
        const event = refund(history, best, 21_000);
        history.reject(22_000, event, 'DUPLICATE_EVENT', { field: 'entryId' });
      },
    ],
    [
      'a refund that is not known any more',
      (history) => {
        const [best] = late(history);
        stop(history);
        const event = refund(history, best, 21_000);
        history.reject(22_000, event, 'REFUND_UNKNOWN');
      },
      /must be one of \[\{"reason":"DUPLICATE_EVENT"\}\]/,
    ],
    [
      'a refund that nobody granted, rejected',
      (history) => {
        started(history);
        history.reject(
          22_000,
          { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId: `${shard}:1` },
          'REFUND_UNKNOWN',
        );
      },
    ],
    [
      'any count of entries',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(3_000, 1, 1)]: 1 }, { entries: 7 });
      },
    ],
  ]);
});

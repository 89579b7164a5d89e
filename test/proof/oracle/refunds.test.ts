import { describe } from 'vitest';
import { type History, type Json, settings, shard } from './history.ts';
import { judged, started } from './judged.ts';

const couldNot = /^draw 1@0: an entry was refunded as it could not/;

/** Two clicks in the window from 0, of users 2 and 3. @returns their entries */
function twoClicks(history: History): [string, string] {
  started(history);
  history.buy(500, 2, 1, 1);
  history.buy(500, 3, 1, 1);
  return [history.click(3_000, 2, 0), history.click(3_000, 3, 0)];
}

describe('a refund of an entry in time', () => {
  judged([
    [
      'one of two',
      (history) => {
        const [second, third] = twoClicks(history);
        history.win(12_500, 0, { [second]: 2 });
        history.refund(13_000, 3, 1, { drawId: '1@0', entryId: third });
      },
      couldNot,
    ],
    [
      'all of a draw, instead of the draw',
      (history) => {
        const [second, third] = twoClicks(history);
        history.refund(13_000, 2, 1, { drawId: '1@0', entryId: second });
        history.refund(13_000, 3, 1, { drawId: '1@0', entryId: third });
      },
      couldNot,
    ],
    [
      'one that is in no draw',
      (history) => {
        started(history);
        history.refund(13_000, 1, 3, { drawId: '1@0', entryId: `${shard}:1` });
      },
      couldNot,
    ],
    [
      'one of a run that never was',
      (history) => {
        started(history);
        history.refund(13_000, 1, 3, { drawId: '1@0#7', entryId: `${shard}:1` });
      },
      /^draw 1@0#7: its run never started/,
    ],
    [
      'one that nobody granted, rejected',
      (history) => {
        started(history);
        const event = { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId: 'a:1' };
        history.reject(13_000, event, 'REFUND_UNKNOWN');
      },
    ],
  ]);
});

describe('an entry that was redriven', () => {
  /** Of two, the second one was. */
  const redriven = (history: History): [string, string] => {
    const [own, other] = twoClicks(history);
    history.settings = { ...settings, redriven: new Set([other]) };
    return [own, other];
  };
  judged([
    [
      'taking part in its draw',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2, [other]: 3 });
      },
    ],
    [
      'a refund, after the draw that it missed',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2 });
        history.refund(60_000, 3, 1, { drawId: '1@0', entryId: other });
      },
    ],
    [
      'a refund, and counting it',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2 }, { entries: 2 });
        history.refund(60_000, 3, 1, { drawId: '1@0', entryId: other });
      },
      /^draw 1@0: it was won as it could not be/,
    ],
    [
      'neither',
      (history) => {
        const [own] = redriven(history);
        history.win(12_500, 0, { [own]: 2 });
      },
      /^draw 1@0: it was won as it could not be/,
    ],
    [
      'a refund of the other',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [other]: 3 });
        history.refund(60_000, 2, 1, { drawId: '1@0', entryId: own });
      },
      couldNot,
    ],
    [
      'a refund before the draw',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2 });
        history.refund(11_000, 3, 1, { drawId: '1@0', entryId: other });
      },
      couldNot,
    ],
    [
      'a refund to another user',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2 });
        history.refund(60_000, 1, 3, { drawId: '1@0', entryId: other });
      },
      couldNot,
    ],
    [
      'two refunds',
      (history) => {
        const [own, other] = redriven(history);
        history.win(12_500, 0, { [own]: 2 });
        history.refund(60_000, 3, 1, { drawId: '1@0', entryId: other });
        history.refund(61_000, 3, 2, { drawId: '1@0', entryId: other });
      },
      /^draw 1@0: an entry was refunded twice/,
    ],
    ['a refund that is asked for again, and a duplicate', again('DUPLICATE_EVENT', { field: 'entryId' })],
    [
      'a refund that is not known any more',
      again('REFUND_UNKNOWN'),
      /must be one of \[\{"reason":"DUPLICATE_EVENT"\}\]/,
    ],
    ['a click that found its run ended', (history) => rejectedLate(history, true)],
    [
      'a click that found its run ended, and was not redriven',
      (history) => rejectedLate(history, false),
      /^user 1, event \S+: in \{"coupons":2,/,
    ],
  ]);
  function again(reason: string, more: Json = {}) {
    return (history: History) => {
      const [own, other] = redriven(history);
      history.win(12_500, 0, { [own]: 2 });
      const event = history.refund(60_000, 3, 1, { drawId: '1@0', entryId: other });
      history.reject(61_000, event, reason, more);
    };
  }
  function rejectedLate(history: History, isRedriven: boolean): void {
    started(history);
    history.stop(12_000, 1);
    history.end(23_000, 1);
    const click = { type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: 15_000 };
    const id = history.reject(15_000, click, 'LOTTERY_INACTIVE', {}, 60_000);
    if (isRedriven) history.settings = { ...settings, redriven: new Set([id]) };
  }
});

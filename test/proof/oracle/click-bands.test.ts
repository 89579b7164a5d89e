import { describe } from 'vitest';
import type { History } from './history.ts';
import { inactive, judged, started, stopped } from './judged.ts';

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
      /user 1, event \S+: in \{"coupons":2,/,
    ],
    [
      'acceptance that was out before the start came',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(100, 1, 1, { saidAt: 900 })]: 1 });
      },
      /user 1, event \S+: in \{"coupons":2,/,
    ],
  ]);
});

describe('a click near a stop', () => {
  const accepted = (at: number) => (history: History) => {
    stopped(history);
    history.win(22_500, 10_000, { [history.click(at, 1, 1)]: 1 });
  };
  judged([
    ['acceptance before it', accepted(11_000)],
    ['acceptance for a second after it was out', accepted(13_400)],
    [
      'acceptance more than a second after it was out',
      accepted(13_600),
      /user 1, event \S+: in \{"coupons":2,/,
    ],
    [
      'rejection once it has come',
      (history) => {
        stopped(history);
        inactive(history, 11_000, 12_100);
      },
    ],
    [
      'rejection that was out before it came',
      (history) => {
        stopped(history);
        inactive(history, 11_000, 11_900);
      },
      /user 1, event \S+: in \{"coupons":2,/,
    ],
    [
      'a coupon that was spent by an acceptance, and is there afterwards',
      (history) => {
        accepted(11_000)(history);
        history.buy(14_000, 1, 1, 3);
      },
      /user 1, event \S+: in \{"coupons":1,/,
    ],
  ]);
});

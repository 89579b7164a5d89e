import { describe } from 'vitest';
import type { History, Json } from './history.ts';
import { inactive, judged, started, stopped } from './judged.ts';

const restart: Json = { type: 'LotteryStartEvent', lotteryId: 1 };

describe('a start near an end', () => {
  const again = (at: number, saidAt: number) => (history: History) => {
    stopped(history);
    history.start(at, 2, {}, saidAt);
  };
  judged([
    ['acceptance after the end', again(24_000, 24_500)],
    ['acceptance before the end is out, once it can have come', again(5_000, 22_100)],
    [
      'acceptance before it can have come',
      again(5_000, 21_900),
      /lottery 1, event \S+: in \{"run":1,"status":"stopped"\} it was/,
    ],
    [
      'rejection before the end is out',
      (history) => {
        stopped(history);
        history.reject(22_900, restart, 'LOTTERY_ALREADY_STARTED');
      },
    ],
    [
      'rejection of one that came after it was out',
      (history) => {
        stopped(history);
        history.reject(23_100, restart, 'LOTTERY_ALREADY_STARTED');
      },
      /lottery 1, event \S+: in \{"run":1,"status":"stopped"\} it was/,
    ],
    [
      'an end that is out before its last window is over',
      (history) => {
        started(history);
        history.stop(12_000, 1);
        history.end(21_900, 1);
      },
      /run 1 of lottery 1 ended as it could not/,
    ],
  ]);
});

describe('a run with prizes', () => {
  const prizes = ['a car', 'a pen'];
  const withPrizes = (history: History) => {
    history.start(1_000, 1, { prizes });
    history.buy(500, 1, 2, 2);
    history.end(23_000, 1);
  };
  const stop = { type: 'LotteryStopEvent', lotteryId: 1 };
  const won = (prize: string) => (history: History) => {
    withPrizes(history);
    history.win(22_500, 10_000, { [history.click(11_000, 1, 1)]: 1 }, { prize });
  };
  judged([
    ['the prize of the window', won('a pen')],
    ['the prize of another window', won('a car'), /draw 1@10000: it was won as it could not be/],
    [
      'a stop that came when it had ended',
      (history) => {
        withPrizes(history);
        history.reject(15_000, stop, 'LOTTERY_INACTIVE', {}, 22_100);
      },
    ],
    [
      'a stop that found it ended before it can have',
      (history) => {
        withPrizes(history);
        history.reject(15_000, stop, 'LOTTERY_INACTIVE', {}, 21_000);
      },
      /lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
    [
      'a click in a window that has no prize',
      (history) => {
        withPrizes(history);
        history.win(32_500, 20_000, { [history.click(21_000, 1, 1)]: 1 });
      },
      /user 1, event/,
    ],
    [
      'rejection of a click in such a window',
      (history) => {
        withPrizes(history);
        inactive(history, 21_000, 21_100);
      },
    ],
    [
      'rejection of a click in a window with a prize',
      (history) => {
        withPrizes(history);
        inactive(history, 11_000, 11_100);
      },
      /user 1, event/,
    ],
    [
      'a run whose prizes are all drawn, and that never ends',
      (history) => history.start(1_000, 1, { prizes }),
      /run 1 of lottery 1 never ended/,
    ],
    [
      'a run whose prizes are for windows to come',
      (history) => history.start(1_000, 1, { prizes, timestamp: 2_000_000 }),
    ],
  ]);
});

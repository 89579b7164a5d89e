import { describe } from 'vitest';
import type { History, Json } from './history.ts';
import { inactive, judged, started, stopped } from './judged.ts';

const restart: Json = { type: 'LotteryStartEvent', lotteryId: 1 };
const change = (type: string, fields: Json) => (event: Json) =>
  event.type === type ? { ...event, ...fields } : event;

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
      /^lottery 1, event \S+: in \{"run":1,"status":"stopped"\} it was/,
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
      /^lottery 1, event \S+: in \{"run":1,"status":"stopped"\} it was/,
    ],
    [
      'an end that is out before its last window is complete',
      (history) => {
        started(history);
        history.stop(12_000, 1);
        history.end(21_900, 1);
      },
      /^run 1 of lottery 1 ended as it could not/,
    ],
    [
      'two ends',
      (history) => {
        stopped(history);
        history.change((event) =>
          event.type === 'LotteryEndedEvent' ? [event, { ...event, more: 1 }] : event,
        );
      },
      /^run 1 of lottery 1 ended as it could not/,
    ],
    [
      'an end of a run that never was',
      (history) => {
        stopped(history);
        history.end(50_000, 2);
      },
      /^an end is of no run/,
    ],
  ]);
});

describe('a click after a restart', () => {
  /** Run 2 came at 24,000 and was out at 24,500. */
  const restarted = (history: History) => {
    stopped(history);
    history.start(24_000, 2);
  };
  judged([
    [
      'acceptance in the new run',
      (history) => {
        restarted(history);
        history.win(32_500, 20_000, { [history.click(25_000, 1, 1, { run: 2 })]: 1 }, { run: 2 });
      },
    ],
    [
      'rejection before its start was out',
      (history) => {
        restarted(history);
        inactive(history, 24_400);
      },
    ],
    [
      'rejection after its start was out',
      (history) => {
        restarted(history);
        inactive(history, 24_600);
      },
      /^user 1, event/,
    ],
    [
      'acceptance of one of the run before in the new run',
      (history) => {
        restarted(history);
        history.click(15_000, 1, 1, { run: 2, saidAt: 24_600 });
      },
      /^user 1, event/,
    ],
    [
      'acceptance in a new run that has its window as well, as it came in time for the one before',
      (history) => {
        stopped(history);
        history.start(14_000, 2, { timestamp: 1_000 }, 24_500);
        const entryId = history.click(15_000, 1, 1, { run: 2, saidAt: 24_600 });
        history.win(24_700, 10_000, { [entryId]: 1 }, { run: 2 });
      },
      /^user 1, event/,
    ],
    [
      'it, where it was redriven',
      (history) => {
        stopped(history);
        history.start(14_000, 2, { timestamp: 1_000 }, 24_500);
        const entryId = history.click(15_000, 1, 1, { run: 2, saidAt: 24_600 });
        history.settings = { ...history.settings, redriven: new Set([entryId]) };
        history.win(24_700, 10_000, { [entryId]: 1 }, { run: 2 });
      },
    ],
    [
      'rejection in a new run, of one that came in time for the one before',
      (history) => {
        stopped(history);
        history.start(14_000, 2, { timestamp: 21_000 }, 24_500);
        inactive(history, 15_000, 24_600);
      },
      /^user 1, event/,
    ],
    [
      'acceptance in the run before, whose end is out and whose stop is not',
      (history) => {
        started(history);
        history.stop(12_000, 1, { saidAt: 26_000 });
        history.end(23_000, 1);
        const entryId = history.click(24_100, 1, 1);
        history.refund(40_000, 1, 2, { drawId: '1@20000', entryId });
      },
      /^user 1, event/,
    ],
    [
      'acceptance in the run before',
      (history) => {
        restarted(history);
        const entryId = history.click(25_000, 1, 1);
        history.refund(40_000, 1, 2, { drawId: '1@20000', entryId });
      },
      /^user 1, event/,
    ],
  ]);
});

describe('what a start says', () => {
  const said = (fields: Json) => (history: History) => {
    started(history);
    history.change(change('LotteryStartedEvent', fields));
  };
  const wrong = /^lottery 1, event \S+: in \{"run":0,"status":"ended"\} it was/;
  judged([
    ['other windows', said({ windowMs: 5_000 }), wrong],
    ['another grace', said({ graceMs: 5_000 }), wrong],
    ['another first window', said({ firstWindowStart: 10_000 }), wrong],
    ['no first window', said({ firstWindowStart: undefined }), wrong],
    ['a replay', said({ replay: true }), wrong],
    ['prizes that nobody promised', said({ prizes: ['a car'] }), wrong],
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
  const old = (at: number, isTaken: boolean) => (history: History) => {
    const start = { prizes, timestamp: 1_000 };
    if (isTaken) history.start(at, 1, start);
    else history.reject(at, { ...restart, ...start }, 'TIMESTAMP_OUT_OF_RANGE', { field: 'timestamp' });
    if (isTaken) history.end(at + 600, 1);
  };
  judged([
    ['the prize of the window', won('a pen')],
    ['the prize of another window', won('a car'), /^draw 1@10000: it was won as it could not be/],
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
      /^lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
    [
      'a stop in its last window',
      (history) => {
        withPrizes(history);
        history.stop(15_000, 1);
      },
    ],
    [
      'a stop that makes its last window a later one',
      (history) => {
        withPrizes(history);
        history.stop(20_500, 1, { lastWindowStart: 20_000 });
      },
      /^lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
    [
      'a stop before its first window, with which it is over',
      (history) => {
        history.start(1_000, 1, { prizes, timestamp: 50_000 });
        history.stop(12_000, 1);
        history.end(22_500, 1);
      },
    ],
    [
      'a click in a window that has no prize',
      (history) => {
        withPrizes(history);
        history.win(32_500, 20_000, { [history.click(21_000, 1, 1)]: 1 });
      },
      /^user 1, event/,
    ],
    [
      'rejection of a click in such a window',
      (history) => {
        withPrizes(history);
        inactive(history, 21_000, 21_100);
      },
    ],
    [
      'rejection of a click in a window with a prize, when it was held up',
      (history) => {
        withPrizes(history);
        inactive(history, 11_000, 23_100);
      },
      /^user 1, event/,
    ],
    [
      'a run whose prizes are all drawn, and that never ends',
      (history) => history.start(1_000, 1, { prizes }),
      /^run 1 of lottery 1 never ended/,
    ],
    [
      'a run whose prizes are for windows to come',
      (history) => history.start(1_000, 1, { prizes, timestamp: 2_000_000 }),
    ],
    [
      'rejection as started already, of a start whose windows are all over',
      (history) => {
        withPrizes(history);
        const start = { ...restart, prizes, timestamp: 1 };
        history.reject(22_500, start, 'LOTTERY_ALREADY_STARTED', {}, 22_900);
      },
    ],
    [
      'rejection by its time, before the end can have come',
      (history) => {
        withPrizes(history);
        const start = { ...restart, prizes: ['a pen'], timestamp: 1 };
        history.reject(13_000, start, 'TIMESTAMP_OUT_OF_RANGE', { field: 'timestamp' });
      },
      /must be one of \[\{"reason":"LOTTERY_ALREADY_STARTED"\}\]/,
    ],
    ['a start whose windows are not all over', old(22_000, true)],
    ['rejection of one whose windows are all over', old(22_001, false)],
    ['a start whose windows are all over', old(22_001, true), /must be one of \[\{"reason":"TIMESTAMP_OUT/],
    [
      'rejection of one whose windows are not',
      old(22_000, false),
      /must be one of \[\{"reason":"TIMESTAMP_OUT|it was .*TIMESTAMP_OUT/,
    ],
  ]);
});

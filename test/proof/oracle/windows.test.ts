import { describe } from 'vitest';
import { type History, settings } from './history.ts';
import { clickAt, inactive, judged, started } from './judged.ts';

const wrong = /^user 1, event \S+: in \{"coupons":2,/;

/** A click at a time with a timestamp, accepted into a window, which is drawn. */
const taken = (at: number, timestamp: number, windowStart: number) => (history: History) => {
  started(history);
  const entryId = history.click(at, 1, 1, { timestamp, windowStart });
  history.win(Math.max(at, windowStart + 12_000) + 500, windowStart, { [entryId]: 1 });
};

describe('the window of a click', () => {
  judged([
    ['its own', taken(13_000, 13_000, 10_000)],
    ['its own, at the end of the grace', taken(22_000, 17_000, 10_000)],
    ['its own, after the grace', taken(22_001, 17_000, 10_000), wrong],
    ['that of its arrival, after the grace', taken(22_001, 17_000, 20_000)],
    ['that of its arrival, within the grace', taken(22_000, 17_000, 20_000), wrong],
    ['its own, a grace before it begins', taken(18_000, 20_500, 20_000)],
    ['its own, earlier', taken(17_999, 20_500, 20_000), wrong],
    ['that of its arrival, earlier', taken(17_999, 20_500, 10_000)],
    ['that of its arrival, where the timestamp is far ahead', taken(3_000, 63_000, 0)],
    ['one to come, where the timestamp is far ahead', taken(3_000, 63_000, 60_000), wrong],
    [
      'a timestamp beyond the tolerance',
      taken(3_000, 63_001, 0),
      /must be one of \[\{"reason":"TIMESTAMP_OUT_OF_RANGE"\}\]/,
    ],
    [
      'rejection within the tolerance',
      (history) => {
        started(history);
        history.reject(3_000, clickAt(63_000), 'TIMESTAMP_OUT_OF_RANGE', { field: 'timestamp' });
      },
      wrong,
    ],
    [
      'rejection beyond the tolerance where there is no lottery',
      (history) => history.reject(3_000, clickAt(63_001), 'LOTTERY_INACTIVE'),
      /must be one of \[\{"reason":"TIMESTAMP_OUT_OF_RANGE"\}\]/,
    ],
    [
      'rejection of what is in no window yet: a grace before the first one',
      (history) => {
        history.start(1_000, 1, { timestamp: 20_000 });
        history.buy(500, 1, 2, 2);
        inactive(history, 17_000, 17_500, 20_500);
      },
    ],
    [
      'acceptance in a window before the first one',
      (history) => {
        history.start(1_000, 1, { timestamp: 20_000 });
        history.buy(500, 1, 2, 2);
        history.click(17_000, 1, 1);
      },
      wrong,
    ],
    [
      'a draw of a window before the first one',
      (history) => {
        history.start(1_000, 1, { timestamp: 20_000 });
        history.win(22_500, 10_000, { none: 1 });
      },
      /^draw 1@10000: it was made, and is none of its run/,
    ],
    [
      'acceptance in the first one by one that came before it began',
      (history) => {
        history.start(1_000, 1, { timestamp: 20_000 });
        history.buy(500, 1, 2, 2);
        history.win(32_500, 20_000, { [history.click(18_000, 1, 1, { timestamp: 20_500 })]: 1 });
      },
    ],
    [
      'a click of an old window that arrives inside the run',
      (history) => {
        history.start(11_000, 1);
        history.buy(500, 1, 2, 2);
        history.click(11_900, 1, 1, { timestamp: 9_000 });
      },
      wrong,
    ],
    [
      'one that arrives there when its own is over by the grace',
      (history) => {
        history.start(11_000, 1);
        history.buy(500, 1, 2, 2);
        const entryId = history.click(13_000, 1, 1, { timestamp: 9_000, windowStart: 10_000 });
        history.win(22_500, 10_000, { [entryId]: 1 });
      },
      wrong,
    ],
    [
      'its rejection, late as well',
      (history) => {
        history.start(11_000, 1);
        history.buy(500, 1, 2, 2);
        inactive(history, 13_000, 13_500, 9_000);
      },
    ],
    [
      'its rejection',
      (history) => {
        history.start(11_000, 1);
        history.buy(500, 1, 2, 2);
        inactive(history, 11_900, 12_000, 9_000);
      },
    ],
  ]);
});

describe('a receipt', () => {
  judged([
    ['another arrival', changed({ arrival: 13_001 }), wrong],
    ['none', changed({ arrival: undefined }), wrong],
    ['another end', changed({ windowEnd: 30_000 }), wrong],
    ['no end', changed({ windowEnd: undefined }), wrong],
    ['another timestamp', changed({ timestamp: 13_001 }), wrong],
    ['another draw', changed({ drawId: '1@0' }), wrong],
  ]);
  function changed(fields: object) {
    return (history: History) => {
      taken(13_000, 13_000, 10_000)(history);
      history.change((event) => (event.type === 'ClickAcceptedEvent' ? { ...event, ...fields } : event));
    };
  }
});

describe('stamps that are off by the slack', () => {
  judged(
    [
      [
        'a rejection before a start',
        (history) => {
          started(history);
          inactive(history, 1_600);
        },
      ],
      [
        'a draw',
        (history) => {
          started(history);
          history.win(11_900, 0, { [history.click(3_000, 1, 1)]: 1 });
        },
      ],
      ['a window: its own, a ms after the grace', taken(22_001, 17_000, 10_000), wrong],
    ],
    { ...settings, slackMs: 100 },
  );
});

describe('outputs that nobody saw come', () => {
  judged([
    [
      'any time',
      (history) => {
        taken(13_000, 13_000, 10_000)(history);
        history.outputs.user = history.outputs.user.map(({ text }) => ({ text }));
        history.outputs.lottery = history.outputs.lottery.map(({ text }) => ({ text }));
      },
    ],
  ]);
});

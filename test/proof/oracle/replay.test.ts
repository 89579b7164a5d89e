import { describe } from 'vitest';
import { type History, type Json, rejection, settings, shard } from './history.ts';
import { clickAt, inactive, judged } from './judged.ts';

/** Old events, put at one time long after: what they say of themselves is the time. */
const replay = { ...settings, toleranceMs: undefined };
const now = 500_000;
const wrong = /^user 1, event \S+: in \{"coupons":2,/;
const [left, right] = ['shardId-000000000001', 'shardId-000000000002'];

function begun(history: History, start: Json = {}): void {
  history.start(now, 1, start);
  history.buy(now, 1, 2, 2);
}

/** A click of the window from 10,000 with others, of a user without coupons, or heartbeats in between. */
const clickAfter = (time: number, windowStart: number) => (history: History) => {
  begun(history);
  none(history, time);
  const entryId = history.click(now + 1_000, 1, 1, { timestamp: 15_000, windowStart });
  history.heartbeat(now + 2_000, 90_000);
  history.win(now + 3_000, windowStart, { [entryId]: 1 });
};
const none = (history: History, time: number, shardId = shard) => {
  const event = clickAt(time, 9);
  const id = history.put(now + 600, event, { shardId });
  const rejection = { type: 'EventRejectedEvent', reason: 'NO_COUPON', message: 'none', recordId: id, event };
  history.say('user', now + 700, rejection);
};

describe('the window of a click in a replay', () => {
  judged(
    [
      ['its own, whenever it came', clickAfter(15_000, 10_000)],
      ['its own, where the clock is at the end of its grace', clickAfter(22_000, 10_000)],
      ['its own, where the clock is beyond', clickAfter(22_001, 10_000), wrong],
      ['that of the clock, where that is beyond', clickAfter(22_001, 20_000)],
      ['that of the clock, where that is not', clickAfter(22_000, 20_000), wrong],
      ['that of its arrival', clickAfter(22_001, 500_000), wrong],
      [
        'that of the clock, which a heartbeat moved',
        (history) => {
          begun(history);
          history.heartbeat(now, 45_000);
          const entryId = history.click(now + 1_000, 1, 1, { timestamp: 15_000, windowStart: 40_000 });
          history.heartbeat(now + 2_000, 90_000);
          history.win(now + 3_000, 40_000, { [entryId]: 1 });
        },
      ],
      [
        'its own, where a heartbeat has moved the clock',
        (history) => {
          begun(history);
          history.heartbeat(now, 45_000);
          history.click(now + 1_000, 1, 1, { timestamp: 15_000 });
        },
        wrong,
      ],
      [
        'its own, before a heartbeat without a time and events that are none',
        (history) => {
          begun(history);
          history.heartbeat(now);
          for (const [timestamp, more] of [
            [45_000, { userId: null }],
            ['45000', {}],
          ] as const) {
            const event = { ...clickAt(0, 9), timestamp, ...more };
            const field = more.userId === null ? 'userId' : 'timestamp';
            history.reject(now, event, 'INVALID_FIELD', { field });
          }
          const stray = history.put(now, clickAt(45_000, 9), { partitionKey: '8' });
          const refused = { ...rejection('PARTITION_KEY_MISMATCH', stray), event: clickAt(45_000, 9) };
          history.say('user', now + 100, refused);
          const entryId = history.click(now + 1_000, 1, 1, { timestamp: 15_000 });
          history.heartbeat(now + 2_000, 90_000);
          history.win(now + 3_000, 10_000, { [entryId]: 1 });
        },
      ],
      [
        'its own, on a shard whose clock is behind that of another',
        (history) => {
          begun(history);
          none(history, 45_000, left);
          const entryId = history.click(now + 1_000, 1, 1, { timestamp: 15_000 });
          history.heartbeat(now + 2_000, 90_000);
          history.win(now + 3_000, 10_000, { [entryId]: 1 });
        },
      ],
      ['that of the clock, which its shard has from its parents', inChild(20_000)],
      ['its own, where its shard has the clock from its parents', inChild(10_000), wrong],
    ],
    replay,
  );
  /** The one parent's clock is at 23,000, the other's behind. */
  function inChild(windowStart: number) {
    return (history: History) => {
      begun(history);
      none(history, 23_000, shard);
      none(history, 12_000, left);
      history.parents.user.set(shard, []).set(left, []).set(right, [shard, left]);
      const more = { timestamp: 15_000, windowStart, shardId: right };
      const entryId = history.click(now + 1_000, 1, 1, more);
      history.heartbeat(now + 2_000, 90_000, right);
      history.win(now + 3_000, windowStart, { [entryId]: 1 });
    };
  }
});

describe('a draw in a replay', () => {
  const drawn = (time: number, at: number) => (history: History) => {
    begun(history);
    const entryId = history.click(now + 1_000, 1, 1, { timestamp: 15_000 });
    history.heartbeat(now + 2_000, time);
    if (at > 0) history.win(now + at, 10_000, { [entryId]: 1 });
  };
  const early = /^draw 1@10000: it was made before its window was complete/;
  judged(
    [
      ['it once the clock is beyond its grace', drawn(22_001, 2_500)],
      ['it before the clock is there', drawn(22_001, 1_900), early],
      ['it although the clock never gets there', drawn(22_000, 2_500), early],
      ['none where the clock never gets there', drawn(22_000, 0)],
      ['none', drawn(22_001, 0), /^draw 1@10000: it has 1 entries and no winner/],
      [
        'it while another shard is behind',
        (history) => {
          drawn(22_001, 2_500)(history);
          history.parents.user.set(shard, []).set(left, []);
        },
        early,
      ],
      [
        'it while another shard is behind that has closed',
        (history) => {
          drawn(22_001, 2_500)(history);
          history.parents.user.set(left, []).set(shard, [left]);
        },
      ],
      [
        'it once a child has the clock of its parent',
        (history) => {
          drawn(22_001, 2_500)(history);
          history.parents.user.set(shard, []).set(left, [shard]).set(right, [shard]);
        },
      ],
    ],
    replay,
  );
});

describe('a run in a replay', () => {
  const prizes = ['a car', 'a pen'];
  const ended =
    (time: number, at: number, stop = {}) =>
    (history: History) => {
      begun(history, { timestamp: 1_000 });
      history.stop(now + 1_000, 1, stop);
      history.heartbeat(now + 2_000, time);
      if (at > 0) history.end(now + at, 1);
    };
  const beyond = (at: number) => (history: History) => {
    begun(history, { timestamp: 1_000 });
    history.heartbeat(now + 500, 90_000);
    history.stop(now + 1_000, 1, { timestamp: 12_000, saidAt: now + 1_050 });
    history.end(now + at, 1);
  };
  const latest = 4_102_444_790_000;
  const startWrong = /^lottery 1, event \S+: in \{"run":0,"status":"ended"\} it was/;
  const stopWrong = /^lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/;
  const said = (start: Json, fields: Json) => (history: History) => {
    begun(history, start);
    history.change((event) => (event.type === 'LotteryStartedEvent' ? { ...event, ...fields } : event));
  };
  judged(
    [
      ['a start without a time and without a first window', (history) => begun(history)],
      ['a first window by its arrival', said({}, { firstWindowStart: now }), startWrong],
      ['a first window by its time', (history) => begun(history, { timestamp: 1_000 })],
      ['none, where it has a time', said({ timestamp: 1_000 }, { firstWindowStart: undefined }), startWrong],
      ['no word of it', said({}, { replay: undefined }), startWrong],
      ['prizes from its arrival on', (history) => begun(history, { prizes })],
      ['prizes of long ago', (history) => begun(history, { prizes, timestamp: 1_000 })],
      [
        'rejection of prizes of long ago',
        (history) => {
          const event = { type: 'LotteryStartEvent', lotteryId: 1, prizes, timestamp: 1_000 };
          history.reject(now, event, 'TIMESTAMP_OUT_OF_RANGE', { field: 'timestamp' });
        },
        startWrong,
      ],
      [
        'an end once the clock is beyond the grace of its last window',
        ended(22_001, 2_500, { timestamp: 12_000 }),
      ],
      ['none', ended(22_001, 0, { timestamp: 12_000 }), /^run 1 of lottery 1 never ended/],
      ['none yet', ended(22_000, 0, { timestamp: 12_000 })],
      [
        'an end before the clock is there',
        ended(22_001, 1_900, { timestamp: 12_000 }),
        /^run 1 of lottery 1 ended as it could not/,
      ],
      ['an end after a stop that comes when the clock is beyond it', beyond(1_100)],
      ['an end before that stop', beyond(900), /^run 1 of lottery 1 ended as it could not/],
      ['a stop without a time, which bounds nothing', ended(22_001, 0, { lastWindowStart: latest })],
      ['a stop by its arrival', ended(22_001, 0, { lastWindowStart: now }), stopWrong],
      [
        'acceptance of a click before its last window, long after the stop was out',
        (history) => {
          begun(history);
          history.stop(now + 1_000, 1, { timestamp: 12_000 });
          const entryId = history.click(now + 90_000, 1, 1, { timestamp: 15_000 });
          history.heartbeat(now + 91_000, 90_000);
          history.win(now + 92_000, 10_000, { [entryId]: 1 });
          history.end(now + 93_000, 1);
        },
      ],
      [
        'rejection of a click behind it',
        (history) => {
          begun(history);
          history.stop(now + 1_000, 1, { timestamp: 12_000 });
          inactive(history, now + 90_000, now + 90_500, 25_000);
          history.end(now + 91_000, 1);
        },
      ],
      [
        'acceptance of a click before its start',
        (history) => {
          begun(history, { timestamp: 20_000 });
          history.click(now + 1_000, 1, 1, { timestamp: 15_000 });
        },
        wrong,
      ],
    ],
    replay,
  );
});

describe('a stop with a time where arrivals are the time', () => {
  judged([
    [
      'the window of its arrival',
      (history) => {
        history.start(1_000, 1);
        history.stop(12_000, 1, { timestamp: 500, lastWindowStart: 10_000 });
        history.end(23_000, 1);
      },
    ],
    [
      'the window of its time',
      (history) => {
        history.start(1_000, 1);
        history.stop(12_000, 1, { timestamp: 500 });
        history.end(23_000, 1);
      },
      /^lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
  ]);
});

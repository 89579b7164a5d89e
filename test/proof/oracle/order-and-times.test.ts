import { describe } from 'vitest';
import { type History, settings, shard } from './history.ts';
import { clickAt, inactive, judged, started, stopped } from './judged.ts';

describe('events of one user on two shards', () => {
  const other = 'shardId-000000000001';
  /** The click needs the coupon that lies on the other shard. */
  const split = (history: History) => {
    history.start(1_000, 1);
    const entryId = history.click(3_000, 1, 0, { shardId: other });
    history.win(12_500, 0, { [entryId]: 1 });
    history.buy(4_000, 1, 1, 1);
  };
  judged([
    ['any order of unrelated shards that explains all', split],
    [
      'a child before its parent',
      (history) => {
        split(history);
        history.parents.user.set(shard, [other]);
      },
      /user 1, event \S+: in \{"coupons":0,/,
    ],
    [
      'a grandchild after its grandparent',
      (history) => {
        split(history);
        history.parents.user.set(other, ['between']).set('between', [shard]);
      },
    ],
    [
      'what no order explains',
      (history) => {
        split(history);
        history.buy(5_000, 1, 1, 5);
      },
      /user 1, event/,
    ],
    [
      'many on each, of which only one order is right',
      (history) => {
        history.start(1_000, 1);
        history.buy(1_000, 1, 100, 100);
        const entries: Record<string, number> = {};
        for (let left = 99; left >= 60; left -= 1)
          entries[history.click(3_000, 1, left, left % 3 === 0 ? { shardId: other } : {})] = 1;
        history.win(12_500, 0, entries);
      },
    ],
  ]);
});

describe('stamps and times', () => {
  judged([
    [
      'a click in the window of its arrival, where its own was over',
      (history) => {
        started(history);
        history.win(32_500, 20_000, {
          [history.click(22_000, 1, 1, { timestamp: 7_000, windowStart: 20_000 })]: 1,
        });
      },
    ],
    [
      'a click in its own window within the grace',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(12_000, 1, 1, { timestamp: 7_000 })]: 1 });
      },
    ],
    [
      'a click in its own window after the grace',
      (history) => {
        started(history);
        history.win(12_500, 0, { [history.click(12_001, 1, 1, { timestamp: 7_000 })]: 1 });
      },
      /user 1, event/,
    ],
    [
      'a click in a window to come, within the tolerance',
      (history) => {
        started(history);
        history.win(72_500, 60_000, { [history.click(3_000, 1, 1, { timestamp: 63_000 })]: 1 });
      },
    ],
    [
      'a click beyond it',
      (history) => {
        started(history);
        history.win(72_500, 60_000, { [history.click(3_000, 1, 1, { timestamp: 63_001 })]: 1 });
      },
      /must be one of \[\{"reason":"TIMESTAMP_OUT_OF_RANGE"\}\]/,
    ],
    [
      'rejection within it',
      (history) => {
        started(history);
        history.reject(3_000, clickAt(63_000), 'TIMESTAMP_OUT_OF_RANGE', { field: 'timestamp' });
      },
      /user 1, event/,
    ],
    [
      'a click of any age without a tolerance',
      (history) => {
        history.settings = { ...settings, toleranceMs: undefined };
        started(history);
        history.win(212_500, 0, { [history.click(200_000, 1, 1, { timestamp: 7_000 })]: 1 });
      },
    ],
    [
      'a draw that is not due yet',
      (history) => {
        history.settings = { ...settings, until: 11_000 };
        started(history);
        history.click(3_000, 1, 1);
      },
    ],
    [
      'stamps that are off by the slack',
      (history) => {
        history.settings = { ...settings, slackMs: 100 };
        stopped(history);
        inactive(history, 11_000, 11_900);
      },
    ],
    [
      'outputs that nobody saw come',
      (history) => {
        stopped(history);
        inactive(history, 11_000, 11_900);
        history.outputs.user = history.outputs.user.map(({ text }) => ({ text }));
      },
    ],
  ]);
});

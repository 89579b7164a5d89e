import { describe } from 'vitest';
import { type History, shard } from './history.ts';
import { judged } from './judged.ts';

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
      /^user 1, event \S+: in \{"coupons":0,/,
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
      /^user 1, event/,
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

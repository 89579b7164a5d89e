import { describe } from 'vitest';
import type { Grant, Settings } from '../../../proof/oracle/oracle.ts';
import { type History, type Json, settings, shard } from './history.ts';
import { judged } from './judged.ts';

/** User 1 gets five coupons; it was being stored from 10,000 to 11,000. */
const grant: Grant = { userId: '1', coupons: 5, reason: 'for the wait', from: 10_000, until: 11_000 };
const given: Settings = { ...settings, grants: new Map([['a', grant]]) };

const event = (userId = 1, grantId = 'a') => ({ type: 'CouponGrantEvent', userId, grantId });

function give(history: History, at: number, availableCoupons: number, more: Json = {}): void {
  const { userId = 1, grantId = 'a' } = more;
  const recordId = history.put(at, event(Number(userId), String(grantId)));
  history.say('user', at + 500, {
    ...{ type: 'CouponsGrantedEvent', userId: 1, grantId: 'a', coupons: 5, reason: 'for the wait' },
    ...{ availableCoupons, recordId, ...more },
  });
}

const unknown = (history: History, at: number, ...of: Parameters<typeof event>) =>
  history.reject(at, event(...of), 'GRANT_UNKNOWN');

describe('a grant', () => {
  judged(
    [
      [
        'one, given once, and its coupons spent',
        (history) => {
          history.start(1_000, 1);
          give(history, 11_000, 5);
          history.reject(12_000, event(), 'DUPLICATE_EVENT', { field: 'grantId' });
          history.win(23_000, 10_000, { [history.click(13_000, 1, 4)]: 1 });
          history.users = [{ userId: '1', coupons: 4 }];
        },
      ],
      ['one before it is stored, unknown', (history) => unknown(history, 9_000)],
      ['one while it is stored, unknown', (history) => unknown(history, 10_500)],
      ['one while it is stored, given', (history) => give(history, 10_500, 5)],
      ['one that came before it was stored, and was processed after', (history) => give(history, 9_900, 5)],
      ["one of somebody's under another user, unknown at any time", (history) => unknown(history, 90_000, 2)],
      ['one of nobody, unknown at any time', (history) => unknown(history, 90_000, 1, 'b')],
      ['one that is stored, unknown', (history) => unknown(history, 11_001), /must be one of/],
      ['one before it can be known, given', (history) => give(history, 9_000, 5), /must be one of/],
      [
        'one under another user, given',
        (history) => give(history, 12_000, 5, { userId: 2 }),
        /must be one of/,
      ],
      ['one of nobody, given', (history) => give(history, 12_000, 5, { grantId: 'b' }), /must be one of/],
      ['one of other coupons', (history) => give(history, 12_000, 6, { coupons: 6 }), /must be one of/],
      ['one for another reason', (history) => give(history, 12_000, 5, { reason: 'none' }), /must be one of/],
      [
        'one without its reason',
        (history) => give(history, 12_000, 5, { reason: undefined }),
        /must be one of/,
      ],
      [
        'one twice',
        (history) => {
          give(history, 12_000, 5);
          give(history, 13_000, 10);
        },
        /must be one of/,
      ],
      [
        'a repetition of one that was not given',
        (history) => history.reject(12_000, event(), 'DUPLICATE_EVENT', { field: 'grantId' }),
        /must be one of/,
      ],
      [
        'one for which there is no room, and later, when there is',
        (history) => {
          history.start(1_000, 1);
          history.buy(2_000, 1, 2 ** 52 - 4, 2 ** 52 - 4);
          history.reject(12_000, event(), 'COUPON_LIMIT_EXCEEDED', { field: 'grantId' });
          history.win(23_000, 10_000, { [history.click(13_000, 1, 2 ** 52 - 5)]: 1 });
          give(history, 14_000, 2 ** 52);
        },
      ],
      [
        'one for which there is no room, given',
        (history) => {
          history.buy(2_000, 1, 2 ** 52 - 4, 2 ** 52 - 4);
          give(history, 12_000, 2 ** 52 + 1);
        },
        /must be one of/,
      ],
      [
        'one on two shards, given twice',
        (history) => {
          for (const [shardId, availableCoupons] of [
            [shard, 5],
            ['shardId-000000000001', 10],
          ] as const) {
            const recordId = history.put(12_000, event(), { shardId });
            const { coupons, reason } = grant;
            const said = { type: 'CouponsGrantedEvent', userId: 1, grantId: 'a', coupons, reason };
            history.say('user', 12_500, { ...said, availableCoupons, recordId });
          }
        },
        /must be one of/,
      ],
    ],
    given,
  );
});

import { describe, expect, it } from 'vitest';
import { commitmentOf, History, type Json, priorityOf, rejection, seedOf, shard } from './history.ts';

/** Two users, two draws, a stop and the end: all right. */
function sound(): History {
  const history = new History();
  history.start(1_000, 1);
  history.buy(2_000, 1, 3, 3, { eventId: 'a' });
  history.buy(2_000, 2, 1, 1);
  const first = { [history.click(3_000, 1, 2)]: 1, [history.click(3_000, 2, 0)]: 2 };
  history.heartbeat(3_500);
  history.reject(4_000, { type: 'UserClickEvent', userId: 2, lotteryId: 1, timestamp: 4_000 }, 'NO_COUPON');
  const second = { [history.click(11_000, 1, 1)]: 1 };
  history.stop(12_000, 1);
  history.win(12_500, 0, first);
  history.win(22_500, 10_000, second);
  history.end(23_000, 1);
  history.users = [
    { userId: '1', coupons: 1 },
    { userId: '2', coupons: 0 },
  ];
  return history;
}

/** Changes the nth event of a type that is said. */
function changed(type: string, change: (event: Json) => Json | Json[], nth = 0): History {
  let seen = -1;
  return sound().change((event) => {
    if (event.type === type) seen += 1;
    return event.type === type && seen === nth ? change(event) : event;
  });
}

const again = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 5, eventId: 'a' };
const clickOf2 = { type: 'UserClickEvent', userId: 2, lotteryId: 1, timestamp: 5_000 };
const receipt = 'ClickAcceptedEvent';
const winner = 'LotteryWinnerEvent';

/** The sound history and one thing more. */
function more(add: (history: History) => void): History {
  const history = sound();
  history.users = undefined;
  add(history);
  return history;
}

describe('the oracle', () => {
  it('finds nothing where all is right', () => {
    expect(sound().violations()).toEqual([]);
  });

  it('takes equal records for repetitions, whenever they come', () => {
    const history = sound();
    for (const { text } of history.outputs.user.slice()) history.outputs.user.push({ text, at: 900_000 });
    for (const { text } of history.outputs.lottery.slice())
      history.outputs.lottery.push({ text, at: 900_000 });
    expect(history.violations()).toEqual([]);
  });

  it.each<[string, History, RegExp]>([
    ['an outcome was lost', changed(receipt, () => []), /user event \S+ has no outcome/],
    [
      'an outcome is of no event',
      more((history) => history.say('user', 9_000, rejection('NO_COUPON', `${shard}:9`))),
      /an outcome of user event \S+:9, which was never put/,
    ],
    [
      'a repetition is different',
      changed(receipt, (event) => [event, { ...event, availableCoupons: 1 }]),
      /has different outcomes/,
    ],
    [
      'a balance is wrong',
      changed(receipt, (event) => ({ ...event, availableCoupons: 3 })),
      /user 1, event \S+: in \{"coupons":3,/,
    ],
    [
      'more was bought than asked for',
      changed('CouponsBoughtEvent', (event) => ({ ...event, purchasedCoupons: 4 })),
      /user 1, event/,
    ],
    ['somebody else got the coupons', changed(receipt, (event) => ({ ...event, userId: 2 })), /user 1/],
    ['a balance in the table is wrong', changedUsers(2), /user 1 has 2 coupons, and must have 1/],
    [
      'a click was accepted without a coupon',
      more((history) => history.click(5_000, 2, -1)),
      /user 2, event \S+: in \{"coupons":0,/,
    ],
    [
      'a click with a coupon was rejected for want of one',
      more((history) => history.reject(5_000, { ...clickOf2, userId: 1, timestamp: 5_000 }, 'NO_COUPON')),
      /user 1, event \S+: in \{"coupons":1,/,
    ],
    [
      'a rejection has another reason',
      changed('EventRejectedEvent', (event) => ({ ...event, reason: 'LOTTERY_INACTIVE' })),
      /must be one of \[\{"reason":"NO_COUPON"\}\]/,
    ],
    [
      'a rejection sends back something else',
      changed('EventRejectedEvent', (event) => ({ ...event, event: { ...clickOf2, timestamp: 1 } })),
      /user 2, event \S+: in .* must be one of \[\{"type":"EventRejectedEvent"/,
    ],
    [
      'an event id was applied twice',
      more((history) => history.buy(9_000, 1, 5, 6, { eventId: 'a' })),
      /must be one of \[\{"reason":"DUPLICATE_EVENT"\}\]/,
    ],
    [
      'an event was taken for a duplicate',
      more((history) =>
        history.reject(9_000, { ...again, eventId: 'b' }, 'DUPLICATE_EVENT', { field: 'eventId' }),
      ),
      /user 1, event/,
    ],
    [
      'the wrong one won',
      changed(winner, (event) => ({ ...event, entryId: `${shard}:1001` })),
      /draw 1@0: it was won as it could not be/,
    ],
    [
      'the winner is of another window',
      changed(winner, (event) => ({ ...event, entryId: entryOf(sound(), 2) })),
      /draw 1@0: it was won as it could not be/,
    ],
    [
      'a better entry was passed over',
      changed(winner, withTheOther),
      /draw 1@0: it was won as it could not be/,
    ],
    [
      'the priority is wrong',
      changed(winner, (event) => ({ ...event, priority: '0'.repeat(64) })),
      /draw 1@0: it was won/,
    ],
    [
      'a prize was won that nobody promised',
      changed(winner, (event) => ({ ...event, prize: 'a car' })),
      /draw 1@0: it was won/,
    ],
    ['an entry is in no draw', changed(winner, () => []), /draw 1@0: it has 2 entries and no winner/],
    [
      'a draw has two winners',
      changed(winner, (event) => [event, { ...event, entries: 7 }]),
      /draw 1@0: it has different winners/,
    ],
    ['a draw counts nobody', changed(winner, (event) => ({ ...event, entries: 0 })), /draw 1@0: it was won/],
    [
      'a draw counts one twice',
      changed(winner, (event) => ({ ...event, entries: 3 })),
      /draw 1@0: it was won/,
    ],
    [
      'a draw was made of a window in which nobody clicked',
      (() => {
        const history = new History();
        history.start(1_000, 1);
        history.win(12_500, 0, { none: 1 });
        return history;
      })(),
      /draw 1@0: it was won as it could not be/,
    ],
    [
      'a heartbeat has an outcome',
      more((history) => history.say('user', 9_000, rejection('NO_COUPON', history.heartbeat(8_000)))),
      /user event \S+ is a heartbeat, and has an outcome/,
    ],
    [
      'a draw was made too early',
      more((history) => {
        history.outputs.lottery = history.outputs.lottery.map(({ text, at = 0 }) => ({
          text,
          at: Math.min(at, 11_999),
        }));
      }),
      /draw 1@0: it was made before its window was complete/,
    ],
    [
      'a receipt is of another window',
      changed(receipt, (event) => ({ ...event, windowStart: 10_000, drawId: '1@10000' })),
      /user 1, event/,
    ],
    [
      'a receipt is of another run',
      changed(receipt, (event) => ({ ...event, drawId: '1@0#2' })),
      /user 1, event/,
    ],
    [
      'a coupon went back, and nothing was late',
      more((history) => history.refund(30_000, 1, 2, { drawId: '1@0', entryId: entryOf(sound(), 0) })),
      /draw 1@0: an entry was refunded as it could not/,
    ],
    [
      'an entry was moved',
      more((history) =>
        history.say('user', 15_000, {
          ...{ type: 'EntryMovedEvent', userId: 1, lotteryId: 1, entryId: loserOf(sound()) },
          ...{ fromDrawId: '1@0', drawId: '1@10000', windowStart: 10_000 },
        }),
      ),
      /a record of the user outputs is no output event/,
    ],
    [
      'a lottery was started twice',
      (() => {
        const history = new History();
        history.start(1_000, 1);
        history.start(5_000, 2);
        return history;
      })(),
      /lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
    [
      'the first start was rejected',
      (() => {
        const history = new History();
        history.reject(1_000, { type: 'LotteryStartEvent', lotteryId: 1 }, 'LOTTERY_ALREADY_STARTED');
        return history;
      })(),
      /lottery 1, event \S+: in \{"run":0,"status":"ended"\} it was/,
    ],
    [
      'a stop was rejected that nothing came before',
      (() => {
        const history = new History();
        history.start(1_000, 1);
        history.reject(2_000, { type: 'LotteryStopEvent', lotteryId: 1 }, 'LOTTERY_INACTIVE');
        return history;
      })(),
      /lottery 1, event \S+: in \{"run":1,"status":"active"\} it was/,
    ],
    [
      'a lottery was stopped in another window',
      changed('LotteryStoppedEvent', (event) => ({ ...event, lastWindowStart: 0 })),
      /lottery 1, event .* must be one of \[\{"type":"LotteryStoppedEvent"/,
    ],
    ['a stopped run never ended', changed('LotteryEndedEvent', () => []), /run 1 of lottery 1 never ended/],
    [
      'another seed was revealed than promised',
      changed('LotteryEndedEvent', (event) => ({ ...event, seed: seedOf(2) })),
      /run 1 of lottery 1 ended as it could not/,
    ],
    [
      'another seed with its own commitment was revealed',
      changed('LotteryEndedEvent', (event) => ({
        ...{ ...event, seed: seedOf(2), seedCommitment: commitmentOf(seedOf(2)) },
      })),
      /run 1 of lottery 1 ended as it could not/,
    ],
    [
      'a run ended that nobody ended',
      (() => {
        const history = new History();
        history.start(1_000, 1);
        history.end(50_000, 1);
        return history;
      })(),
      /run 1 of lottery 1 ended as it could not/,
    ],
    [
      'something else is on the stream',
      more((history) => history.say('user', 1, { type: winner })),
      /a record of the user outputs is no output event/,
    ],
  ])('finds that %s', (_what, history, violation) => {
    expect(history.violations().filter((line) => violation.test(line))).not.toEqual([]);
  });
});

function changedUsers(coupons: number): History {
  const history = sound();
  history.users = [{ userId: '1', coupons }];
  return history;
}

/** The nth receipt's entry. */
function entryOf({ outputs }: History, nth: number): string {
  const receipts = outputs.user.map(({ text }) => JSON.parse(text)).filter(({ type }) => type === receipt);
  return receipts[nth].entryId;
}

function loserOf(history: History): string {
  const { entryId } = history.outputs.lottery
    .map(({ text }) => JSON.parse(text))
    .find(({ drawId }) => drawId === '1@0');
  return entryOf(history, 0) === entryId ? entryOf(history, 1) : entryOf(history, 0);
}

/** As if the other entry of the first draw had won: with its own user and priority. */
function withTheOther(event: Json): Json {
  const entryId = loserOf(sound());
  const priority = priorityOf(seedOf(1), 1, 0, entryId);
  return { ...event, entryId, priority, userId: entryId === entryOf(sound(), 0) ? 1 : 2 };
}

import { describe, expect, it } from 'vitest';
import { Lotteries } from '../../../cli/view/lotteries.ts';
import type { OutputEvent } from '../../../client/output-events.ts';
import { accepted, closed, started, winner } from './support.ts';

const rowsOf = (events: readonly OutputEvent[], now = 5_000) => {
  const lotteries = new Lotteries();
  for (const event of events) lotteries.observe(event);
  return lotteries.rows(now);
};

describe('the lotteries of a view', () => {
  it('count the entries of the window of now, each once', () => {
    const events = [started(), accepted('s:1'), accepted('s:2'), accepted('s:1'), accepted('s:3', 10_000)];
    expect(rowsOf(events)).toEqual([
      {
        ...{ id: '1', name: '1', run: 1, state: 'open', windowStart: 0, windowEnd: 10_000 },
        ...{ entries: 2, waiting: 0, winners: 0 },
      },
    ]);
    expect(rowsOf(events, 15_000)).toMatchObject([{ windowStart: 10_000, entries: 1 }]);
  });

  it('leave out an entry that was refunded', () => {
    const refund: OutputEvent = {
      ...{ type: 'CouponRefundedEvent', userId: 1, lotteryId: 1, entryId: 's:1', drawId: 'd0' },
      ...{ availableCoupons: 1, recordId: 's:9' },
    };
    expect(rowsOf([started(), accepted('s:1'), accepted('s:2'), refund])).toMatchObject([{ entries: 1 }]);
  });

  it('say how many draws wait, whatever comes again', () => {
    const drawn = [started(), accepted('s:1'), closed(0), winner(0), closed(10_000)];
    const again = [closed(0), winner(0), accepted('s:1'), started()];
    expect(rowsOf([...drawn, ...again])).toMatchObject([{ waiting: 1, winners: 1, entries: 0 }]);
  });

  it('say where a run with prizes stands', () => {
    const run = [started({ prizes: ['car', 'bike'], firstWindowStart: 10_000 })];
    const at = (now: number, ...more: OutputEvent[]) =>
      rowsOf([...run, ...more], now).map(({ state, prizesLeft }) => [state, prizesLeft]);
    expect(at(5_000)).toEqual([['opens', 2]]);
    expect(at(10_000)).toEqual([['open', 2]]);
    expect(at(20_000)).toEqual([['open', 1]]);
    expect(at(30_000)).toEqual([['ending', 0]]);
    const stopped: OutputEvent = {
      ...{ type: 'LotteryStoppedEvent', lotteryId: 1, run: 1, lastWindowStart: 10_000, recordId: 's:5' },
    };
    expect(at(20_000, stopped)).toEqual([['ending', 0]]);
    expect(at(20_000, { type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed: 'ab' })).toEqual([
      ['ended', 0],
    ]);
  });

  it('are those of the latest run', () => {
    const ended = { type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed: 'ab' } as const;
    const rows = rowsOf([started({ run: 1 }), ended, started({ run: 2 }), started({ run: 1 }), ended]);
    expect(rows).toMatchObject([{ run: 2, state: 'open' }]);
  });

  it('come open ones first, then by id as people count', () => {
    const ended = { type: 'LotteryEndedEvent', lotteryId: 3, run: 1, seed: 'ab' } as const;
    const ids = [10, 3, 'promo', 9].map((lotteryId) => started({ lotteryId }));
    expect(rowsOf([...ids, ended]).map(({ id }) => id)).toEqual(['9', '10', 'promo', '3']);
  });

  it('are not shown where nobody knows their start', () => {
    expect(rowsOf([accepted('s:1'), winner(0)])).toEqual([]);
  });
});

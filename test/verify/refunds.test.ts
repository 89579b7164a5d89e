import { describe, expect, it } from 'vitest';
import {
  check,
  clicksOf,
  drawId,
  type Event,
  ended,
  receipt,
  refunded,
  started,
  stopped,
  won,
} from './fixture.ts';

const [best, second, third] = clicksOf(0, 3);
const [next] = clicksOf(1, 1);
if (!best || !second || !third || !next) throw new Error('clicks are missing');
const receipts = [best, second, third].map((click) => receipt(0, click));

describe('a refund from a draw that was made', () => {
  it('sets the entry aside, and a note says who is to be believed', async () => {
    const events = [started(), ...receipts, won(0, second, 1, 2), refunded(0, best), ended()];
    const { failures, text } = await check(events);
    expect(failures).toBe(0);
    expect(text).toContain(
      `note  refunded from a window of its run: its operator says that it came after the close: ${drawId(0)} (line 6)`,
    );
    expect(text).toMatch(/^ok {4}draw .*, 3 entries in the file \(2 counted\), 1 refunded/m);
  });

  it.each<[string, Event[], string]>([
    ['of another one', [won(0, second, 1, 3), refunded(0, third)], `entry ${best.entryId} of user`],
    ['of none', [won(0, second, 1, 3)], 'has a lower priority than the winner, and was not refunded'],
    ['of the worst of three', [won(0, third, 1, 3)], 'was not refunded (and 1 more)'],
    ['of the winner', [won(0, best, 1, 3), refunded(0, best)], 'won, and was also refunded'],
    [
      'that counts as an entry',
      [won(0, second, 1, 1), refunded(0, best)],
      '1 entries were counted, and 2 have',
    ],
    [
      'to another user',
      [won(0, second, 1, 2), refunded(0, { ...best, userId: 'mallory' })],
      `refunded entry ${best.entryId} changed its user`,
    ],
    [
      'from another draw',
      [won(0, best, 1, 3), refunded(1, second)],
      `refunded entry ${second.entryId} was never in this draw`,
    ],
    [
      'under a wrong name',
      [won(0, second, 1, 2), { ...refunded(0, best), lotteryId: 2 }],
      'drawId does not fit its lotteryId',
    ],
    [
      'from two draws',
      [won(0, second, 1, 2), refunded(0, best), refunded(1, best)],
      'two different CouponRefundedEvent where only one can be',
    ],
  ])('fails where it is %s', async (_, events, reason) => {
    const { failures, text } = await check([started(), ...receipts, ...events]);
    expect(failures).toBe(1);
    expect(text).toContain(reason);
  });

  it('names one of an entry without a receipt', async () => {
    const { failures, text } = await check([started(), won(0, best, 1, 1), refunded(0, second)]);
    expect(failures).toBe(0);
    expect(text).toContain(`note  no receipt of a refunded entry: ${drawId(0)} (line 3)`);
  });
});

describe('entries without a winner', () => {
  it('fail once the lottery has ended, and are a note before', async () => {
    const { failures, text } = await check([started(), ...receipts, ended()]);
    expect(failures).toBe(1);
    expect(text).toContain('entries without a winner, and the lottery has ended');
    const running = await check([started(), ...receipts]);
    expect(running.failures).toBe(0);
    expect(running.text).toContain(`note  no winner in the file for draws: ${drawId(0)}`);
  });

  it('need none when all were refunded', async () => {
    const refunds = [best, second, third].map((click) => refunded(0, click));
    expect((await check([started(), ...receipts, ...refunds, ended()])).failures).toBe(0);
  });

  it('are to be refunded behind the last window, which may be after the end', async () => {
    const events = [started(), stopped(0), ...receipts, won(0, best, 1, 3), receipt(1, next), ended()];
    const { failures, text } = await check(events);
    expect(failures).toBe(0);
    expect(text).toContain(
      `note  no refund in the file of entries that are in no window of their run: ${drawId(1)}`,
    );
    const { text: whole } = await check([...events, refunded(1, next)]);
    expect(whole).not.toContain('no refund');
  });
});

import { describe, expect, it } from 'vitest';
import * as core from '../../lambda/core/fairness.ts';
import {
  check,
  clicksOf,
  drawId,
  type Event,
  ended,
  moved,
  receipt,
  refunded,
  seed,
  won,
} from './fixture.ts';

/**
 * Window 0 with four entries in the order of their priority; the two best came after the draw, in one batch: the
 * best was moved to window 1, the second lost to it. Window 1 has one click of its own.
 */
function lateCase() {
  const [best, second, winner, loser] = clicksOf(0, 4);
  const [next] = clicksOf(1, 1);
  if (!best || !second || !winner || !loser || !next) throw new Error('clicks are missing');
  const receipts = [best, second, winner, loser].map((click) => receipt(0, click));
  return { best, second, winner, loser, next, receipts: [...receipts, receipt(1, next), won(0, winner)] };
}

describe('late entries', () => {
  const { best, second, winner, loser, next, receipts } = lateCase();
  const bestWinsNext = core.priority(seedOfNext(), best.entryId) < core.priority(seedOfNext(), next.entryId);
  const nextWinner = bestWinsNext ? best : next;
  const nextLoser = bestWinsNext ? next : best;

  function seedOfNext() {
    return core.windowSeed(seed, '1', 1_700_000_010_000);
  }

  it('pass when the best was moved and takes part in the other draw', async () => {
    const { failures, text } = await check([...receipts, moved(0, 1, best), won(1, nextWinner), ended()]);
    expect(failures).toBe(0);
    expect(text).toContain(`draw ${drawId(0)}: winner ${winner.userId}, prize "bike", 4 entries in the file`);
    expect(text).toContain('1 too late');
  });

  it('pass when the coupon of the best was given back', async () => {
    const { failures } = await check([...receipts, refunded(0, best), won(1, next), ended()]);
    expect(failures).toBe(0);
  });

  it('pass when the best was late a second time', async () => {
    const events = [...receipts, moved(0, 1, best), won(1, next), refunded(1, best), ended()];
    expect((await check(events)).failures).toBe(0);
  });

  it('fail when the best was neither moved nor refunded', async () => {
    const { failures, text } = await check(receipts);
    expect(failures).toBe(1);
    expect(text).toContain('was not moved or refunded, and 1 more');
  });

  it('fail when the second was moved: that does not set the best aside', async () => {
    const { failures, text } = await check([...receipts, moved(0, 1, second)]);
    expect(failures).toBe(1);
    expect(text).toContain(`entry ${best.entryId} of user`);
  });

  it('fail when the moved entry is passed over where it went', async () => {
    const { failures, text } = await check([...receipts, moved(0, 1, best), won(1, nextLoser)]);
    expect(failures).toBe(1);
    expect(text).toContain(`FAIL  draw ${drawId(1)}`);
  });

  it('fail when an entry that lost is moved', async () => {
    const events = [...receipts, moved(0, 1, best), moved(0, 1, loser)];
    const { failures, text } = await check(events);
    expect(failures).toBe(1);
    expect(text).toContain('lost here and got a second chance');
  });

  it.each<[string, Event[], string]>([
    ['to two draws', [moved(0, 1, best), moved(0, 2, best)], 'two different EntryMovedEvent where only one'],
    ['and refunded', [refunded(0, best), moved(0, 1, best)], 'two different EntryMovedEvent where only one'],
    ['although it won', [moved(0, 1, best), moved(0, 2, winner)], 'won, and was also moved or refunded'],
    ['to the same draw', [moved(0, 0, best)], 'was not moved to a later draw of its run'],
    [
      'to another run',
      [{ ...moved(0, 1, best), drawId: drawId(1, 2) }],
      'was not moved to a later draw of its run',
    ],
    ['for another user', [moved(0, 1, { ...best, userId: 'mallory' })], 'changed its user'],
    ['out of a draw it was not in', [moved(0, 1, best), moved(2, 3, best)], 'was never in this draw'],
    ['under a wrong name', [{ ...moved(0, 1, best), windowStart: 5 }], 'drawId does not fit'],
  ])('fail when an entry is moved %s', async (_, late, reason) => {
    const { failures, text } = await check([...receipts, ...late]);
    expect(failures).toBeGreaterThan(0);
    expect(text).toContain(reason);
  });

  it('a winner with a receipt for another draw fails unless it was moved', async () => {
    const events = [receipt(0, best), won(0, best), won(1, loser), receipt(0, loser)];
    const { failures, text } = await check(events);
    expect(failures).toBe(1);
    expect(text).toContain('has a receipt for another draw');
  });

  it('need no winner when all were refunded, or lost to one that was', async () => {
    const [first, behind] = [receipt(0, best), receipt(0, second)];
    expect((await check([first, behind, refunded(0, best), ended()])).failures).toBe(0);
    expect((await check([first, behind, refunded(0, second), ended()])).failures).toBe(1);
    const running = await check([first, refunded(0, best)]);
    expect(running.text).not.toContain('no winner in the file for draws');
  });

  it('fail when one was moved from a draw that has no winner after the end', async () => {
    const { text } = await check([receipt(0, best), moved(0, 1, best), won(1, best), ended()]);
    expect(text).toContain('entries without a winner, and the lottery has ended');
  });
});

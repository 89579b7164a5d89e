/** Cheats with the close of a draw, or without one. docs/fairness.md names them. */
import { describe, expect, it } from 'vitest';
import { causeOf, drawId, fileOf, honest, options, refundOf } from '../support/cheat.ts';
import {
  chain,
  check,
  drawFrom,
  type Event,
  ended,
  firstWindow,
  graceMs,
  nameOf,
  seed,
  started,
  windowMs,
} from '../support/lottery.ts';

describe('a draw without its close', () => {
  const right = Number(honest.close.round);
  const by = (round: number) =>
    drawFrom(options, honest.blocks, { round, beaconSignature: chain.sign(round) });
  const early = by(right - 5);
  const unclosed = (winner: Event, fields: Record<string, unknown> = {}) => [
    started(true, fields),
    ...honest.receipts,
    winner,
  ];

  it.each([5, -5])('is found by its sheet where the round is another: %i', async (more) => {
    const { winner, sheet } = by(right + more);
    const { failures, cause } = await causeOf(unclosed(winner), [sheet]);
    const closedAt = firstWindow + windowMs + graceMs + 500;
    expect(failures).toBe(1);
    expect(cause).toBe(
      `its sheet names round ${right + more}, and by closedAt ${closedAt} it is round ${right}`,
    );
  });

  it('is found where the winner has not the round of the sheet, or the sheet another seed', async () => {
    const { winner } = by(right + 1);
    const other = await causeOf(unclosed(winner), [honest.sheet]);
    expect(other.cause).toBe(`the winner is drawn by round ${right + 1}, and its sheet names round ${right}`);
    const { winner: own, sheet } = drawFrom(options, honest.blocks, { windowSeed: 'ab'.repeat(32) });
    const text = sheet.replace(String(JSON.parse(sheet.split('\n')[0] ?? '').windowSeedCommitment), seed);
    const seeds = await causeOf(unclosed({ ...own, type: 'LotteryWinnerEvent', sheet: nameOf(text) }), [
      text,
    ]);
    expect(seeds.cause).toBe('windowSeed does not fit the windowSeedCommitment of its sheet');
  });

  it('is found without a sheet where the round was there before the window was over', async () => {
    const { failures, cause } = await causeOf(unclosed(early.winner), []);
    expect(failures).toBe(1);
    expect(cause).toBe(`drawn by round ${right - 5}, and the first one behind its window is round ${right}`);
    expect((await check(unclosed(early.winner, { replay: true }))).failures).toBe(0);
  });

  it('is found once the run has ended, and is a note before', async () => {
    const { failures, cause } = await causeOf([...unclosed(honest.winner), ended()], [honest.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('drawn without a close (DrawClosedEvent), and the lottery has ended');
    const running = await check(unclosed(honest.winner), [honest.sheet]);
    expect(running.failures).toBe(0);
    expect(running.text).toContain('note  no close (DrawClosedEvent)');
    const malformed = fileOf({ close: { ...honest.close, blocks: 0 } });
    expect((await check(malformed, [honest.sheet])).failures).toBe(1);
  });

  it.each(['windowRoot', 'sheet'])(
    'or a winner without its %s, where the run has receipts',
    async (field) => {
      const winner = { ...honest.winner, [field]: undefined };
      const { failures, cause } = await causeOf(fileOf({ winner }), [honest.sheet]);
      expect(failures).toBe(1);
      expect(cause).toBe(`the winner names no ${field}, in a run with receipts`);
    },
  );
});

describe('a draw that was closed and not drawn, in a run that has ended', () => {
  const reason = 'closed without a winner, and the lottery has ended';

  it('is found without any receipt', async () => {
    const { failures, cause } = await causeOf([started(true), honest.close, ended()], []);
    expect(failures).toBe(1);
    expect(cause).toBe(reason);
  });

  it('is found where all its entries were refunded', async () => {
    const receipts = honest.receipts.slice(0, 3);
    const refunds = receipts.map(refundOf);
    const { failures, cause } = await causeOf(
      [started(true), ...receipts, honest.close, ...refunds, ended()],
      [],
    );
    expect(failures).toBe(1);
    expect(cause).toBe(reason);
  });

  it('is none while the run goes on, or where its winner cannot be read', async () => {
    const running = await check([started(true), honest.close]);
    expect(running.failures).toBe(0);
    expect(running.text).toContain(`note  no winner in the file for draws: ${drawId}`);
    const malformed = { ...honest.winner, priority: 'FF' };
    expect((await check(fileOf({ winner: malformed }))).failures).toBe(1);
  });
});

import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { LotteryEvent } from '../../../lambda/core/events.ts';
import type { LotteryState } from '../../../lambda/core/lottery.ts';
import { hasWindow, lotteryDecider, newLottery, prizeOf, takesClicks } from '../../../lambda/core/lottery.ts';
import { lotteryOutput } from '../../../lambda/core/lottery-outputs.ts';
import { activeRun, retentionMs, start, stop, windowMs } from '../../support/events.ts';
import { sequenceNumber, shardId, sourced } from '../../support/records.ts';

/** Commitments in a row: 00…, 11…, so that a test sees which run has which. */
function decide(
  events: readonly LotteryEvent[],
  state: LotteryState = newLottery,
  arrival = 25_000,
  first = 1,
) {
  let seeds = 0;
  const newSeedCommitment = () => String(seeds++).repeat(64);
  const batch = events.map((event, index) => sourced(first + index, event, { arrival }));
  return decideBatch(lotteryDecider, state, batch, {
    windowMs,
    now: arrival,
    retentionMs,
    newSeedCommitment,
  });
}

const endedState = (state: LotteryState): LotteryState => ({
  ...state,
  ...(state.run && { run: { ...state.run, status: 'ended' } }),
});

const alreadyStarted = { kind: 'rejected', reason: 'LOTTERY_ALREADY_STARTED' };
const inactive = { kind: 'rejected', reason: 'LOTTERY_INACTIVE' };

describe('starting', () => {
  test('makes run 1 with a seed of its own, without bounds', () => {
    const { outcomes, state } = decide([start()]);
    expect(outcomes).toEqual([{ kind: 'started', run: 1 }]);
    expect(state.run).toEqual({ lotteryId: '1', run: 1, status: 'active', seedCommitment: '0'.repeat(64) });
  });

  test('a started lottery is rejected, and keeps its seed', () => {
    const { outcomes, state } = decide([start(), start()]);
    expect(outcomes).toEqual([{ kind: 'started', run: 1 }, alreadyStarted]);
    expect(state.run?.seedCommitment).toBe('0'.repeat(64));
    expect(decide([start()], state, 25_000, 9).outcomes).toEqual([alreadyStarted]);
  });

  test('again after the end makes the next run, with another seed and nothing of the old one', () => {
    const first = decide([start({ prizes: ['bike'] })]).state;
    const newSeedCommitment = () => 'f'.repeat(64);
    const restarted = decideBatch(lotteryDecider, endedState(first), [sourced(9, start(), { arrival: 0 })], {
      windowMs,
      now: 0,
      retentionMs,
      newSeedCommitment,
    });
    expect(restarted.outcomes).toEqual([{ kind: 'started', run: 2 }]);
    expect(restarted.state.run).toEqual({
      lotteryId: '1',
      run: 2,
      status: 'active',
      seedCommitment: 'f'.repeat(64),
    });
  });

  test('not while open windows of a stopped one are still drawn', () => {
    expect(decide([start(), stop(), start()]).outcomes[2]).toEqual(alreadyStarted);
  });

  test.each([
    ['of its timestamp', { timestamp: 99_999 }, 90_000],
    ['of its arrival without one', {}, 20_000],
  ])('with prizes counts windows from the window %s', (_, fields, firstWindowStart) => {
    const { state } = decide([start({ ...fields, prizes: ['bike', 'car', 'house'] })]);
    expect(state.run).toMatchObject({ firstWindowStart, lastWindowStart: firstWindowStart + 20_000 });
  });
});

describe('stopping', () => {
  test('ends with the window of its arrival', () => {
    const { outcomes, state } = decide([start(), stop()]);
    expect(outcomes[1]).toEqual({ kind: 'stopped', run: 1, lastWindowStart: 20_000 });
    expect(state.run).toMatchObject({ status: 'stopped', lastWindowStart: 20_000 });
  });

  test('with prizes ends no later than with the last of them', () => {
    const early = decide([start({ timestamp: 0, prizes: ['bike'] }), stop()]);
    expect(early.outcomes[1]).toMatchObject({ lastWindowStart: 0 });
    const amid = decide([start({ timestamp: 0, prizes: Array(9).fill('bike') }), stop()]);
    expect(amid.outcomes[1]).toMatchObject({ lastWindowStart: 20_000 });
  });

  test('a lottery that does not run is rejected', () => {
    expect(decide([stop()]).outcomes).toEqual([inactive]);
    expect(decide([start(), stop(), stop()]).outcomes[2]).toEqual(inactive);
    expect(decide([stop()], endedState(decide([start()]).state), 0, 9).outcomes).toEqual([inactive]);
  });
});

describe('replay', () => {
  test('makes no new seed and tells the same, though the lottery was stopped and ended since', () => {
    const events = [start(), start(), stop(), stop()];
    const first = decide(events);
    const again = decideBatch(
      lotteryDecider,
      endedState(first.state),
      events.map((event, index) => sourced(index + 1, event)),
      {
        windowMs,
        now: 0,
        retentionMs,
        newSeedCommitment: () => {
          throw new Error('A seed was made');
        },
      },
    );
    expect(again.changed).toBe(false);
    expect(again.outcomes).toEqual(first.outcomes);
  });
});

describe('windows and prizes of a run', () => {
  const run = activeRun({ firstWindowStart: 10_000, lastWindowStart: 30_000, prizes: ['a', 'b', 'c'] });

  test.each([
    [0, false, undefined],
    [10_000, true, 'a'],
    [20_000, true, 'b'],
    [30_000, true, 'c'],
    [40_000, false, undefined],
  ])('window %d', (windowStart, has, prize) => {
    expect(hasWindow(run, windowStart)).toBe(has);
    expect(takesClicks(run, windowStart)).toBe(has);
    expect(prizeOf(run, windowStart, windowMs)).toBe(prize);
  });

  test('without prizes every window is one, while it is active', () => {
    for (const windowStart of [0, 1e12]) {
      expect(takesClicks(activeRun(), windowStart)).toBe(true);
      expect(takesClicks(activeRun({ status: 'stopped' }), windowStart)).toBe(false);
      expect(prizeOf(activeRun(), windowStart, windowMs)).toBeUndefined();
    }
  });
});

describe('what is told', () => {
  const recordId = `${shardId}:${sequenceNumber(1)}`;

  test('of a start: the commitment to its seed', () => {
    const run = activeRun({ prizes: ['bike'], firstWindowStart: 20_000, lastWindowStart: 20_000 });
    const output = lotteryOutput(sourced(1, start()), { kind: 'started', run: 1 }, run);
    expect(output).toEqual({
      type: 'LotteryStartedEvent',
      lotteryId: 1,
      run: 1,
      // From Python: hashlib.sha256(bytes.fromhex('0123456789abcdef' * 4)).hexdigest()
      seedCommitment: '4884fdaafea47c29fea7159d0daddd9c085d6200e1359e85bb81736af6b7c837',
      firstWindowStart: 20_000,
      prizes: ['bike'],
      recordId,
    });
  });

  test('of a start whose run is missing: nothing wrong', () => {
    expect(() => lotteryOutput(sourced(1, start()), { kind: 'started', run: 2 }, activeRun())).toThrow(
      'Run 2 of lottery 1 is missing',
    );
  });

  test('of rejections', () => {
    const told = (event: LotteryEvent, reason: 'LOTTERY_ALREADY_STARTED' | 'LOTTERY_INACTIVE') =>
      lotteryOutput(sourced(1, event), { kind: 'rejected', reason }, undefined);
    expect(told(start(), 'LOTTERY_ALREADY_STARTED')).toMatchObject({
      reason: 'LOTTERY_ALREADY_STARTED',
      message: 'Cannot start already started lottery, lotteryId: 1',
    });
    expect(told(stop(), 'LOTTERY_INACTIVE')).toMatchObject({
      message: 'Cannot stop inactive lottery, lotteryId: 1',
    });
  });
});

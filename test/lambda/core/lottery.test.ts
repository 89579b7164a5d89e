import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { LotteryEvent } from '../../../lambda/core/events.ts';
import type { LotteryContext, LotteryState } from '../../../lambda/core/lottery.ts';
import { hasWindow, lotteryDecider, newLottery, prizeOf, takesClicks } from '../../../lambda/core/lottery.ts';
import { lotteryOutput } from '../../../lambda/core/lottery-outputs.ts';
import { latestTime, windowStartOf } from '../../../lambda/core/window.ts';
import {
  activeRun,
  beacon,
  graceMs,
  receiptKey,
  retentionMs,
  start,
  stop,
  windowMs,
} from '../../support/events.ts';
import { sequenceNumber, shardId, sourced } from '../../support/records.ts';

interface Delivery {
  readonly state?: LotteryState;
  readonly arrival?: number;
  readonly first?: number;
  readonly context?: Partial<LotteryContext>;
}

/** Commitments in a row: 00…, 11…, so that a test sees which run has which. */
function decide(
  events: readonly LotteryEvent[],
  { state = newLottery, arrival = 25_000, first = 1, context = {} }: Delivery = {},
) {
  let seeds = 0;
  const batch = events.map((event, index) => sourced(first + index, event, { arrival }));
  return decideBatch(lotteryDecider, state, batch, {
    ...{ timing: { windowMs, graceMs }, isReplay: false, now: arrival, retentionMs },
    ...{ receiptKey, beacon: undefined },
    newSeedCommitment: () => String(seeds++).repeat(64),
    ...context,
  });
}

const endedState = (state: LotteryState): LotteryState => ({
  ...state,
  ...(state.run && { run: { ...state.run, status: 'ended' } }),
});

const alreadyStarted = { kind: 'rejected', reason: 'LOTTERY_ALREADY_STARTED' };
const inactive = { kind: 'rejected', reason: 'LOTTERY_INACTIVE' };

describe('starting', () => {
  const firstRun = { lotteryId: '1', run: 1, status: 'active', seedCommitment: '0'.repeat(64), receiptKey };

  test('makes run 1 with a seed and windows of its own, from the window of its arrival', () => {
    const { outcomes, state } = decide([start()]);
    expect(outcomes).toEqual([{ kind: 'started', run: 1 }]);
    expect(state.run).toEqual({ ...firstRun, windowMs, graceMs, firstWindowStart: 20_000 });
  });

  test('fixes the key of its receipts and its beacon, whatever the settings are later', () => {
    const { state } = decide([start()], { context: { beacon } });
    expect(state.run).toMatchObject({ receiptKey, beacon });
    const { state: stopped } = decide([stop()], { state, first: 9, context: { receiptKey: 'k' } });
    expect(stopped.run).toMatchObject({ status: 'stopped', receiptKey, beacon });
  });

  test('makes a run that keeps its windows, whatever the settings are at its stop', () => {
    const { state } = decide([start()]);
    const context = { timing: { windowMs: 7_000, graceMs: 1 } };
    const { state: stopped } = decide([stop()], { state, first: 9, arrival: 48_000, context });
    expect(stopped.run).toMatchObject({
      windowMs,
      graceMs,
      firstWindowStart: 20_000,
      lastWindowStart: 40_000,
    });
  });

  test('a started lottery is rejected, and keeps its seed', () => {
    const { outcomes, state } = decide([start(), start()]);
    expect(outcomes).toEqual([{ kind: 'started', run: 1 }, alreadyStarted]);
    expect(state.run?.seedCommitment).toBe('0'.repeat(64));
    expect(decide([start()], { state, first: 9 }).outcomes).toEqual([alreadyStarted]);
  });

  test('again after the end makes the next run, with another seed and nothing of the old one', () => {
    const first = decide([start({ prizes: ['bike'] })]).state;
    const newSeedCommitment = () => 'f'.repeat(64);
    const delivery = { state: endedState(first), first: 9, arrival: 0, context: { newSeedCommitment } };
    const restarted = decide([start()], delivery);
    expect(restarted.outcomes).toEqual([{ kind: 'started', run: 2 }]);
    expect(restarted.state.run).toEqual({
      ...firstRun,
      ...{ run: 2, seedCommitment: 'f'.repeat(64), windowMs, graceMs, firstWindowStart: 0 },
    });
  });

  test('not while open windows of a stopped one are still drawn', () => {
    expect(decide([start(), stop(), start()]).outcomes[2]).toEqual(alreadyStarted);
  });

  test.each([
    ['of its timestamp', { timestamp: 9_999 }, 0],
    ['of its arrival without one', {}, 20_000],
  ])('with prizes counts windows from the window %s', (_, fields, firstWindowStart) => {
    const { state } = decide([start({ ...fields, prizes: ['bike', 'car', 'house'] })]);
    expect(state.run).toMatchObject({ firstWindowStart, lastWindowStart: firstWindowStart + 20_000 });
  });
});

describe('a start that comes after the last of its windows', () => {
  const tooLate = { kind: 'rejected', reason: 'TIMESTAMP_OUT_OF_RANGE' };
  const prizes = ['bike', 'car'];

  test.each([
    [22_000, { kind: 'started', run: 1 }],
    [22_001, tooLate],
  ])('and its grace is rejected: at %d', (arrival, outcome) => {
    expect(decide([start({ timestamp: 9_999, prizes })], { arrival }).outcomes).toEqual([outcome]);
  });

  test('is none without prizes: it has windows to come', () => {
    expect(decide([start({ timestamp: 0 })], { arrival: 99_000 }).outcomes).toMatchObject([{ run: 1 }]);
  });

  test('is one of old events in a replay', () => {
    const context = { isReplay: true };
    const { outcomes } = decide([start({ timestamp: 0, prizes })], { arrival: 99_000, context });
    expect(outcomes).toMatchObject([{ run: 1 }]);
  });
});

describe('stopping', () => {
  test('ends with the window of its arrival', () => {
    const { outcomes, state } = decide([start(), stop()]);
    expect(outcomes[1]).toEqual({ kind: 'stopped', run: 1, lastWindowStart: 20_000 });
    expect(state.run).toMatchObject({ status: 'stopped', lastWindowStart: 20_000 });
  });

  test('with prizes ends no later than with the last of them', () => {
    const early = decide([start({ timestamp: 10_000, prizes: ['bike'] }), stop()], { arrival: 21_000 });
    expect(early.outcomes[1]).toMatchObject({ lastWindowStart: 10_000 });
    const amid = decide([start({ timestamp: 0, prizes: Array(9).fill('bike') }), stop()]);
    expect(amid.outcomes[1]).toMatchObject({ lastWindowStart: 20_000 });
  });

  test('a lottery that does not run is rejected', () => {
    expect(decide([stop()]).outcomes).toEqual([inactive]);
    expect(decide([start(), stop(), stop()]).outcomes[2]).toEqual(inactive);
    const ended = endedState(decide([start()]).state);
    expect(decide([stop()], { state: ended, first: 9 }).outcomes).toEqual([inactive]);
  });

  test('with a timestamp is of its arrival all the same: nobody stops a lottery before he could', () => {
    expect(decide([start(), stop({ timestamp: 0 })]).outcomes[1]).toMatchObject({ lastWindowStart: 20_000 });
  });
});

describe('in a replay of old events', () => {
  const context = { isReplay: true };
  const last = (events: readonly LotteryEvent[]) => decide(events, { context }).state.run?.lastWindowStart;

  test('a start is of its timestamp, and without one before all clicks', () => {
    const [dated, undated] = [{ timestamp: 99_999 }, {}].map((fields) =>
      decide([start(fields)], { context }),
    );
    expect(dated?.state.run).toMatchObject({ replay: true, firstWindowStart: 90_000 });
    expect(undated?.state.run).toEqual(activeRun({ replay: true, seedCommitment: '0'.repeat(64) }));
  });

  test('a stop is of its timestamp, and without one after all clicks', () => {
    expect(last([start(), stop({ timestamp: 99_999 })])).toBe(90_000);
    expect(last([start(), stop()])).toBe(windowStartOf(latestTime, windowMs));
    expect(last([start({ timestamp: 0, prizes: ['bike'] }), stop()])).toBe(0);
  });
});

describe('delivered again', () => {
  test('makes no new seed and tells the same, though the lottery was stopped and ended since', () => {
    const events = [start(), start(), stop(), stop()];
    const first = decide(events);
    const newSeedCommitment = () => {
      throw new Error('A seed was made');
    };
    const context = { newSeedCommitment, timing: { windowMs: 1, graceMs: 0 }, isReplay: true };
    const again = decide(events, { state: endedState(first.state), context });
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
    expect(prizeOf(run, windowStart)).toBe(prize);
  });

  test('without prizes every window is one, until it has ended', () => {
    for (const windowStart of [0, 1e12]) {
      expect(takesClicks(activeRun(), windowStart)).toBe(true);
      expect(takesClicks(activeRun({ status: 'ended' }), windowStart)).toBe(false);
      expect(prizeOf(activeRun(), windowStart)).toBeUndefined();
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
      ...{ receiptKey, randomness: 'seed' },
      windowMs,
      graceMs,
      firstWindowStart: 20_000,
      prizes: ['bike'],
      recordId,
    });
  });

  test('of a start with a beacon: which one, by all that its rounds are checked with', () => {
    const output = lotteryOutput(sourced(1, start()), { kind: 'started', run: 1 }, activeRun({ beacon }));
    expect(output).toMatchObject({ beacon });
    expect(output).not.toHaveProperty('randomness');
  });

  test('of a start in a replay: that it is one', () => {
    const run = activeRun({ replay: true });
    const output = lotteryOutput(sourced(1, start()), { kind: 'started', run: 1 }, run);
    expect(output).toMatchObject({ replay: true });
    expect(output).not.toHaveProperty('firstWindowStart');
  });

  test('of a stop: the last window', () => {
    const outcome = { kind: 'stopped', run: 1, lastWindowStart: 20_000 } as const;
    expect(lotteryOutput(sourced(1, stop()), outcome, activeRun())).toEqual({
      ...{ type: 'LotteryStoppedEvent', lotteryId: 1, run: 1, lastWindowStart: 20_000, recordId },
    });
  });

  test('of a start that comes too late: by when it had to come', () => {
    const late = sourced(1, start({ timestamp: 1_767_225_600, prizes: ['bike'] }), {
      arrival: Date.UTC(2026, 0, 1),
    });
    const outcome = { kind: 'rejected', reason: 'TIMESTAMP_OUT_OF_RANGE' } as const;
    expect(lotteryOutput(late, outcome, undefined)).toMatchObject({
      ...{ reason: 'TIMESTAMP_OUT_OF_RANGE', field: 'timestamp' },
      message:
        'timestamp must leave a window for a prize after its arrival at 2026-01-01T00:00:00.000Z, was ' +
        '1767225600 (1970-01-21T10:53:45.600Z); it looks like seconds, and must be milliseconds',
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

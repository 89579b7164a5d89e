import { describe, expect, it } from 'vitest';
import {
  countOf,
  type StreamedEvent,
  type StreamedLotteryEvent,
} from '../../../../bench/peers/flink/events.ts';
import {
  expect as expected,
  type Listener,
  type Outcome,
  timing,
  toleranceMs,
} from '../../../../bench/peers/flink/expected.ts';
import { jsonOf } from '../../../../bench/peers/flink/record-file.ts';
import type { LotteryRun } from '../../../../lambda/core/lottery.ts';
import { newUser, type UserContext, type UserState, userDecider } from '../../../../lambda/core/user.ts';
import { windowStartOfAccepted } from '../../../../lambda/core/user-outputs.ts';
import { drawIdOf } from '../../../../lambda/core/window.ts';
import { judge } from '../../../../proof/audit/judge.ts';
import type { InputRecord } from '../../../../proof/oracle/streams.ts';
import { sequenceNumber, shardId, sourced } from '../../../support/records.ts';

/** Windows of 200 clicks, and enough of them that lotteries end and start again. */
const shape = { clicks: 3_000, users: 40, clicksPerSecond: 20 };

describe('what must come of the events', () => {
  it('has each kind of outcome but the one that no bench can reach', () => {
    const { counts, draws } = expected(shape);
    expect(counts.slice(0, -1).every((count) => count > 0)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count)).toBe(countOf(shape) + 16);
    expect(draws.some(({ run, prize }) => run === 2 && prize === 'prize 1')).toBe(true);
  });

  it('is what the core decides', () => {
    const runs: { startedAt: number; run: LotteryRun }[] = [];
    const users = new Map<number, UserState>();
    const differences: unknown[] = [];
    expected(shape, {
      lottery: ({ event: { lotteryId } }, code, run) => {
        const index = runs.findIndex(
          (one) => one.run.lotteryId === `${lotteryId}` && one.run.run === run?.run,
        );
        if (run === undefined || (code !== 'started' && code !== 'stopped')) return;
        const { first: firstWindowStart, last: lastWindowStart, run: number, startedAt } = run;
        const known = {
          lotteryId: `${lotteryId}`,
          run: number,
          firstWindowStart,
          lastWindowStart,
          ...timing,
        };
        const same = { status: 'active', seedCommitment: '', receiptKey: '' } as const;
        runs.splice(index < 0 ? runs.length : index, 1, { startedAt, run: { ...known, ...same } });
      },
      user: (event, outcome) => {
        const { position, arrival, userId } = event;
        const context: UserContext = {
          ...{ toleranceMs, now: arrival, retentionMs: 90_000_000 },
          ...{ clockAt: () => undefined, refund: () => undefined, grant: () => undefined },
          lottery: (lotteryId) =>
            runs.findLast(({ run, startedAt }) => run.lotteryId === lotteryId && startedAt <= arrival)?.run,
        };
        const before = users.get(userId) ?? newUser;
        const input = sourced(position, userEvent(event), { arrival });
        const decided = userDecider.decide(before, input, context);
        const after = userDecider.evolve(before, input, decided, context);
        users.set(userId, after);
        const is = {
          code: decided.kind === 'rejected' ? decided.reason : decided.kind,
          availableCoupons: after.coupons,
          ...(decided.kind === 'accepted' && {
            run: decided.run,
            windowStart: windowStartOfAccepted(event.timestamp, decided, { ...timing } as LotteryRun),
          }),
        };
        const must = { ...outcome, ...(outcome.run && { run: outcome.run.run }) };
        if (!isAlike(is, must)) differences.push({ is, must });
      },
    });
    expect(differences).toEqual([]);
  });

  it('is what the oracle says', () => {
    const history = new Told();
    expected(shape, history);
    expect(history.wrong()).toEqual([]);
  });

  it('is not, with a coupon too many', () => {
    const history = new Told(1);
    expected(shape, history);
    expect(history.wrong().length).toBeGreaterThan(0);
  });
});

const fields = new Map<string, string>([
  ['INVALID_COUPON_AMOUNT', 'purchasedCoupons'],
  ['TIMESTAMP_OUT_OF_RANGE', 'timestamp'],
]);

function isAlike(left: object, right: object): boolean {
  const text = (value: object) => JSON.stringify(Object.entries(value).sort());
  return text(left) === text(right);
}

function userEvent({ isClick, userId, lotteryId, timestamp, purchasedCoupons }: StreamedEvent) {
  return isClick
    ? ({ type: 'UserClickEvent', timestamp, userId: `${userId}`, lotteryId: `${lotteryId}` } as const)
    : ({ type: 'UserBuyCouponEvent', userId: `${userId}`, purchasedCoupons } as const);
}

/** The streams as they would lie there, had the functions decided so. */
class Told implements Listener {
  readonly #records: Record<'lottery' | 'user', InputRecord[]> = { lottery: [], user: [] };
  readonly #outputs: Record<'lottery' | 'user', { text: string; at: number }[]> = { lottery: [], user: [] };
  readonly #more: number;

  constructor(more = 0) {
    this.#more = more;
  }

  readonly lottery: Listener['lottery'] = ({ position, arrival, event }: StreamedLotteryEvent, code, run) => {
    const { lotteryId, prizes } = event;
    const said = this.#put('lottery', position, `${lotteryId}`, arrival, JSON.stringify(event));
    const ids = { lotteryId, run: run?.run };
    const started = {
      windowMs: timing.windowMs,
      graceMs: timing.graceMs,
      firstWindowStart: run?.first,
      prizes,
    };
    if (code === 'started')
      said({ type: 'LotteryStartedEvent', ...ids, ...started, seedCommitment: `${lotteryId} ${run?.run}` });
    else if (code === 'stopped') said({ type: 'LotteryStoppedEvent', ...ids, lastWindowStart: run?.last });
    else said({ type: 'EventRejectedEvent', reason: code, message: 'no', event });
  };

  readonly user: Listener['user'] = (
    event: StreamedEvent,
    { code, availableCoupons, run, windowStart = 0 }: Outcome,
  ) => {
    const { position, arrival, userId, lotteryId, timestamp, purchasedCoupons } = event;
    const json = jsonOf(event);
    const said = this.#put('user', position, `${userId}`, arrival, json);
    const balance = { userId, availableCoupons: availableCoupons + this.#more };
    if (code === 'bought') said({ type: 'CouponsBoughtEvent', ...balance, purchasedCoupons });
    else if (run !== undefined) {
      const drawId = drawIdOf({ lotteryId: `${lotteryId}`, run: run.run, windowStart });
      const window = { windowStart, windowEnd: windowStart + timing.windowMs };
      said(
        { type: 'ClickAcceptedEvent', ...balance, lotteryId, drawId, timestamp, arrival, ...window },
        'entryId',
      );
    } else {
      const field = fields.get(code);
      said({ type: 'EventRejectedEvent', reason: code, message: 'no', field, event: JSON.parse(json) });
    }
  };

  wrong(): string[] {
    const settings = { ...timing, toleranceMs, slackMs: 0, until: 0 };
    const parents = { lottery: new Map(), user: new Map() };
    return judge({ records: this.#records, parents }, settings, this.#outputs);
  }

  #put(channel: 'lottery' | 'user', position: number, partitionKey: string, arrival: number, json: string) {
    const place = { shardId, sequenceNumber: sequenceNumber(position) };
    this.#records[channel].push({ ...place, partitionKey, arrival, data: Buffer.from(json) });
    return (output: object, id = 'recordId') => {
      const text = JSON.stringify({ ...output, [id]: `${place.shardId}:${place.sequenceNumber}` });
      this.#outputs[channel].push({ text, at: arrival });
    };
  }
}

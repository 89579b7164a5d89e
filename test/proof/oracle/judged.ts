import { expect, it } from 'vitest';
import { History, settings } from './history.ts';

/** What is written; where it is wrong, what is found. */
type Case = [what: string, history: (history: History) => void, violation?: RegExp];

/** What the inputs do not decide is allowed either way, and ends at a bound. */
export function judged(cases: readonly Case[], given = settings): void {
  const judge = (write: Case[1]) => {
    const history = new History();
    history.settings = given;
    write(history);
    return history.violations();
  };
  it.each(cases.filter(([, , violation]) => violation === undefined))('allows %s', (_what, write) => {
    expect(judge(write)).toEqual([]);
  });
  it.each(cases.flatMap(([what, write, violation]) => (violation ? [{ what, write, violation }] : [])))(
    'refuses $what',
    ({ write, violation }) => {
      expect(judge(write)).toContainEqual(expect.stringMatching(violation));
    },
  );
}

export const clickAt = (timestamp: number, userId = 1) => ({
  type: 'UserClickEvent',
  userId,
  lotteryId: 1,
  timestamp,
});
/** A click that is rejected. */
export const inactive = (history: History, at: number, saidAt = at + 500, timestamp = at) =>
  history.reject(at, clickAt(timestamp), 'LOTTERY_INACTIVE', {}, saidAt);

/** Run 1 from 1,000 (out at 1,500), and two coupons. */
export function started(history: History): void {
  history.start(1_000, 1);
  history.buy(500, 1, 2, 2);
}

/** It stopped at 12,000 (out at 12,500), and ended at 23,000. */
export function stopped(history: History): void {
  started(history);
  history.stop(12_000, 1);
  history.end(23_000, 1);
}

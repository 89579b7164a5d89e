import { expect, it } from 'vitest';
import { History } from './history.ts';

/** What is written; where it is wrong, what is found. */
type Case = [what: string, history: (history: History) => void, violation?: RegExp];

/** What the inputs do not decide is allowed either way, and ends at a bound. */
export function judged(cases: readonly Case[]): void {
  it.each(cases.filter(([, , violation]) => violation === undefined))('allows %s', (_what, write) => {
    const history = new History();
    write(history);
    expect(history.violations()).toEqual([]);
  });
  it.each(cases.flatMap(([what, write, violation]) => (violation ? [{ what, write, violation }] : [])))(
    'refuses $what',
    ({ write, violation }) => {
      const history = new History();
      write(history);
      expect(history.violations().filter((line) => violation.test(line))).not.toEqual([]);
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
export const inactive = (history: History, at: number, saidAt = at + 500) =>
  history.reject(at, clickAt(at), 'LOTTERY_INACTIVE', {}, saidAt);

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

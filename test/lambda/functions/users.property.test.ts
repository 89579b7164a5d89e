import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import type { UserState } from '../../../lambda/core/user.ts';
import { newUser, userDecider } from '../../../lambda/core/user.ts';
import type { UserOutcome } from '../../../lambda/core/user-outcome.ts';
import { buy, click, userContext } from '../../support/events.ts';
import { sourced } from '../../support/records.ts';

const event: fc.Arbitrary<UserEvent> = fc.oneof(
  fc.integer({ min: -2, max: 5 }).map((amount) => buy(amount)),
  // Records arrive in the window of 0: other clicks have a window that is not that of their timestamp.
  fc.nat(50_000).map((timestamp) => click(timestamp)),
  fc.nat(50_000).map((timestamp) => click(timestamp, '1', 'unknown')),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('a', 'b', 'c')).map(([n, id]) => buy(n, '1', id)),
);

/** A delivery: a batch that starts at the first unsettled record or before, of some length; and what crashes. */
const delivery = fc.record({
  back: fc.nat(4),
  length: fc.integer({ min: 1, max: 8 }),
  fate: fc.constantFrom('done', 'died before the write', 'died after the write'),
});

const decide = (state: UserState, all: readonly UserEvent[], from: number, to: number) =>
  decideBatch(
    userDecider,
    state,
    all.slice(from, to).map((each, index) => sourced(from + index, each)),
    userContext(),
  );

/** Every outcome in one go, without any failure: what must come out of any schedule. */
const ideal = (all: readonly UserEvent[]) => decide(newUser, all, 0, all.length);

describe('any schedule of crashes, larger and smaller batches', () => {
  test('has the balance and the outcomes of a run without failures', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.array(delivery, { minLength: 1, maxLength: 40 }),
        (all, deliveries) => {
          const published: UserOutcome[][] = all.map(() => []);
          let state = newUser;
          let checkpoint = 0;
          for (const { back, length, fate } of [...deliveries, ...finish(all.length)]) {
            const from = Math.max(0, checkpoint - back);
            const to = Math.min(all.length, checkpoint + length);
            const decision = decide(state, all, from, to);
            if (fate === 'died before the write') continue;
            if (decision.changed) state = { ...decision.state, version: state.version + 1 };
            if (fate === 'died after the write') continue;
            decision.outcomes.forEach((outcome, index) => {
              if (outcome) published[from + index]?.push(outcome);
            });
            checkpoint = to;
          }
          const { state: expected, outcomes } = ideal(all);
          expect(state.coupons).toBe(expected.coupons);
          expect(
            published.map((each) => [...new Set(each.map((outcome) => JSON.stringify(outcome)))]),
          ).toEqual(outcomes.map((outcome) => [JSON.stringify(outcome)]));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('never has a balance below 0, and it is bought minus accepted', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (all) => {
        const { state, outcomes } = ideal(all);
        let balance = 0;
        outcomes.forEach((outcome, index) => {
          const sent = all[index];
          if (outcome?.kind === 'bought' && sent?.type === 'UserBuyCouponEvent')
            balance += sent.purchasedCoupons;
          if (outcome?.kind === 'accepted') balance -= 1;
          expect(balance).toBeGreaterThanOrEqual(0);
          if (outcome && 'availableCoupons' in outcome) expect(outcome.availableCoupons).toBe(balance);
        });
        expect(state.coupons).toBe(balance);
      }),
      { numRuns: 200 },
    );
  });
});

/** Deliveries without failures, enough for the rest. */
function finish(length: number): { back: number; length: number; fate: string }[] {
  return Array.from({ length }, () => ({ back: 0, length: 1, fate: 'done' }));
}

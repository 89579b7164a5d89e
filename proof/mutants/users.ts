import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;

/** What users may do, and what is told of it: once, and the same again. */
export const users: readonly Mutant[] = [
  {
    name: 'a user is written whatever its version',
    file: adapter('users-table'),
    from: ' AND "version"=?`,\n    parameters: [...values, key, toAttribute(state.version)],',
    to: '`,\n    parameters: [...values, key],',
  },
  {
    name: 'an entry of a click that comes again is not published again',
    file: 'lambda/functions/user-events/process.ts',
    from: 'const settled = settledOf(result);',
    to: 'const settled = settledOf({ ...result, applied: result.applied.filter(({ decision }) => decision.changed) });',
  },
  {
    name: 'a stored outcome has another balance than was published',
    file: core('user-outcome'),
    from: '? [acceptedCode, availableCoupons, outcome.run]',
    to: '? [acceptedCode, availableCoupons + 1, outcome.run]',
  },
  {
    name: 'event ids are not remembered',
    file: core('user'),
    from: 'eventId !== undefined && recentIds.includes(fingerprint(eventId))',
    to: 'eventId !== undefined && recentIds.includes(eventId)',
  },
  {
    name: 'a click without a coupon is accepted',
    file: core('user'),
    from: 'if (coupons < 1) return',
    to: 'if (coupons < 0) return',
  },
  {
    name: 'users that failed are not delivered again',
    file: 'lambda/functions/user-events/process.ts',
    from: 'return firstFailed;',
    to: 'return firstFailedOf(result.putOff);',
  },
  {
    name: 'a click may be from before the start',
    file: core('user'),
    from: 'if (isEarly || windowStart > latestTime',
    to: 'if (windowStart > latestTime',
  },
  {
    name: "a click's window is not stored",
    file: core('user-outcome'),
    from: 'return outcome.windowStart === undefined',
    to: 'return outcome.windowStart !== 0',
  },
];

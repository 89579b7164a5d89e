import type { Evidence } from '../audit/evidence.ts';
import type { Grant } from '../oracle/oracle.ts';
import type { RecordPutter } from './record-putter.ts';

/** What operators gave, as it is stored, and when it was there. */
export function grantsOf(
  { grants }: Pick<Evidence, 'grants'>,
  { granted }: Pick<RecordPutter, 'granted'>,
): Map<string, Grant> {
  return new Map(
    grants.map(({ grantId, userId, coupons, reason, grantedAt }) => {
      const until = granted.get(grantId) ?? Number.POSITIVE_INFINITY;
      return [grantId, { userId, coupons, reason, from: grantedAt, until }];
    }),
  );
}

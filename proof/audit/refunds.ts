import type { Evidence } from './evidence.ts';

/**
 * A coupon that went back is known by its refund's item, which is marked as taken, or still by its user's item; else a
 * repetition of its event would give it back again. What a user's item knows are refunds of that user. That all that are
 * stored went back, and no others, `tablesHoldWhatWasAnnounced` says.
 */
export function refundsAreRemembered({ refunds, users }: Pick<Evidence, 'refunds' | 'users'>): string[] {
  const known = new Map(users.map((user) => [user.userId, new Set(user.refunds)]));
  const forgotten = refunds
    .filter(({ isTaken, refundId, userId }) => isTaken !== true && !known.get(userId)?.has(refundId))
    .map(
      ({ refundId, userId }) => `refund ${refundId} is neither marked as taken nor known by user ${userId}`,
    );
  const owners = new Map(refunds.map(({ refundId, userId }) => [refundId, userId]));
  const foreign = users.flatMap(({ userId, refunds: own = [] }) =>
    own
      .filter((refundId) => owners.get(refundId) !== userId)
      .map((refundId) => `user ${userId} knows of refund ${refundId}, which is not theirs`),
  );
  return [...forgotten, ...foreign];
}

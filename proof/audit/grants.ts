import { ofType } from './events.ts';
import type { Evidence } from './evidence.ts';

/**
 * Coupons that were given are known by their grant's item, which is marked as taken, or still by their user's; else a
 * repetition of the event would give them again. What was never given is known by neither.
 */
export function grantsAreRemembered({
  grants,
  users,
  outputs,
}: Pick<Evidence, 'grants' | 'users' | 'outputs'>): string[] {
  const given = new Set(ofType(outputs.user, 'CouponsGrantedEvent').map(({ grantId }) => grantId));
  const known = new Map(users.map((user) => [user.userId, new Set(user.grants)]));
  const owners = new Map(grants.map(({ grantId, userId }) => [grantId, userId]));
  const wrong = grants.flatMap(({ grantId, userId, isTaken = false }) => {
    const isKnown = isTaken || known.get(userId)?.has(grantId) === true;
    if (isKnown === given.has(grantId)) return [];
    return isKnown
      ? [`grant ${grantId} counts as given to user ${userId}, and was not`]
      : [`grant ${grantId} is neither marked as taken nor known by user ${userId}`];
  });
  const foreign = users.flatMap(({ userId, grants: own = [] }) =>
    own
      .filter((grantId) => owners.get(grantId) !== userId)
      .map((grantId) => `user ${userId} knows of grant ${grantId}, which is not theirs`),
  );
  return [...wrong, ...foreign];
}

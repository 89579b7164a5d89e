import { encodeOutcomes } from '../../lambda/core/outcome-codec.ts';
import type { UserState } from '../../lambda/core/user.ts';
import { sequenceNumber, shardId } from '../payloads/records.ts';

const place = { sequenceNumber: sequenceNumber(0) };

export const coupons = 1_000_000_000;

/** One who clicked before: has coupons left, and a cursor below every record of the benchmark. */
export function clickingUser(): UserState {
  const outcomes = encodeOutcomes([{ place, outcome: [1, coupons + 1, 1] }]);
  return {
    version: 3,
    ...{ coupons, recentIds: [], refunds: [], grants: [] },
    cursors: { [shardId]: { ...place, arrival: 1_700_000_000_000, outcomes } },
  };
}

/** States as the last batch left them. */
export class MemoryUsers {
  readonly #states = new Map<string, UserState>();

  /** @param users 0 to below it, who all clicked before */
  constructor(users: number) {
    for (let user = 0; user < users; user += 1) this.#states.set(String(user), clickingUser());
  }

  get(userId: string): UserState | undefined {
    return this.#states.get(userId);
  }

  /** As a store does: the version is one higher then. */
  put(userId: string, state: UserState): void {
    this.#states.set(userId, { ...state, version: state.version + 1 });
  }
}

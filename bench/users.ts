import { encodeOutcomes } from '../lambda/core/outcome-codec.ts';
import type { UserState } from '../lambda/core/user.ts';
import { sequenceNumber, shardId } from './events.ts';

const place = { sequenceNumber: sequenceNumber(0) };

/** One who clicked before: has coupons left, and a cursor below every record of the benchmark. */
export const clickingUser: UserState = {
  version: 3,
  coupons: 1_000_000,
  recentIds: [],
  refunds: [],
  grants: [],
  cursors: {
    [shardId]: {
      ...place,
      arrival: 1_700_000_000_000,
      outcomes: encodeOutcomes([{ place, outcome: [1, 1_001, 1] }]),
    },
  },
};

import type { BatchRequest } from './load.ts';
import { aggregatedBatch, clickBatch } from './records.ts';

/** Where time begins that goes by with the clicks: the first millisecond of a window. */
const beginning = 1_700_000_000_000;

/** @param now ms @returns the JSON of the invocation's event */
export function payloadOf({ load, first }: BatchRequest, now: number): string {
  const { batchSize, users, clicksPerUser, perRecord, clicksPerSecond, lotteries = 1 } = load;
  const usersOfBatch = Math.ceil(batchSize / clicksPerUser);
  const batch = {
    ...{ first, clicks: batchSize },
    userOf: (position: number) => {
      const index = position - 1;
      const firstUser = Math.floor(index / batchSize) * usersOfBatch;
      return (firstUser + ((index % batchSize) % usersOfBatch)) % users;
    },
    lotteryOf: (position: number) => 1 + (position % lotteries),
    timeOf: (position: number) =>
      clicksPerSecond === undefined
        ? now
        : beginning + Math.floor(((position - 1) * 1_000) / clicksPerSecond),
  };
  return JSON.stringify(perRecord === undefined ? clickBatch(batch) : aggregatedBatch(batch, perRecord));
}

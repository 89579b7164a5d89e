import type { Channel } from '../../client/expectations.ts';
import type { GrantRequest } from '../../client/grants.ts';

/** A record on its way to an input stream. */
export interface PlayerRecord {
  channel: Channel;
  partitionKey: string;
  data: Buffer;
  /** Where a producer chooses the shard itself, whatever the partition key: a decimal from 0 to below 2^128. */
  explicitHashKey?: string;
  /** What an operator stores before the record, which names it, is put. */
  grant?: GrantRequest;
  /** Who puts it dies before. */
  isLost?: true;
}

export type Id = number | string;
type Event = Readonly<Record<string, unknown>>;

/** Under its user's id, as it should be. */
export function userRecord(event: Event & { userId: Id }): PlayerRecord {
  return { channel: 'user', partitionKey: String(event.userId), data: Buffer.from(JSON.stringify(event)) };
}

/** Under its lottery's id, as it should be. */
export function lotteryRecord(event: Event & { lotteryId: Id }): PlayerRecord {
  return {
    channel: 'lottery',
    partitionKey: String(event.lotteryId),
    data: Buffer.from(JSON.stringify(event)),
  };
}

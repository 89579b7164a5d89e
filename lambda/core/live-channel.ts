import { hash } from 'node:crypto';

/** The list's channel and snapshot: no lottery's, as those are hexadecimal. */
export const indexChannel = 'index';

/** 128 bits of a hash: any id fits into a channel's name, of which AppSync takes 50 letters, digits and dashes. @param lotteryId the inner id */
export function channelOf(lotteryId: string): string {
  return hash('sha256', lotteryId).slice(0, 32);
}

/**
 * The three hashes of a draw. This is the whole scheme, written a second time: nothing here or in this folder
 * comes from the code that makes the draws, so that a mistake there is not repeated here.
 */
import { createHmac, hash } from 'node:crypto';

/** What is published when a lottery starts: SHA-256 over the 32 bytes of the seed. All hexadecimal, lower case. */
export function seedCommitment(seedHex: string): string {
  return hash('sha256', Buffer.from(seedHex, 'hex'), 'hex');
}

/** The seed of one window: HMAC-SHA-256, the key being the 32 bytes of the lottery's seed. */
export function windowSeed(seedHex: string, lotteryId: string, windowStart: number): string {
  const key = Buffer.from(seedHex, 'hex');
  return createHmac('sha256', key).update(`${lotteryId}:${windowStart}`, 'utf8').digest('hex');
}

/** An entry's priority: SHA-256 over text, the window's seed as hexadecimal digits. The lowest one wins. */
export function priority(windowSeedHex: string, entryId: string): string {
  return hash('sha256', `${windowSeedHex}:${entryId}`, 'hex');
}

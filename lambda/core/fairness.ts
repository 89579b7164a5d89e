import { createHash, createHmac, hash } from 'node:crypto';

/**
 * The cryptography of the draw: the scheme is described in docs/fairness.md.
 * Hashes and seeds are lower-case hexadecimal strings of 64 digits (32 bytes).
 */

/** SHA-256 over the 32 bytes of the seed: published when the lottery starts, checked when the seed is revealed. */
export function seedCommitment(seedHex: string): string {
  return createHash('sha256').update(Buffer.from(seedHex, 'hex')).digest('hex');
}

/**
 * HMAC-SHA-256(seed, "<lotteryId>:<windowStart>"), windowStart in ms. About 3 µs a call, as the key goes as text: with
 * its bytes, of which Node makes an object first, 17 µs. Derive it once per window, not once per entry.
 */
export function windowSeed(seedHex: string, lotteryId: string, windowStart: number): string {
  return createHmac('sha256', seedHex, { encoding: 'hex' })
    .update(`${lotteryId}:${windowStart}`)
    .digest('hex');
}

/** SHA-256("<windowSeed>:<entryId>"): the lowest in a window wins. Hex strings of equal length compare as numbers. */
export function priority(windowSeedHex: string, entryId: string): string {
  return priorityHex(priorityBytes(windowSeedHex, entryId));
}

/** The same as 32 characters of a byte each, which compare alike: for the many that do not win, a third faster. */
export function priorityBytes(windowSeedHex: string, entryId: string): string {
  return hash('sha256', `${windowSeedHex}:${entryId}`, 'binary');
}

export function priorityHex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex');
}

import { createHash, hash } from 'node:crypto';

/**
 * The cryptography of the draw: the scheme is described in docs/fairness.md.
 * Hashes and seeds are lower-case hexadecimal strings of 64 digits (32 bytes).
 */

/** SHA-256 over the 32 bytes of the seed: published when the lottery starts, checked when the seed is revealed. */
export function seedCommitment(seedHex: string): string {
  return createHash('sha256').update(Buffer.from(seedHex, 'hex')).digest('hex');
}

/**
 * HMAC-SHA-256(seed, "<lotteryId>:<windowStart>"), windowStart in ms.
 * About 5 µs a call: derive it once per window, not once per entry.
 */
export function windowSeed(seedHex: string, lotteryId: string, windowStart: number): string {
  const seed = Buffer.from(seedHex, 'hex');
  const inner = hash(
    'sha256',
    Buffer.concat([padded(seed, 0x36), Buffer.from(`${lotteryId}:${windowStart}`)]),
    'buffer',
  );
  return hash('sha256', Buffer.concat([padded(seed, 0x5c), inner]));
}

/**
 * The key of HMAC's inner and outer hash, as RFC 2104 has it for keys that are no longer than a block. Written out,
 * because `createHmac` makes an object of each key that it is given, and takes five times as long.
 */
function padded(key: Uint8Array, pad: number): Buffer {
  const block = Buffer.alloc(64, pad);
  for (let index = 0; index < key.length; index += 1) block[index] = (key[index] ?? 0) ^ pad;
  return block;
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

/**
 * The hashes of a draw. This is the whole scheme, with merkle.ts and beacon.ts, written a second time: nothing here or in
 * this folder comes from the code that makes the draws, so that a mistake there is not repeated here. Nor does anything
 * come from Node, so that a browser can check draws as well. Hashes and seeds are lower case hexadecimal.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { bytesToHex, hashOf, hexToBytes, textHash } from './bytes.ts';
import { leafHash } from './merkle.ts';

/** Published when a lottery starts, of its seed, and when a draw closes, of its window's: SHA-256 over the 32 bytes. */
export function seedCommitment(seedHex: string): string {
  return bytesToHex(hashOf(hexToBytes(seedHex)));
}

/** The seed of one window: HMAC-SHA-256, the key being the 32 bytes of the lottery's seed. */
export function windowSeed(seedHex: string, lotteryId: string, windowStart: number): string {
  return bytesToHex(hmac(sha256, hexToBytes(seedHex), utf8ToBytes(`${lotteryId}:${windowStart}`)));
}

/** What draws: the window's seed and the beacon's signature, SHA-256 over both as text; without a beacon the seed itself. */
export function drawSeed(windowSeedHex: string, beaconSignature: string | undefined): string {
  if (beaconSignature === undefined) return windowSeedHex;
  return bytesToHex(textHash(`${windowSeedHex}:${beaconSignature}`));
}

/** An entry's priority: SHA-256 over text, the draw's seed as hexadecimal digits. The lowest one wins. */
export function priority(drawSeedHex: string, entryId: string): string {
  return bytesToHex(priorityBytes(drawSeedHex, entryId));
}

export function priorityBytes(drawSeedHex: string, entryId: string): Uint8Array {
  return textHash(`${drawSeedHex}:${entryId}`);
}

/** An entry in the tree of its block. */
export function entryLeaf(drawId: string, entryId: string, userId: string): Uint8Array {
  return leafHash(JSON.stringify([drawId, entryId, userId]));
}

/** What a receipt's signature is over. @param batchRoot hex */
export function receiptText(batchRoot: string): string {
  return `lottery-streams receipt v1\n${batchRoot}`;
}

/**
 * The three hashes of a draw. This is the whole scheme, written a second time: nothing here or in this folder
 * comes from the code that makes the draws, so that a mistake there is not repeated here. Nor does anything come
 * from Node, so that a browser can check draws as well; its own hashes would make every check asynchronous.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** What is published when a lottery starts: SHA-256 over the 32 bytes of the seed. All hexadecimal, lower case. */
export function seedCommitment(seedHex: string): string {
  return bytesToHex(sha256(hexToBytes(seedHex)));
}

/** The seed of one window: HMAC-SHA-256, the key being the 32 bytes of the lottery's seed. */
export function windowSeed(seedHex: string, lotteryId: string, windowStart: number): string {
  return bytesToHex(hmac(sha256, hexToBytes(seedHex), utf8ToBytes(`${lotteryId}:${windowStart}`)));
}

/** An entry's priority: SHA-256 over text, the window's seed as hexadecimal digits. The lowest one wins. */
export function priority(windowSeedHex: string, entryId: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${windowSeedHex}:${entryId}`)));
}

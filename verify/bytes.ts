/** SHA-256 and the two codings of bytes, for a million short messages: nothing is made anew that can be used again. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export { bytesToHex, hexToBytes };

const untouched = sha256.create();
const hasher = sha256.create();
const encoder = new TextEncoder();
let scratch = new Uint8Array(1024);

export function hashOf(bytes: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32);
  untouched._cloneInto(hasher);
  hasher.update(bytes).digestInto(hash);
  return hash;
}

/** SHA-256 over bytes that come one after the other. */
export function hashInParts(): { update(part: Uint8Array): unknown; digest(): Uint8Array } {
  return sha256.create();
}

/** SHA-256 of a text as UTF-8. @param prefix a byte that is put before it */
export function textHash(text: string, prefix?: number): Uint8Array {
  const start = prefix === undefined ? 0 : 1;
  // A UTF-16 unit is three bytes of UTF-8 at most.
  const room = start + text.length * 3;
  if (room > scratch.length) scratch = new Uint8Array(room * 2);
  if (prefix !== undefined) scratch[0] = prefix;
  const { written } = encoder.encodeInto(text, scratch.subarray(start));
  return hashOf(scratch.subarray(0, start + written));
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;

/** Base64url without padding, of which each bytes have one text only; undefined for any other text. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const { length } = text;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[text.charCodeAt(index)] ?? 255;
    if (value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at] = (bits >> count) & 255;
    at += 1;
  }
  return (bits & ((1 << count) - 1)) === 0 ? bytes : undefined;
}

/** Base64 as a key has it, with padding; undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) return undefined;
  return fromBase64url(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  );
}

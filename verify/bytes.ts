/** SHA-256 and the two codings of bytes, for a million short messages: nothing is made anew that can be used again. */
import { sha256 as sha256InParts } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { messageRoom, sha256 } from './sha256.ts';

export { bytesToHex, hexToBytes };

const encoder = new TextEncoder();

export function hashOf(bytes: Uint8Array): Uint8Array {
  messageRoom(bytes.length).set(bytes);
  return sha256(bytes.length);
}

/** SHA-256 over bytes that come one after the other. */
export function hashInParts(): { update(part: Uint8Array): unknown; digest(): Uint8Array } {
  return sha256InParts.create();
}

/** SHA-256 of a text as UTF-8. @param prefix a byte that is put before it */
export function textHash(text: string, prefix?: number): Uint8Array {
  const start = prefix === undefined ? 0 : 1;
  // A UTF-16 unit is three bytes of UTF-8 at most.
  const message = messageRoom(start + text.length * 3);
  if (prefix !== undefined) message[0] = prefix;
  return sha256(start + writeText(text, message, start));
}

/** @returns how many bytes it took */
function writeText(text: string, bytes: Uint8Array, start: number): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 127) return encoder.encodeInto(text, bytes.subarray(start)).written;
    bytes[start + index] = unit;
  }
  return text.length;
}

/** Whether bytes of the same length come before others, as their hexadecimal digits do. */
export function isLower(left: Uint8Array, right: Uint8Array): boolean {
  const index = left.findIndex((byte, at) => byte !== right[at]);
  return index >= 0 && (left[index] ?? 0) < (right[index] ?? 0);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;

/** Base64url without padding, of which each bytes have one text only; undefined for any other text. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  return decodeBase64url(text, bytes) ? bytes : undefined;
}

/** @param bytes has room for all @returns whether it is base64url */
export function decodeBase64url(text: string, bytes: Uint8Array): boolean {
  const { length } = text;
  const rest = length % 4;
  if (rest === 1) return false;
  let at = 0;
  let wrong = 0;
  const bitsAt = (index: number) => {
    const value = values[text.charCodeAt(index)] ?? 255;
    wrong |= value & 128;
    return value;
  };
  for (let index = 0; index + 4 <= length; index += 4) {
    const bits =
      (bitsAt(index) << 18) | (bitsAt(index + 1) << 12) | (bitsAt(index + 2) << 6) | bitsAt(index + 3);
    bytes[at] = bits >> 16;
    bytes[at + 1] = bits >> 8;
    bytes[at + 2] = bits;
    at += 3;
  }
  if (rest > 0) {
    const start = length - rest;
    const bits = (bitsAt(start) << 12) | (bitsAt(start + 1) << 6) | (rest === 3 ? bitsAt(start + 2) : 0);
    bytes[at] = bits >> 10;
    if (rest === 3) bytes[at + 1] = bits >> 2;
    wrong |= bits & (rest === 3 ? 3 : 1023);
  }
  return wrong === 0;
}

/** Base64 as a key has it, with padding; undefined for any other text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) return undefined;
  return fromBase64url(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  );
}

/**
 * SHA-256 of one short message (FIPS 180-4), for a million of them. @noble/hashes makes views of what it reads and writes, for
 * each message anew, and for most of them a buffer outside of the heap: that took longer than the hashing. What comes in
 * parts, and HMAC, is left to it.
 */

/** Room behind a message: one bit, zeros up to a block of 64 bytes, and in its last 8 the message's length. */
const mostPadding = 72;

const constants = new Int32Array(primes(64).map((prime) => fraction(Math.cbrt(prime))));
const initial = new Int32Array(primes(8).map((prime) => fraction(Math.sqrt(prime))));
const state = new Int32Array(8);
const words = new Int32Array(64);
let message = new Uint8Array(1024);
let view = new DataView(message.buffer);

/** Where the next message is to be written, from its start on. @param length how long it may be, in bytes, below 2^29 */
export function messageRoom(length: number): Uint8Array {
  if (length + mostPadding > message.length) {
    message = new Uint8Array(2 * length + mostPadding);
    view = new DataView(message.buffer);
  }
  return message;
}

/** Of the message that was written. */
export function sha256(length: number): Uint8Array {
  const end = pad(length);
  state.set(initial);
  for (let start = 0; start < end; start += 64) compress(start);
  const hash = new Uint8Array(32);
  for (let index = 0; index < 8; index += 1) {
    const word = state[index] ?? 0;
    hash[4 * index] = word >>> 24;
    hash[4 * index + 1] = word >>> 16;
    hash[4 * index + 2] = word >>> 8;
    hash[4 * index + 3] = word;
  }
  return hash;
}

/** @returns the length with what was put behind the message */
function pad(length: number): number {
  const end = (length + mostPadding) & ~63;
  message.fill(0, length, end);
  message[length] = 0x80;
  view.setInt32(end - 4, length << 3);
  return end;
}

function compress(start: number): void {
  schedule(start);
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let round = 0; round < 64; round += 1) {
    const fromE = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const fromA = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const first = (h + fromE + (g ^ (e & (f ^ g))) + (constants[round] ?? 0) + (words[round] ?? 0)) | 0;
    const second = (fromA + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  add(0, a, b, c, d);
  add(4, e, f, g, h);
}

function schedule(start: number): void {
  for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(start + 4 * index);
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] ?? 0;
    const late = words[index - 2] ?? 0;
    const fromEarly = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const fromLate = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[index] = ((words[index - 16] ?? 0) + fromEarly + (words[index - 7] ?? 0) + fromLate) | 0;
  }
}

function add(start: number, one: number, two: number, three: number, four: number): void {
  state[start] = (state[start] ?? 0) + one;
  state[start + 1] = (state[start + 1] ?? 0) + two;
  state[start + 2] = (state[start + 2] ?? 0) + three;
  state[start + 3] = (state[start + 3] ?? 0) + four;
}

/** To the right, the bits that fall out coming in at the left. */
function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number += 1)
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found;
}

/** The first 32 bits behind the point. */
function fraction(number: number): number {
  return ((number - Math.floor(number)) * 2 ** 32) | 0;
}

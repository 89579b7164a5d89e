import { hash } from 'node:crypto';

/** Aggregated records piece by piece, and so of any that no producer would make. */

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.of(...bytes, rest);
}

/** A field of bytes. */
export function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** A partition key of the table. */
export function keyField(key: string): Buffer {
  return field(1, Buffer.from(key));
}

/** An event. */
export function recordField(fields: readonly Uint8Array[]): Buffer {
  return field(3, Buffer.concat(fields));
}

/** With the magic number and the checksum that belongs to it. */
export function aggregate(fields: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat(fields);
  return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, hash('md5', message, 'buffer')]);
}

import { hash } from 'node:crypto';

/** Aggregated records of the Kinesis Producer Library, piece by piece: also such as no library makes. */

const magic = Buffer.from('f3899ac2', 'hex');

export function bytesField(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(8 * number + 2), varint(bytes.length), bytes]);
}

export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(8 * number), varint(value)]);
}

/** @param fields of the message */
export function aggregateOf(fields: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat(fields);
  return Buffer.concat([magic, message, hash('md5', message, 'buffer')]);
}

function varint(value: number): Buffer {
  const low = value % 128;
  return value < 128
    ? Buffer.of(low)
    : Buffer.concat([Buffer.of(128 + low), varint(Math.floor(value / 128))]);
}

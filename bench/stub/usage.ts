/** What the calls of a run cost, as AWS bills them. */
export interface Usage {
  /** Calls by operation. */
  readonly calls: Record<string, number>;
  /** Write units: 1 KB each. */
  writeUnits: number;
  /** Read units: 4 KB each, half of one when eventually consistent. */
  readUnits: number;
  /** PUT payload units of Kinesis: 25 KB each, rounded up for each record. */
  putUnits: number;
  /** Records put on each stream. */
  readonly records: Record<string, number>;
}

export function noUsage(): Usage {
  return { calls: {}, writeUnits: 0, readUnits: 0, putUnits: 0, records: {} };
}

import type { Attributes } from './kept-items.ts';

export function writeUnitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

export function readUnitsOf(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/** @param base64 the record's data. The partition key counts too. */
export function putUnitsOf(base64: string, partitionKey: string): number {
  return Math.ceil((base64.length * 0.75 + partitionKey.length) / (25 * 1024));
}

/**
 * About as DynamoDB sizes an item (Developer Guide, "DynamoDB item sizes and formats"): names and values; the
 * digits of a number count half, bytes are base64 here.
 */
export function itemBytes(attributes: Attributes): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + valueBytes(value), 0);
}

/** @param value `{"S":"text"}` and so on */
export function valueBytes(value: Readonly<Record<string, unknown>>): number {
  const { S: text, N: number, B: bytes, M: map } = value;
  if (typeof text === 'string') return Buffer.byteLength(text);
  if (typeof number === 'string') return Math.ceil(number.length / 2) + 1;
  if (typeof bytes === 'string') return Math.ceil(bytes.length * 0.75);
  if (typeof map === 'object' && map !== null) return 3 + itemBytes(map as Attributes);
  return 1;
}

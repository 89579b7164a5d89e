import db from 'kinesalite/db/index.js';

/** What a sequence number says; times in ms. */
export interface Sequence {
  shardCreateTime: number;
  /** Counts the records of a shard, in decimal. */
  seqIx?: string | number | null | undefined;
  byte1?: string | undefined;
  seqTime?: number | undefined;
  shardIx?: number | undefined;
  version?: number | undefined;
}

/** Hexadecimal digits of a sequence number of the version that kinesalite makes. */
const DIGITS = 47;
const VERSION = 2;

const original = { ...db };

/**
 * kinesalite reads and writes the sequence number of each record, several times, by a library for decimals: half of its
 * work. Here the same is done with the language's own integers; what is not of its usual form is left to it.
 */
export function makeNativeSequenceNumbers(): void {
  Object.assign(db, { parseSequence, stringifySequence, incrementSequence });
}

/** What a sequence number says. @throws Error for one that kinesalite refuses */
export function parseSequence(sequenceNumber: string): Sequence {
  const hex = /^\d+$/.test(sequenceNumber) ? BigInt(sequenceNumber).toString(16) : '';
  const digits = (from: number, to: number) => Number.parseInt(hex.slice(from, to), 16);
  const isUsual = hex.length === DIGITS && hex.startsWith('2') && hex.endsWith(String(VERSION));
  // Above that a number is negative, or refused.
  if (!isUsual || digits(11, 12) > 7 || digits(38, 39) > 7) return original.parseSequence(sequenceNumber);
  const shardCreateSeconds = digits(1, 10);
  if (shardCreateSeconds >= 16_025_175_000) return original.parseSequence(sequenceNumber);
  return {
    shardCreateTime: shardCreateSeconds * 1000,
    seqIx: BigInt(`0x${hex.slice(11, 27)}`).toString(),
    byte1: hex.slice(27, 29),
    seqTime: digits(29, 38) * 1000,
    shardIx: digits(38, 46),
    version: VERSION,
  };
}

export function stringifySequence(sequence: Sequence): string {
  const { version = VERSION, shardCreateTime, seqIx, seqTime, shardIx = 0, byte1 } = sequence;
  if (version !== VERSION) return original.stringifySequence(sequence);
  const hex = [
    '2',
    seconds(shardCreateTime),
    shardIx.toString(16).slice(-1),
    BigInt(seqIx || 0)
      .toString(16)
      .padStart(16, '0')
      .slice(-16),
    byte1 || '00',
    seconds(seqTime || shardCreateTime),
    original.shardIxToHex(shardIx),
    String(VERSION),
  ];
  return BigInt(`0x${hex.join('')}`).toString();
}

/** The next one. @param seqTime of that, ms; default: a second later */
export function incrementSequence(before: Sequence | string, seqTime?: number | null): string {
  const sequence = typeof before === 'string' ? parseSequence(before) : before;
  const { shardCreateTime, seqIx, shardIx } = sequence;
  return stringifySequence({
    ...{ shardCreateTime, seqIx, shardIx },
    seqTime: seqTime || (sequence.seqTime ?? Number.NaN) + 1000,
  });
}

/** Nine hexadecimal digits. */
function seconds(ms: number): string {
  const hex = Math.floor(ms / 1000).toString(16);
  return `00000000${hex}`.slice(-9);
}

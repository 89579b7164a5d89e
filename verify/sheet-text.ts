/** A sheet as text: its bytes in lines, each line as it must be. */
import { drawName, signature } from './events.ts';
import { hex, integer, isRecord, optional, positive, record, type Source, text } from './fields.ts';

/** Why a sheet cannot be read on. */
export class SheetError extends Error {}
/** A file that is none: a directory may hold others. */
export class NoSheetError extends SheetError {}

export type SheetFile = { name: string; chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/** Of an entry: its id and its user's. */
export type Pair = readonly [entryId: string, userId: string];

export type SheetHeader = ReturnType<typeof header>;

const newline = 0x0a;

/**
 * More than a block can have: that is of one batch, with 10,000 records at most, and of each an id of 128 characters, each an
 * escape of six bytes, and 90 bytes beside it. Some bytes that were packed would take all memory otherwise.
 */
const mostLineBytes = 16 * 2 ** 20;

/** @throws SheetError for what is not UTF-8 or too long, and for a last line without its newline */
export async function* linesOf(
  chunks: SheetFile['chunks'],
  hasher: { update(part: Uint8Array): unknown },
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let isFirst = true;
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > mostLineBytes) throw tooLong(isFirst);
    parts.push(part);
  };
  for await (const chunk of chunks) {
    hasher.update(chunk);
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      yield decoded(parts);
      [parts, bytes, isFirst] = [[], 0, false];
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (parts.length > 0)
    throw new SheetError('what follows it has no newline at its end: the sheet is cut off');
}

function tooLong(isFirst: boolean): SheetError {
  if (isFirst) return new NoSheetError('its first line is too long');
  return new SheetError('what follows it is longer than a block can be');
}

function decoded(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
  } catch {
    throw new SheetError('it is not UTF-8');
  }
}

/** Two readers of one line must not be told two things, say by a field that stands in it twice. */
const notCanonical = 'it has other fields, or is not as JSON.stringify writes it';

function parsed(line: string): Source {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new SheetError('it is not JSON');
  }
  if (!isRecord(value)) throw new SheetError('it is no object');
  return value;
}

/** A line with a block. @throws SheetError or FieldError */
export function blockOf(line: string): { root: string; entries: readonly Pair[] } {
  const source = parsed(line);
  const block = { root: hex(source, 'root'), entries: pairs(source) };
  if (JSON.stringify(block) !== line) throw new SheetError(notCanonical);
  return block;
}

/** The first line. @throws SheetError or FieldError */
export function headerOf(line: string): SheetHeader {
  const read = header(parsed(line));
  if (JSON.stringify({ type: 'DrawSheet', ...read }) !== line) throw new SheetError(notCanonical);
  return read;
}

function pairs(source: Source): readonly Pair[] {
  const { entries } = source;
  if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isPair))
    throw new SheetError('entries is not a list of pairs of entry and user id');
  return entries;
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function header(source: Source) {
  if (source.type !== 'DrawSheet') throw new NoSheetError('its first line is no DrawSheet');
  const name = drawName(source, 'drawId');
  const winner = record(source, 'winner');
  return {
    drawId: name.drawId,
    lotteryId: text(source, 'lotteryId'),
    run: positive(source, 'run'),
    windowStart: integer(source, 'windowStart'),
    windowEnd: integer(source, 'windowEnd'),
    entries: positive(source, 'entries'),
    blocks: positive(source, 'blocks'),
    windowRoot: hex(source, 'windowRoot'),
    windowSeed: hex(source, 'windowSeed'),
    windowSeedCommitment: hex(source, 'windowSeedCommitment'),
    closedAt: integer(source, 'closedAt'),
    chainHash: optional(hex, source, 'chainHash'),
    round: optional(positive, source, 'round'),
    beaconSignature: optional(signature, source, 'beaconSignature'),
    winner: {
      entryId: text(winner, 'entryId'),
      userId: text(winner, 'userId'),
      priority: hex(winner, 'priority'),
    },
    prize: optional(text, source, 'prize'),
  };
}

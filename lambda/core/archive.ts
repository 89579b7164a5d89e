import { isUtf8 } from 'node:buffer';
import type { InputRecord } from './decode.ts';
import { compareSequenceNumbers, recordIdOf } from './ids.ts';

/** The output streams that are archived, by the names that they have in it. */
export const archivedStreams = ['user', 'lottery'] as const;
export type ArchivedStream = (typeof archivedStreams)[number];

/** Of all its objects, in the draws bucket (lib/constructs/draws-bucket.ts). */
const archivePrefix = 'archive/';

/**
 * One object of the archive: the records of a shard from one sequence number to another, with none left out. The same batch
 * has the same object whenever it comes; in other cuts it makes others, which overlap.
 */
export interface ArchiveObject {
  readonly stream: ArchivedStream;
  /** UTC, of the first record's arrival: `2026-11-26`. */
  readonly day: string;
  readonly shardId: string;
  /** Sequence numbers, both of them in it. */
  readonly first: string;
  readonly last: string;
}

/** A record as the archive has it. */
export interface ArchivedRecord {
  /** "<shardId>:<sequenceNumber>" of the output stream, with the index behind it in an aggregated record. */
  readonly recordId: string;
  /** When the stream took it, ms. */
  readonly arrival: number;
  /** The bytes as they were, where they are JSON on one line; else undefined: they are in `raw`. */
  readonly text: string | undefined;
  /** Base64. */
  readonly raw: string | undefined;
}

/** UTC. @param time ms since the epoch */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** What all objects of a stream begin with; the day comes next. */
export function archiveFolder(stream: ArchivedStream): string {
  return `${archivePrefix}${stream}/`;
}

export function archiveKey({ stream, day, shardId, first, last }: ArchiveObject): string {
  return `${archiveFolder(stream)}${day}/${shardId}/${first}-${last}.jsonl.gz`;
}

const keyPattern =
  /^archive\/(user|lottery)\/(\d{4}-\d\d-\d\d)\/([\w.-]{0,127}[\w-])\/(\d{1,60})-(\d{1,60})\.jsonl\.gz$/;

/** @returns undefined for what is no object of the archive */
export function parseArchiveKey(key: string): ArchiveObject | undefined {
  const [, name, day, shardId, first, last] = keyPattern.exec(key) ?? [];
  const stream = archivedStreams.find((each) => each === name);
  if (!stream || !day || !shardId || !first || !last) return undefined;
  if (compareSequenceNumbers(first, last) > 0) return undefined;
  return { stream, day, shardId, first, last };
}

/** @param first and @param last of a batch, which is of one shard */
export function archiveObjectOf(
  stream: ArchivedStream,
  first: InputRecord,
  { source: { sequenceNumber: last } }: InputRecord,
): ArchiveObject {
  const { shardId, sequenceNumber } = first.source;
  return { stream, day: dayOf(first.arrival), shardId, first: sequenceNumber, last };
}

/** A line of an object, with its end. What is JSON is there as it was, byte by byte. */
export function archiveLine(record: InputRecord): string {
  const { recordId, arrival, text, raw } = archivedRecordOf(record);
  const content = text === undefined ? `"raw":"${raw}"` : `"event":${text}`;
  return `{"recordId":"${recordId}","arrival":${arrival},${content}}\n`;
}

/** A record that is still on its stream, as the archive will have it. */
export function archivedRecordOf({
  source,
  arrival,
  ascii,
  data,
}: Pick<InputRecord, 'source' | 'arrival' | 'ascii' | 'data'>): ArchivedRecord {
  const text = ascii ?? (isUtf8(data) ? data.toString('utf8') : undefined);
  const isLine = text !== undefined && isJsonLine(text);
  return {
    ...{ recordId: recordIdOf(source), arrival },
    ...{ text: isLine ? text : undefined, raw: isLine ? undefined : data.toString('base64') },
  };
}

/** Breaks are whitespace to JSON, and would be ends of lines in the archive. */
function isJsonLine(text: string): boolean {
  if (/[\n\r]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const linePattern =
  /^\{"recordId":"([\w.-]{0,127}[\w-]:\d{1,60}(?::\d{1,7})?)","arrival":(\d{1,16}),(?:"raw":"([\w+/=]*)"\}$|"event":)/;

/** @param line without its end @returns undefined for what is no line of the archive */
export function parseArchiveLine(line: string): ArchivedRecord | undefined {
  const [start, recordId, arrival, raw] = linePattern.exec(line) ?? [];
  if (start === undefined || recordId === undefined || !line.endsWith('}')) return undefined;
  const text = raw === undefined ? line.slice(start.length, -1) : undefined;
  if (text !== undefined && !isJsonLine(text)) return undefined;
  return { recordId, arrival: Number(arrival), text, raw };
}

import { readFile } from 'node:fs/promises';
import { lotteryEventSchemas } from '../../lambda/core/events.ts';
import { idSchema } from '../../lambda/core/ids.ts';

/** One line of an events file, on its way to a stream. */
export interface EventLine {
  /** Counted from 1. */
  number: number;
  stream: 'lottery' | 'user';
  partitionKey: string;
  /** The line's bytes as they are: what is no event goes to the pipeline untouched. */
  data: Uint8Array;
}

/** What a record's data may have: 1 MiB, Kinesis' default limit, and the engine's (Kinesis API reference, PutRecord). */
const RECORD_BYTES = 1_048_576;

/** Partition key of what names no lottery or user. */
const NO_ID = 'no-id';
const NEWLINE = 0x0a;

/**
 * Reads a file of JSON lines; blank lines are left out.
 * @throws Error in one line when the file cannot be read, or a line does not fit into a record.
 */
export async function readEventLines(path: string): Promise<EventLine[]> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot read the events file ${path}: ${reason(error)}`);
  });
  return splitLines(content).flatMap((data, index) => {
    const text = Buffer.from(data).toString('utf8');
    if (text.trim() === '') return [];
    if (data.length > RECORD_BYTES) throw new Error(`${path}, ${tooLong(index + 1, data.length)}`);
    return [{ number: index + 1, data, ...route(text) }];
  });
}

/**
 * Where a line goes: a lottery event, by its type, to the lottery stream; everything else, what is no event
 * included, to the user stream.
 */
export function route(text: string): Pick<EventLine, 'stream' | 'partitionKey'> {
  const { type, lotteryId, userId } = fieldsOf(text);
  const isLotteryEvent = typeof type === 'string' && Object.hasOwn(lotteryEventSchemas, type);
  return isLotteryEvent
    ? { stream: 'lottery', partitionKey: partitionKeyOf(lotteryId) }
    : { stream: 'user', partitionKey: partitionKeyOf(userId) };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function partitionKeyOf(id: unknown): string {
  const result = idSchema.safeParse(id);
  return result.success ? String(result.data) : NO_ID;
}

function tooLong(line: number, bytes: number): string {
  const [has, holds] = [bytes, RECORD_BYTES].map((count) => count.toLocaleString('en-US'));
  return `line ${line} has ${has} bytes, a record holds ${holds}`;
}

function splitLines(content: Buffer): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline < 0 ? content.length : newline;
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'permission denied';
  return message;
}

import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** The name of standard input, as other commands have it. */
export const STANDARD_INPUT = '-';

/** So much of a file at a time: to ask for less takes longer than to read it. */
const CHUNK_BYTES = 256 * 1024;
/** Compressed, so much at a time: it unpacks to 16 MB at most (gzip's factor is 1,032 at best). */
const GZIP_CHUNK_BYTES = 16 * 1024;

/** What is wrong with an input, in one line for the person at the command line. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Bytes of a file or of standard input, unpacked where they are gzip: its first two bytes tell. */
export type Input = AsyncIterable<Buffer>;

/**
 * Opens an input without reading from it.
 * @param path a file, or `-` for standard input.
 * @throws InputError when there is nothing to read; iterating throws one when reading fails on the way, after all that
 *   could be read and unpacked was handed over.
 */
export async function openInput(path: string): Promise<Input> {
  if (path === STANDARD_INPUT) return unpacked(process.stdin, nameOf(path));
  try {
    const file = await open(path);
    // The handle closes itself when the stream is read or left.
    if (!(await file.stat()).isDirectory()) {
      return unpacked(file.createReadStream({ highWaterMark: CHUNK_BYTES }), path);
    }
    await file.close();
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new InputError(`Cannot read ${path}: it is a directory`);
}

/** What to call it in a message. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

async function* unpacked(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    const { start, rest } = await peek(source);
    const isGzip = start[0] === 0x1f && start[1] === 0x8b;
    const whole = joined(start, rest);
    yield* isGzip ? gunzipped(whole) : whole;
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The first two bytes at least, where there are two. */
async function peek(source: AsyncIterable<Buffer>): Promise<{ start: Buffer; rest: AsyncIterator<Buffer> }> {
  const rest = source[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await rest.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  return { start, rest };
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/**
 * Takes what each chunk unpacks to before it hands the next one over. To iterate the stream itself would lose what it
 * still holds when it fails, as it does at the end of a file that was cut off.
 */
async function* gunzipped(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let ready: Buffer[] = [];
  let failure: Error | undefined;
  const failed = new Promise<void>((resolve) => {
    gunzip.on('error', (error) => {
      failure = error;
      resolve();
    });
  });
  gunzip.on('data', (data: Buffer) => ready.push(data));
  const take = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of inParts(source, GZIP_CHUNK_BYTES)) {
    // A write that fails is never answered.
    await Promise.race([new Promise<unknown>((resolve) => gunzip.write(chunk, resolve)), failed]);
    yield* take();
    if (failure) throw failure;
  }
  gunzip.end();
  await Promise.race([once(gunzip, 'end').catch(() => failed), failed]);
  yield* take();
  if (failure) throw failure;
}

async function* inParts(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  for await (const chunk of source)
    for (let start = 0; start < chunk.length; start += bytes) yield chunk.subarray(start, start + bytes);
}

function unreadable(name: string, error: unknown): InputError {
  return new InputError(`Cannot read ${name}: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    case 'Z_BUF_ERROR':
      return 'its gzip data is cut off';
    case 'Z_DATA_ERROR':
      return 'its gzip data is damaged';
    default:
      return error.message;
  }
}

import { InputError } from './input.ts';

export interface Line {
  /** Counted from 1. */
  number: number;
  /** The bytes without the newline; absent where they are more than was asked for. */
  data?: Buffer;
  /** How many bytes the line has. */
  bytes: number;
}

const NEWLINE = 0x0a;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * Splits bytes into lines, the last one with or without a newline; a byte order mark is left out. Of a line that is
 * longer than `most` only its length is kept, so that no input takes more memory than that.
 * @throws InputError for UTF-16, and what the source throws; what was a part of a line then is no line.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Line> {
  const current = new CurrentLine(most);
  for await (const chunk of withoutMark(chunks)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      current.add(chunk.subarray(start, end));
      yield current.end();
      start = end + 1;
    }
    current.add(chunk.subarray(start));
  }
  if (current.bytes > 0) yield current.end();
}

class CurrentLine {
  bytes = 0;
  #number = 0;
  #parts: Buffer[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    this.bytes += part.length;
    if (this.bytes <= this.#most) this.#parts.push(part);
    else this.#parts = [];
  }

  end(): Line {
    const { bytes } = this;
    const [only = Buffer.alloc(0), ...more] = this.#parts;
    this.#number += 1;
    this.#parts = [];
    this.bytes = 0;
    if (bytes > this.#most) return { number: this.#number, bytes };
    return { number: this.#number, bytes, data: more.length === 0 ? only : Buffer.concat([only, ...more]) };
  }
}

/** Looks at the first three bytes, however they come. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < UTF8_MARK.length) continue;
    yield unmarked(start);
    start = undefined;
  }
  if (start !== undefined) yield unmarked(start);
}

function unmarked(start: Buffer): Buffer {
  if (UTF16_MARKS.some((mark) => start.subarray(0, mark.length).equals(mark))) {
    throw new InputError('The text is UTF-16: save it as UTF-8');
  }
  return start.subarray(0, UTF8_MARK.length).equals(UTF8_MARK) ? start.subarray(UTF8_MARK.length) : start;
}

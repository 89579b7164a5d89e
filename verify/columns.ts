/** Columns of a million values: in buffers outside of the heap, so that nothing collects, moves or boxes them. */

/** Rows of a buffer: a column grows by one buffer after the other, and is never copied. */
const bits = 16;
const rows = 2 ** bits;
const chunkBytes = 2 ** 20;
/** A longer text, and one that is not ASCII, is kept as it is. */
const mostInBytes = 255;

const decoder = new TextDecoder();
const none = new Uint8Array();

type Numbers = Int32Array | Float64Array;

/** Numbers by row, from 0. */
export class NumberColumn {
  readonly #make: () => Numbers;
  readonly #chunks: Numbers[] = [];
  #length = 0;

  /** @param kind 'int32', or 'float64' for any safe integer */
  constructor(kind: 'int32' | 'float64') {
    this.#make = () => (kind === 'int32' ? new Int32Array(rows) : new Float64Array(rows));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length % rows === 0) this.#chunks.push(this.#make());
    this.#length += 1;
    this.set(this.#length - 1, value);
  }

  set(row: number, value: number): void {
    const chunk = this.#chunks[row >>> bits];
    if (chunk !== undefined) chunk[row % rows] = value;
  }

  at(row: number): number {
    return this.#chunks[row >>> bits]?.[row % rows] ?? 0;
  }
}

/** Texts by row, from 0. */
export class TextColumn {
  readonly #chunks: Uint8Array[] = [];
  /** Where each begins: its length, then its bytes. */
  readonly #starts = new NumberColumn('float64');
  readonly #others = new Map<number, string>();
  /** Behind the last text, counted over all chunks. */
  #end = 0;

  get length(): number {
    return this.#starts.length;
  }

  push(text: string): void {
    const start = this.#end % chunkBytes;
    if (text.length > mostInBytes) this.#pushOther(text);
    // The end is in a chunk, always.
    else if (this.#chunks.length === 0 || start + 1 + text.length >= chunkBytes) {
      this.#end = this.#chunks.length * chunkBytes;
      this.#chunks.push(new Uint8Array(chunkBytes));
      this.push(text);
    } else if (!write(text, this.#chunkOf(this.#end), start)) this.#pushOther(text);
    else {
      this.#starts.push(this.#end);
      this.#end += 1 + text.length;
    }
  }

  at(row: number): string {
    const start = this.#starts.at(row);
    if (start < 0) return this.#others.get(row) ?? '';
    const chunk = this.#chunkOf(start);
    const from = (start % chunkBytes) + 1;
    return decoder.decode(chunk.subarray(from, from + (chunk[from - 1] ?? 0)));
  }

  is(row: number, text: string): boolean {
    const start = this.#starts.at(row);
    if (start < 0) return this.#others.get(row) === text;
    const chunk = this.#chunkOf(start);
    const from = (start % chunkBytes) + 1;
    if (chunk[from - 1] !== text.length) return false;
    for (let index = 0; index < text.length; index += 1)
      if (chunk[from + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  #chunkOf(start: number): Uint8Array {
    return this.#chunks[Math.floor(start / chunkBytes)] ?? none;
  }

  #pushOther(text: string): void {
    this.#others.set(this.#starts.length, text);
    this.#starts.push(-1);
  }
}

/** Its length and its bytes. @returns whether it is ASCII */
function write(text: string, bytes: Uint8Array, start: number): boolean {
  bytes[start] = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 127) return false;
    bytes[start + 1 + index] = unit;
  }
  return true;
}

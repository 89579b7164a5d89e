/** A sheet as it comes: a million entries are a hundred megabytes, which nobody keeps. */

/** Larger than any draw's sheet. Whoever sends without end is not listened to for ever. */
const mostBytes = 1_000_000_000;

/** Why there is no sheet to check. */
export class NoSheet extends Error {}

export interface SheetStream {
  /** Absent where the server does not say, or packs what it sends. */
  readonly total: number | undefined;
  readonly chunks: AsyncGenerator<Uint8Array>;
}

/** @param onBytes told how many came so far @throws NoSheet */
export async function openSheet(url: string, onBytes: (bytes: number) => void): Promise<SheetStream> {
  const response = await fetch(url, { cache: 'no-store' }).catch(() => {
    throw new NoSheet('The sheet of this draw cannot be fetched: there is no connection.');
  });
  if (!response.ok || response.body === null)
    throw new NoSheet(`The sheet of this draw cannot be fetched: the server says ${response.status}.`);
  const length = Number(response.headers.get('content-length'));
  const isPlain = response.headers.get('content-encoding') === null;
  return { total: isPlain && length > 0 ? length : undefined, chunks: chunksOf(response.body, onBytes) };
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new NoSheet('The connection broke before the whole sheet was here.');
      });
      if (done) return;
      bytes += value.length;
      if (bytes > mostBytes) throw new NoSheet('The sheet is larger than 1 GB: npm run verify checks it.');
      onBytes(bytes);
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** The first line apart, and all of it again: the prize stands there whole. */
export async function withFirstLine(chunks: AsyncGenerator<Uint8Array>) {
  const held: Uint8Array[] = [];
  const decoder = new TextDecoder();
  let first = '';
  while (!first.includes('\n') && first.length < longestHead) {
    const { done, value } = await chunks.next();
    if (done) break;
    held.push(value);
    first += decoder.decode(value, { stream: true });
  }
  async function* all() {
    yield* held;
    yield* chunks;
  }
  return { first: first.split('\n', 1)[0] ?? '', chunks: all() };
}

const longestHead = 200_000;

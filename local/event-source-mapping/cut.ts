/** A record that was read, as far as a batch's limits ask. */
interface Sized {
  /** Of its JSON in the payload. */
  bytes: number;
  /** ms since the epoch. */
  arrivalMs: number;
}

export interface BatchCut {
  count: number;
  /** It cannot grow: full, at the payload's limit, or a record of a later window is next. */
  complete: boolean;
  /** A record of a later window is next. */
  atBorder: boolean;
}

/** How many records of the queue's start make a batch. At least one, however large. `windowEnd` in ms. */
export function take(queue: readonly Sized[], batchSize: number, room: number, windowEnd?: number): BatchCut {
  let bytes = 0;
  let count = 0;
  for (const item of queue) {
    if (count === batchSize) return { count, complete: true, atBorder: isBeyond(item, windowEnd) };
    if (isBeyond(item, windowEnd)) return { count, complete: true, atBorder: true };
    bytes += item.bytes + 1; // a comma
    if (count > 0 && bytes > room) return { count, complete: true, atBorder: false };
    count += 1;
  }
  return { count, complete: count === batchSize, atBorder: false };
}

const isBeyond = (item: Sized, windowEnd: number | undefined): boolean =>
  windowEnd !== undefined && item.arrivalMs >= windowEnd;

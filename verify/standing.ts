/** What becomes of each entry that has a receipt: one pass over all of them. */
import { isLower } from './bytes.ts';
import type { Entry } from './entries.ts';
import { priorityBytes } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { Tally } from './lines.ts';
import { drawSeedOf } from './seeds.ts';
import { sheetOf } from './sheets.ts';
import { misplaced } from './windows.ts';

export type Standing = {
  /** Entries that are not in the draw's sheet, and were not refunded. */
  readonly leftOut: EntryTally;
  /** Entries with a lower priority than the winner's, where no sheet says which took part. */
  readonly better: EntryTally;
};

export class EntryTally {
  readonly #lines = new Tally();
  first: Entry | undefined;

  add(entry: Entry): void {
    this.first ??= entry;
    this.#lines.add(entry.line);
  }

  get others(): string {
    return this.#lines.others;
  }

  get count(): number {
    return this.#lines.count;
  }
}

/** Says of each click whether it is in the right window, and of each draw which entries it passed over. */
export function standingsOf(ledger: Ledger): Map<Draw, Standing> {
  const drawings = new Map([...ledger.draws.values()].map((draw) => [draw, drawingOf(draw, ledger)]));
  for (const entry of ledger.entries.all()) {
    const drawing = drawings.get(entry.draw);
    if (drawing === undefined) continue;
    const reason = drawing.start && misplaced(entry, drawing.start);
    if (reason !== undefined) ledger.findings.fail(entry.draw.drawId, reason);
    const { refunds } = entry.draw;
    if (refunds.size > 0 && refunds.has(entry.entryId)) continue;
    if (drawing.sheet !== undefined) {
      if (entry.sheet !== drawing.sheet) drawing.leftOut.add(entry);
    } else if (isBetter(entry, drawing)) drawing.better.add(entry);
  }
  return drawings;
}

type Drawing = ReturnType<typeof drawingOf>;

function drawingOf(draw: Draw, ledger: Ledger) {
  const { winner } = draw;
  const sheet = sheetOf(draw);
  const seed = winner && drawSeedOf(draw, ledger);
  return {
    ...{ leftOut: new EntryTally(), better: new EntryTally(), start: ledger.starts.get(runLabel(draw)) },
    sheet: sheet?.hash === undefined ? undefined : sheet.number,
    seed,
    lowest: winner && seed !== undefined ? priorityBytes(seed, winner.entryId) : undefined,
  };
}

function isBetter({ entryId }: Entry, { seed, lowest }: Drawing): boolean {
  return seed !== undefined && lowest !== undefined && isLower(priorityBytes(seed, entryId), lowest);
}

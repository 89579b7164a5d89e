import type { Entry } from './block.ts';
import type { ClosedDraw } from './closed-draw.ts';
import type { StoredDraw, Winner } from './draw.ts';
import { priorityBytes, priorityHex } from './fairness.ts';

/**
 * A draw's sheet (docs/fairness.md): everything that it was made of, as JSON lines. The first one says what was drawn; then
 * comes one for each block, in the order of the roots. It is the same whoever writes it, and named by its SHA-256.
 */

/** What a draw knows before its sheet has a name. */
export type DrawnDraw = Omit<StoredDraw, 'sheet'>;

/**
 * Takes a draw's entries block by block, so that a window of a million is in memory once, as the text that its sheet has
 * of it: who wins, and how many they are.
 */
export class EntriesTally {
  readonly #drawSeed: string;
  /** Of the distinct entries: 32 characters each, where an id has twice as many. */
  readonly #priorities = new Set<string>();
  readonly #lines: Buffer[] = [];
  #best: { readonly entry: Entry; readonly bytes: string } | undefined;

  /** @param drawSeed hex */
  constructor(drawSeed: string) {
    this.#drawSeed = drawSeed;
  }

  /** In the order of the roots. */
  add(root: string, entries: readonly Entry[]): void {
    this.#lines.push(Buffer.from(`{"root":"${root}","entries":${JSON.stringify(entries)}}\n`));
    for (const entry of entries) {
      const bytes = priorityBytes(this.#drawSeed, entry[0]);
      this.#priorities.add(bytes);
      if (this.#best === undefined || bytes < this.#best.bytes) this.#best = { entry, bytes };
    }
  }

  /** How many entries took part, each once, in however many blocks it is. */
  get entries(): number {
    return this.#priorities.size;
  }

  /** The sheet's lines of the blocks. */
  get lines(): readonly Buffer[] {
    return this.#lines;
  }

  /** The entry with the lowest priority. @throws RangeError without entries */
  winner(): Winner {
    if (this.#best === undefined) throw new RangeError('A draw without entries');
    const { entry, bytes } = this.#best;
    return { entryId: entry[0], userId: entry[1], priority: priorityHex(bytes) };
  }
}

/** The first line of a sheet. */
export function sheetHead(
  { windowSeedCommitment, closedAt, beacon: closedWith }: ClosedDraw,
  draw: DrawnDraw,
): Buffer {
  const { drawId, lotteryId, run, windowStart, windowEnd, windowRoot, windowSeed, winner, prize } = draw;
  const head = {
    ...{ type: 'DrawSheet', drawId, lotteryId, run, windowStart, windowEnd },
    ...{ entries: draw.entries, blocks: draw.blocks.length },
    ...{ windowRoot, windowSeed, windowSeedCommitment, closedAt },
    ...(closedWith && { chainHash: closedWith.chain.chainHash }),
    ...(draw.beacon && { round: draw.beacon.round, beaconSignature: draw.beacon.signature }),
    winner: { entryId: winner.entryId, userId: winner.userId, priority: winner.priority },
    ...(prize !== undefined && { prize }),
  };
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

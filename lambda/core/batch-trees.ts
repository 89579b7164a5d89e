import type { Entry } from './block.ts';
import { leafHash, leafOfHash, type MerkleTree, merkleTree } from './merkle.ts';
import type { Receipt, TreePlace } from './receipt.ts';

/** The tree of a draw's entries in one block, in their order. @throws RangeError without entries */
export function entriesTree(drawId: string, entries: readonly Entry[]): MerkleTree {
  return treeOf({ drawId, entries: entries.map(entryJson) });
}

/**
 * An entry's JSON behind the bracket that begins it: what its block and its leaf have in common, which is written once.
 * `JSON.stringify` of an array takes four times as long.
 */
export function entryJson([entryId, userId]: Entry): string {
  return `${JSON.stringify(entryId)},${JSON.stringify(userId)}]`;
}

/** The entries of one draw in a batch. */
export interface DrawEntries {
  readonly drawId: string;
  /** `entryJson` of each. */
  readonly entries: readonly string[];
}

/** A leaf is the JSON of [draw, entry, user]. */
function treeOf({ drawId, entries }: DrawEntries): MerkleTree {
  const start = `[${JSON.stringify(drawId)},`;
  return merkleTree(entries.map((entry) => leafHash(start + entry)));
}

interface DrawTree {
  readonly drawId: string;
  readonly tree: MerkleTree;
  /** Where its root stands in the batch; absent where it is the only one. */
  readonly batch?: TreePlace;
}

/** The trees of a batch: one for each of its draws, and one over their roots, which is signed. */
export class BatchTrees {
  /** Hex. */
  readonly batchRoot: string;
  readonly #byDraw: ReadonlyMap<string, DrawTree>;
  /** The draw of the last receipt: that of the next one too, but for one in thousands. */
  #last: DrawTree | undefined;

  /** @param draws one at least, each once, none without entries */
  constructor(draws: readonly DrawEntries[]) {
    const trees = draws
      .toSorted((left, right) => (left.drawId < right.drawId ? -1 : 1))
      .map((draw) => ({ drawId: draw.drawId, tree: treeOf(draw) }));
    const batch = merkleTree(trees.map(({ tree }) => leafOfHash(tree.root)));
    this.batchRoot = batch.root;
    this.#byDraw = new Map(
      trees.map((draw, index) => [
        draw.drawId,
        { ...draw, ...(trees.length > 1 && { batch: placeIn(batch, index) }) },
      ]),
    );
  }

  /** Of the draw's entries. Hex. @throws RangeError when the batch has none of it */
  rootOf(drawId: string): string {
    return this.#treeOf(drawId).tree.root;
  }

  /**
   * @param index of the entry among those of its draw @param signature over the batch's root
   * @throws RangeError when it is none of the batch's entries
   */
  receiptOf(drawId: string, index: number, signature: string): Receipt {
    const { tree, batch } = this.#treeOf(drawId);
    if (!(index < tree.size)) throw new RangeError(`The batch has no entry ${index} of draw ${drawId}`);
    const place = { root: tree.root, index, size: tree.size, path: tree.pathOf(index) };
    return batch === undefined ? { ...place, signature } : { ...place, batch, signature };
  }

  #treeOf(drawId: string): DrawTree {
    if (this.#last?.drawId === drawId) return this.#last;
    const draw = this.#byDraw.get(drawId);
    if (draw === undefined) throw new RangeError(`The batch has no entry of draw ${drawId}`);
    this.#last = draw;
    return draw;
  }
}

function placeIn(tree: MerkleTree, index: number): TreePlace {
  return { index, size: tree.size, path: tree.pathOf(index) };
}

/** Merkle trees as in RFC 6962, section 2.1. A hash is 32 bytes; a path has the other child of each level, from the leaf up. */
import { hashOf, hexToBytes, sameBytes, textHash } from './bytes.ts';

/** A tree of more leaves is refused: far more than a batch can have. */
export const mostLeaves = 2 ** 30;

const pair = new Uint8Array(65).fill(1);
const single = new Uint8Array(33);

/** @param data as UTF-8 */
export function leafHash(data: string): Uint8Array {
  return textHash(data, 0);
}

/** The leaf whose data is a hash. */
export function leafOfHash(hash: Uint8Array): Uint8Array {
  single.set(hash, 1);
  return hashOf(single);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 33);
  return hashOf(pair);
}

/** @param leaves one at least */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, index) => parent(below, index));
  }
  const [root] = level;
  if (root === undefined) throw new RangeError('A tree without leaves');
  return root;
}

/** An odd one out at the end moves up as it is. */
function parent(level: readonly Uint8Array[], index: number): Uint8Array {
  const [left, right] = [level[2 * index], level[2 * index + 1]];
  if (left === undefined) throw new RangeError('No such node');
  return right === undefined ? left : nodeHash(left, right);
}

/** Over hashes, ascending, each as the data of a leaf. @param hashes hex, distinct, one at least */
export function rootOfHashes(hashes: readonly string[]): Uint8Array {
  return rootOf(hashes.toSorted().map((hash) => leafOfHash(hexToBytes(hash))));
}

export type Place = { index: number; size: number; path: Uint8Array };

/** How many bytes the path of a leaf has. */
export function pathBytes(index: number, size: number): number {
  let hashes = 0;
  for (let [position, width] = [index, size]; width > 1; [position, width] = up(position, width)) {
    if (hasSibling(position, width)) hashes += 1;
  }
  return 32 * hashes;
}

function hasSibling(position: number, width: number): boolean {
  return (position ^ 1) < width;
}

function up(position: number, width: number): [number, number] {
  return [position >> 1, Math.ceil(width / 2)];
}

/** Where a leaf leads, by a path of the right length, or longer. */
export function rootFrom(leaf: Uint8Array, { index, size, path }: Place): Uint8Array {
  let node = leaf;
  let at = 0;
  for (let [position, width] = [index, size]; width > 1; [position, width] = up(position, width)) {
    if (!hasSibling(position, width)) continue;
    const sibling = path.subarray(at, at + 32);
    at += 32;
    node = position % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node);
  }
  return node;
}

/**
 * A tree of which only the root is given. What is found to lead to it is kept, so that a thousand paths of one tree cost not
 * ten thousand hashes but two thousand. Nodes are numbered as in a heap: the root is 1, the children of n are 2n and 2n + 1.
 */
export class ProvenTree {
  readonly #size: number;
  /** The heap's number of the first leaf. */
  readonly #leaves: number;
  readonly #nodes: Map<number, Uint8Array>;

  constructor(root: Uint8Array, size: number) {
    this.#size = size;
    this.#leaves = 2 ** Math.ceil(Math.log2(size));
    this.#nodes = new Map([[1, root]]);
  }

  /** Whether a leaf leads to the root. @param path of the right length, or longer; it may be used again */
  proves(leaf: Uint8Array, index: number, path: Uint8Array): boolean {
    const fresh: [number, Uint8Array][] = [];
    let node = leaf;
    let isKnown = false;
    let at = 0;
    for (let [position, width, first] = [index, this.#size, this.#leaves]; ; first /= 2) {
      const known: Uint8Array | undefined = isKnown ? undefined : this.#nodes.get(first + position);
      if (known !== undefined && !sameBytes(known, node)) return false;
      isKnown ||= known !== undefined;
      if (!isKnown) fresh.push([first + position, node]);
      if (width === 1) break;
      if (hasSibling(position, width)) {
        const number = first + (position ^ 1);
        // What is known has a known sibling, up to the root.
        if (isKnown && !isAt(this.#nodes.get(number), path, at)) return false;
        if (!isKnown) {
          const sibling = path.slice(at, at + 32);
          fresh.push([number, sibling]);
          node = position % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node);
        }
        at += 32;
      }
      [position, width] = up(position, width);
    }
    for (const [number, hash] of fresh) this.#nodes.set(number, hash);
    return true;
  }
}

function isAt(hash: Uint8Array | undefined, path: Uint8Array, start: number): boolean {
  if (hash === undefined) return false;
  for (let index = 0; index < 32; index += 1) if (hash[index] !== path[start + index]) return false;
  return true;
}

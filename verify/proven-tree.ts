/** Paths that lead to one root: what was found to lead there is kept, so that a thousand paths cost not ten thousand hashes but two thousand. */
import { sameBytes } from './bytes.ts';
import { hasSibling, nodeHash, rootFrom } from './merkle.ts';

/** Trees of more leaves are not kept: a batch has 10,000 records at most, and memory is not to be had for naming a size. */
const mostKept = 2 ** 14;
/**
 * Nodes are kept from the path on with which so many of a tree's leaves have one that was proven: to make room for all of them takes as
 * long as to follow some paths, and where receipts are in no order each may be the only one while its tree is known.
 */
const leavesAPath = 256;

const none = new Uint8Array();

/**
 * A tree of which only the root is given. Nodes are numbered as in a heap: the root is 1, the children of n are 2n and
 * 2n + 1. Of what is known the sibling is known as well, and all above it.
 */
export class ProvenTree {
  readonly #root: Uint8Array;
  readonly #size: number;
  /** The heap's number of the first leaf; 0 while nothing is kept. */
  #leaves = 0;
  /** By number, 32 bytes each; what is not known may be anything. */
  #hashes: Uint8Array = none;
  #isKnown: Uint8Array = none;
  /** How many paths led here while nothing was kept. */
  #proven = 0;

  constructor(root: Uint8Array, size: number) {
    this.#root = root;
    this.#size = size;
  }

  /** Whether a leaf leads to the root. @param path of the right length, or longer; it may be used again */
  proves(leaf: Uint8Array, index: number, path: Uint8Array): boolean {
    if (this.#leaves === 0) return this.#provesAlone(leaf, index, path);
    const top = this.#climb(leaf, index, path);
    if (top === 0 || !this.#goesOn(index, path, top)) return false;
    for (let number = this.#leaves + index; number > top; number >>= 1) {
      this.#isKnown[number] = 1;
      this.#isKnown[number ^ 1] = 1;
    }
    return true;
  }

  #provesAlone(leaf: Uint8Array, index: number, path: Uint8Array): boolean {
    if (!sameBytes(rootFrom(leaf, { index, size: this.#size, path }), this.#root)) return false;
    this.#proven += 1;
    if (this.#size <= mostKept && this.#proven * leavesAPath >= this.#size) this.#keep();
    return true;
  }

  #keep(): void {
    this.#leaves = 2 ** Math.ceil(Math.log2(this.#size));
    this.#hashes = new Uint8Array(64 * this.#leaves);
    this.#isKnown = new Uint8Array(2 * this.#leaves);
    this.#put(1, this.#root);
    this.#isKnown[1] = 1;
  }

  /** Up to what is known. @returns that node's number; 0 where the path leads elsewhere */
  #climb(leaf: Uint8Array, index: number, path: Uint8Array): number {
    let node = leaf;
    let number = this.#leaves + index;
    let position = index;
    let width = this.#size;
    for (let at = 0; this.#isKnown[number] !== 1; number >>= 1) {
      this.#put(number, node);
      if (hasSibling(position, width)) {
        const sibling = path.subarray(at, at + 32);
        this.#put(number ^ 1, sibling);
        node = position % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node);
        at += 32;
      }
      position >>= 1;
      width = Math.ceil(width / 2);
    }
    return this.#isAt(number, node, 0) ? number : 0;
  }

  /** Whether a path has, from a known node on, the siblings that are known. */
  #goesOn(index: number, path: Uint8Array, top: number): boolean {
    let number = this.#leaves + index;
    let position = index;
    for (let at = 0, width = this.#size; width > 1; width = Math.ceil(width / 2)) {
      if (hasSibling(position, width)) {
        if (number <= top && !this.#isAt(number ^ 1, path, at)) return false;
        at += 32;
      }
      number >>= 1;
      position >>= 1;
    }
    return true;
  }

  #put(number: number, hash: Uint8Array): void {
    this.#hashes.set(hash, 32 * number);
  }

  #isAt(number: number, bytes: Uint8Array, start: number): boolean {
    const hashes = this.#hashes;
    for (let index = 0; index < 32; index += 1)
      if (hashes[32 * number + index] !== bytes[start + index]) return false;
    return true;
  }
}

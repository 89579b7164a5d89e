/** Merkle trees as in RFC 6962, section 2.1. A hash is 32 bytes; a path has the other child of each level, from the leaf up. */
import { hexToBytes, textHash } from './bytes.ts';
import { messageRoom, sha256 } from './sha256.ts';

/** A tree of more leaves is refused: far more than a batch can have. */
export const mostLeaves = 2 ** 30;

/** @param data as UTF-8 */
export function leafHash(data: string): Uint8Array {
  return textHash(data, 0);
}

/** The leaf whose data is a hash. */
export function leafOfHash(hash: Uint8Array): Uint8Array {
  const message = messageRoom(33);
  message[0] = 0;
  message.set(hash, 1);
  return sha256(33);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const message = messageRoom(65);
  message[0] = 1;
  message.set(left, 1);
  message.set(right, 33);
  return sha256(65);
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

export function hasSibling(position: number, width: number): boolean {
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

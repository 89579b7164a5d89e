import { hash } from 'node:crypto';

/**
 * Merkle trees as in RFC 6962, section 2.1: a leaf's hash is SHA-256(0x00 ‖ data), a node's SHA-256(0x01 ‖ left ‖ right),
 * and a tree of n leaves is split at the largest power of two below n.
 */

/** 32 bytes, each as a character: Node makes one in 0.5 µs, and a buffer of the same hash in 3. */
export type HashBytes = string;

const hashBytes = 32;

/** @param data as UTF-8 */
export function leafHash(data: string): HashBytes {
  return hash('sha256', `\0${data}`, 'binary');
}

/** The leaf of a hash that is itself data: its 32 bytes. @param hex 64 digits */
export function leafOfHash(hex: string): HashBytes {
  const data = Buffer.alloc(33);
  data.write(hex, 1, 'hex');
  return hash('sha256', data, 'binary');
}

/** All nodes of a tree, so that each leaf's path costs no further hash. */
export interface MerkleTree {
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly root: string;
  /** From the leaf to the root, the other child at each level: 32 bytes each, in base64url. */
  pathOf(index: number): string;
}

/** @param leaves their hashes; one at least @throws RangeError without a leaf */
export function merkleTree(leaves: readonly HashBytes[]): MerkleTree {
  // Level by level, where an odd one out moves up as it is: the same tree as by halves.
  const levels: (readonly HashBytes[])[] = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = parentsOf(level);
  const top = levels.at(-1)?.[0];
  if (top === undefined) throw new RangeError('A tree without leaves');
  const root = Buffer.from(top, 'latin1').toString('hex');
  return { size: leaves.length, root, pathOf: (index) => pathIn(levels, index) };
}

function parentsOf(level: readonly HashBytes[]): HashBytes[] {
  const parents: HashBytes[] = [];
  const pair = Buffer.alloc(65, 1);
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]];
    if (left === undefined) break;
    if (right === undefined) {
      parents.push(left);
      break;
    }
    pair.write(left, 1, 'latin1');
    pair.write(right, 33, 'latin1');
    parents.push(hash('sha256', pair, 'binary'));
  }
  return parents;
}

function pathIn(levels: readonly (readonly HashBytes[])[], leaf: number): string {
  // The top has no other child beside it.
  const path = Buffer.allocUnsafe(hashBytes * levels.length);
  let length = 0;
  let index = leaf;
  for (const level of levels) {
    const sibling = level[index ^ 1];
    if (sibling !== undefined) length += path.write(sibling, length, 'latin1');
    index >>= 1;
  }
  return path.toString('base64url', 0, length);
}

/** RFC 6962 over hashes in ascending order, each as the data of a leaf. @param hashes hex, distinct */
export function rootOfHashes(hashes: readonly string[]): string {
  return merkleTree(hashes.toSorted().map(leafOfHash)).root;
}

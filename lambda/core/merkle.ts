import { hash } from 'node:crypto';

/**
 * Merkle trees as in RFC 6962, section 2.1: a leaf's hash is SHA-256(0x00 ‖ data), a node's SHA-256(0x01 ‖ left ‖ right),
 * and a tree of n leaves is split at the largest power of two below n. Hashes are 32 bytes.
 */

/** @param data as UTF-8 */
export function leafHash(data: string): Buffer {
  return hash('sha256', `\0${data}`, 'buffer');
}

/** The leaf of a hash that is itself data: its 32 bytes. @param hex 64 digits */
export function leafOfHash(hex: string): Buffer {
  const data = Buffer.alloc(33);
  data.write(hex, 1, 'hex');
  return hash('sha256', data, 'buffer');
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
export function merkleTree(leaves: readonly Buffer[]): MerkleTree {
  // Level by level, where an odd one out moves up as it is: the same tree as by halves.
  const levels: (readonly Buffer[])[] = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = parentsOf(level);
  const top = levels.at(-1)?.[0];
  if (top === undefined) throw new RangeError('A tree without leaves');
  return { size: leaves.length, root: top.toString('hex'), pathOf: (index) => pathIn(levels, index) };
}

function parentsOf(level: readonly Buffer[]): Buffer[] {
  const parents: Buffer[] = [];
  const pair = Buffer.alloc(65, 1);
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]];
    if (left === undefined) break;
    if (right === undefined) {
      parents.push(left);
      break;
    }
    left.copy(pair, 1);
    right.copy(pair, 33);
    parents.push(hash('sha256', pair, 'buffer'));
  }
  return parents;
}

function pathIn(levels: readonly (readonly Buffer[])[], leaf: number): string {
  const path: Buffer[] = [];
  let index = leaf;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[index ^ 1];
    if (sibling !== undefined) path.push(sibling);
    index >>= 1;
  }
  return Buffer.concat(path).toString('base64url');
}

/** RFC 6962 over hashes in ascending order, each as the data of a leaf. @param hashes hex, distinct */
export function rootOfHashes(hashes: readonly string[]): string {
  return merkleTree(hashes.toSorted().map(leafOfHash)).root;
}

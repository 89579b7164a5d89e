import { hash } from 'node:crypto';

/** Merkle trees as in RFC 6962, section 2.1, by halves as it says it; hashes as Buffers. */

const sha256 = (...parts: readonly Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');

export const leafOf = (data: Uint8Array): Buffer => sha256(Uint8Array.of(0), data);
const nodeOf = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** @param leaves one at least */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const half = halfOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** The largest power of two below a number. */
function halfOf(size: number): number {
  let half = 1;
  while (2 * half < size) half *= 2;
  return half;
}

/**
 * The root that a leaf leads to from its place in a tree.
 * @param path the other child at each level, from the leaf up
 * @returns undefined where no tree of this size has such a path to that place
 */
export function rootBy(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (!(index >= 0 && index < size)) return undefined;
  if (size === 1) return path.length === 0 ? leaf : undefined;
  const top = path.at(-1);
  if (top === undefined) return undefined;
  const half = halfOf(size);
  const below = path.slice(0, -1);
  const left = index < half ? rootBy(leaf, index, half, below) : top;
  const right = index < half ? top : rootBy(leaf, index - half, size - half, below);
  return left && right && nodeOf(left, right);
}

/** Of the entries of a draw in a block, in their order. Hex. */
export function rootOfEntries(drawId: string, entries: readonly (readonly [string, string])[]): string {
  const leaves = entries.map(([entryId, userId]) => entryLeaf(drawId, entryId, userId));
  return rootOf(leaves).toString('hex');
}

export function entryLeaf(drawId: string, entryId: string, userId: string): Buffer {
  return leafOf(Buffer.from(JSON.stringify([drawId, entryId, userId])));
}

/** Over roots, ascending, each once. Hex. */
export function rootOfRoots(roots: Iterable<string>): string {
  const distinct = [...new Set(roots)].sort();
  return rootOf(distinct.map((root) => leafOf(Buffer.from(root, 'hex')))).toString('hex');
}

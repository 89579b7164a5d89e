import { hash, verify } from 'node:crypto';
import type { Receipt, TreePlace } from '../../lambda/core/receipt.ts';

/** Merkle trees by the text of RFC 6962, section 2.1, and RFC 9162, section 2.1.3.2: slow, and of nobody's code here. */

const sha256 = (...parts: readonly Buffer[]) => hash('sha256', Buffer.concat(parts), 'buffer');

const leafHash = (data: Buffer) => sha256(Buffer.from([0]), data);
const nodeHash = (left: Buffer, right: Buffer) => sha256(Buffer.from([1]), left, right);

/** @param leaves their data, one at least */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  const [first, second] = leaves;
  if (first === undefined) throw new RangeError('A tree without leaves');
  if (second === undefined) return leafHash(first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** The root that a leaf's data leads to from its place. @throws Error when the path is of another length than it must be */
export function rootFrom(data: Buffer, { index, size, path }: TreePlace): Buffer {
  const hashes = hashesOf(path);
  let [position, last] = [index, size - 1];
  let root = leafHash(data);
  for (const hash of hashes) {
    if (last === 0) throw new Error('The path is too long');
    if (position % 2 === 1 || position === last) {
      root = nodeHash(hash, root);
      while (position % 2 === 0 && position > 0) [position, last] = [position >> 1, last >> 1];
    } else root = nodeHash(root, hash);
    [position, last] = [position >> 1, last >> 1];
  }
  if (last !== 0) throw new Error('The path is too short');
  return root;
}

function hashesOf(path: string): Buffer[] {
  const bytes = Buffer.from(path, 'base64url');
  return Array.from({ length: bytes.length / 32 }, (_, n) => bytes.subarray(n * 32, (n + 1) * 32));
}

/** What of a ClickAcceptedEvent its receipt is of. */
export interface ProvenEntry {
  readonly drawId: string;
  readonly entryId: string;
  readonly userId: string;
  readonly receipt: Receipt;
}

/** Where an entry's receipt leads to: the root of its block, as it says and as it is, and that of its batch. Hex. */
export function rootsOf({ drawId, entryId, userId, receipt }: ProvenEntry) {
  const leaf = Buffer.from(JSON.stringify([drawId, entryId, userId]));
  const own = rootFrom(leaf, receipt);
  const alone = { index: 0, size: 1, path: '' };
  const batch = rootFrom(own, receipt.batch ?? alone).toString('hex');
  return { said: receipt.root, block: own.toString('hex'), batch };
}

/** Whether a receipt is of its entry, and signed by the key. @param key SubjectPublicKeyInfo, base64 */
export function isProven(entry: ProvenEntry, key: string): boolean {
  const { said, block, batch } = rootsOf(entry);
  const text = `lottery-streams receipt v1\n${batch}`;
  const spki = { key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' } as const;
  const signature = Buffer.from(entry.receipt.signature, 'base64url');
  return (
    said === block && verify('sha256', Buffer.from(text), { ...spki, dsaEncoding: 'ieee-p1363' }, signature)
  );
}

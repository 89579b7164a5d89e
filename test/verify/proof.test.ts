import { expect, it } from 'vitest';
import { bytesToHex } from '../../verify/bytes.ts';
import { Proofs } from '../../verify/proof.ts';
import { hexOf, pathOf, rootOf, sha256 } from './support/scheme.ts';

const leaves = ['one', 'two', 'three'].map((text) => sha256('\0', text));
const [one, , three] = leaves;
if (one === undefined || three === undefined) throw new Error('no leaves');
const root = hexOf(rootOf(leaves));
const signature = '';
const text = (path: readonly Buffer[]) => Buffer.concat(path).toString('base64url');
const last = { root, index: 2, size: 3, path: text(pathOf(2, leaves)), batch: undefined, signature };
const first = { ...last, index: 0, path: text(pathOf(0, leaves)) };
/** The same hash above the same leaf, in a tree of another size. */
const smaller = { ...last, index: 1, size: 2 };
const elsewhere = { ...last, root: hexOf(one), index: 0, size: 1, path: '' };

/** The batch's root as a tree of two leaves gives it, the block's being the first. */
const batchRootBy = (other: Buffer) => hexOf(sha256('\x01', sha256('\0', Buffer.from(root, 'hex')), other));
const inBatch = (other: Buffer) => ({ ...first, batch: { index: 0, size: 2, path: text([other]) } });

it('follows each path by the size that its receipt names, though others of its root name another one', () => {
  const proofs = new Proofs();
  const led = [
    proofs.rootsOf(three, last),
    proofs.rootsOf(three, smaller),
    proofs.rootsOf(one, elsewhere),
    proofs.rootsOf(three, smaller),
    proofs.rootsOf(three, last),
    proofs.rootsOf(one, first),
  ].map((roots) => roots?.root);
  expect(led).toEqual([root, root, hexOf(one), root, root, root]);
  // At the same place of the other tree there is another leaf, or none.
  expect(proofs.rootsOf(one, { ...last, size: 2, index: 1 })).toBeUndefined();
});

it('leads to the root of its own batch, whatever another receipt of its block says', () => {
  const proofs = new Proofs();
  for (const other of [one, three, one])
    expect(proofs.rootsOf(one, inBatch(other))?.batchRoot).toBe(batchRootBy(other));
  const alone = proofs.rootsOf(one, first)?.batchRoot;
  expect(alone).toBe(bytesToHex(sha256('\0', Buffer.from(root, 'hex'))));
});

it.each([
  ['another character', (path: string) => path.replace(/^./, '!')],
  ['padding', (path: string) => path.replace(/.$/, '=')],
  ['bits behind its last byte', (path: string) => path.replace(/.$/, (end) => successorOf(end))],
])('takes no path that has %s, of an entry or of a block', (_, changed) => {
  const { batch, ...entry } = inBatch(one);
  const proofs = new Proofs();
  expect(proofs.rootsOf(three, { ...last, path: changed(last.path) })).toBeUndefined();
  expect(proofs.rootsOf(one, { ...entry, batch: { ...batch, path: changed(batch.path) } })).toBeUndefined();
  expect(proofs.rootsOf(one, { ...entry, batch })).toBeDefined();
});

/** The character of the next value: of 32 bytes the last one has two bits that are not theirs. */
function successorOf(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}

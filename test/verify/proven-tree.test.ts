import { expect, it } from 'vitest';
import { rootFrom } from '../../verify/merkle.ts';
import { ProvenTree } from '../../verify/proven-tree.ts';
import { pathOf, rootOf, sha256 } from './support/scheme.ts';

/** A path of a tree of so many leaves that nobody could have: its siblings are made up. */
function madeUp(size: number) {
  const path = Buffer.concat(Array.from({ length: Math.log2(size) }, (_, level) => sha256(`${level}`)));
  const leaf = sha256('leaf');
  return { leaf, path, root: rootFrom(leaf, { index: 0, size, path }) };
}

const heldBytes = () => process.memoryUsage().arrayBuffers;

it.each([2, 3, 7, 64, 300, 513])(
  'of %i leaves proves each at its place alone, by its own path, whatever was proven',
  (size) => {
    const leaves = Array.from({ length: size }, (_, index) => sha256(`leaf ${index}`));
    const root = rootOf(leaves);
    const tree = new ProvenTree(root, size);
    const wrong: string[] = [];
    const expectThat = (what: string, proven: boolean, ...[leaf, index, path]: [Buffer, number, Buffer]) => {
      if (tree.proves(leaf, index, path) !== proven) wrong.push(what);
    };
    // Some of them, and both ends; the second time around all of their nodes are known.
    const places = [...leaves.keys()].filter((index) => index % 37 === 0 || index > size - 3);
    for (const index of [...places, ...places]) {
      const leaf = leaves[index] ?? root;
      const path = Buffer.concat(pathOf(index, leaves));
      for (let level = 0; level < path.length / 32; level += 1) {
        const changed = Buffer.from(path);
        changed.writeUInt8(255 - changed.readUInt8(32 * level + (index % 32)), 32 * level + (index % 32));
        expectThat(`leaf ${index}, path changed at ${level}`, false, leaf, index, changed);
      }
      expectThat(`another leaf at ${index}`, false, sha256('another'), index, path);
      expectThat(`leaf ${index}`, true, leaf, index, path);
      if (index > 0) expectThat(`leaf ${index} before its place`, false, leaf, index - 1, path);
    }
    expect(wrong).toEqual([]);
  },
);

it('makes no room for a tree of which few leaves are proven, nor for one that no batch has, however often one is', () => {
  const before = heldBytes();
  const { root, ...given } = madeUp(2 ** 14);
  const few = Array.from({ length: 100 }, () => new ProvenTree(root, 2 ** 14));
  expect(few.every((tree) => tree.proves(given.leaf, 0, given.path))).toBe(true);
  const large = madeUp(2 ** 20);
  const tree = new ProvenTree(large.root, 2 ** 20);
  for (let time = 0; time < 4_100; time += 1) tree.proves(large.leaf, 0, large.path);
  expect(heldBytes() - before).toBeLessThan(20e6);
  expect(few.length).toBe(100);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leafHash, leafOfHash, merkleTree, rootOfHashes } from '../../../lambda/core/merkle.ts';
import { rootFrom, treeHash } from '../../support/merkle.ts';

/** Leaves and roots of trees of 1 to 8 of them, from the tests of Google's certificate-transparency (merkle_tree_test.cc). */
const known = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['\x00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['\x10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['\x20\x21', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['\x30\x31', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['@ABC', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['PQRSTUVW', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['`abcdefghijklmno', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

const treeOf = (data: readonly string[]) => merkleTree(data.map(leafHash));

describe('a tree', () => {
  test.each(known.map(([, root], last) => [last + 1, root] as const))(
    'of %i leaves has the root that is known of it',
    (size, root) => {
      expect(treeOf(known.slice(0, size).map(([leaf]) => leaf))).toMatchObject({ size, root });
    },
  );

  test('is that of the RFC’s text, of whatever leaves, and each leaf’s path leads to its root', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 40 }), (data) => {
        const tree = treeOf(data);
        const leaves = data.map((leaf) => Buffer.from(leaf));
        expect(tree.root).toBe(treeHash(leaves).toString('hex'));
        const roots = leaves.map((leaf, index) =>
          rootFrom(leaf, { index, size: tree.size, path: tree.pathOf(index) }).toString('hex'),
        );
        expect(new Set(roots)).toEqual(new Set([tree.root]));
      }),
      { numRuns: 12 },
    );
  });

  test.each([64, 65, 513, 999, 1_000])('of %i leaves has paths from its ends and from its middle', (size) => {
    const tree = treeOf(Array.from({ length: size }, (_, n) => String(n)));
    for (const index of [0, 1, 7, 8, size >> 1, size - 9, size - 2, size - 1]) {
      const place = { index, size, path: tree.pathOf(index) };
      expect(rootFrom(Buffer.from(String(index)), place).toString('hex')).toBe(tree.root);
    }
  });

  test('of hashes has the 32 bytes of each as a leaf’s data, and does not care for their order', () => {
    const hashes = known.map(([, root]) => root);
    const leaves = hashes.toSorted().map((hash) => Buffer.from(hash, 'hex'));
    expect(rootOfHashes(hashes)).toBe(treeHash(leaves).toString('hex'));
    expect(rootOfHashes(hashes.toReversed())).toBe(rootOfHashes(hashes));
    expect(merkleTree(hashes.toSorted().map(leafOfHash)).root).toBe(rootOfHashes(hashes));
  });

  test('without leaves is none', () => {
    expect(() => merkleTree([])).toThrow('A tree without leaves');
  });
});

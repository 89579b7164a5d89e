/** A receipt's own proof: where the entry stands in the tree of its block, that in the tree of its batch, and a signature. */
import { bytesToHex, decodeBase64url, hexToBytes } from './bytes.ts';
import { FieldError, hex, integer, record, type Source, text } from './fields.ts';
import { leafOfHash, mostLeaves, pathBytes, rootFrom } from './merkle.ts';
import { ProvenTree } from './proven-tree.ts';

/** @property path as base64url, of the right length: its bytes are made when it is followed */
type Place = { index: number; size: number; path: string };

export type Proof = Place & {
  /** Of the block, hex. */
  root: string;
  /** Absent where the block is the batch's only one. */
  batch: Place | undefined;
  /** Base64url of r and s, 32 bytes each. */
  signature: string;
};

/** In base64url: the last character has two bits. */
const sixtyFourBytes = /^[\w-]{85}[AQgw]$/;

/** @throws FieldError */
export function proof(source: Source): Proof {
  const signature = text(source, 'signature');
  if (!sixtyFourBytes.test(signature))
    throw new FieldError('the receipt has a signature that is not 64 bytes in base64url');
  const { index, size, path } = place(source);
  const batch = source.batch === undefined ? undefined : place(record(source, 'batch'));
  return { root: hex(source, 'root'), index, size, path, batch, signature };
}

function place(source: Source): Place {
  const [index, size, path] = [integer(source, 'index'), integer(source, 'size'), text(source, 'path')];
  if (size < 1 || size > mostLeaves || index < 0 || index >= size)
    throw new FieldError(`the receipt has index ${index} in a tree of size ${size}`);
  if (path.length !== Math.ceil((pathBytes(index, size) * 4) / 3))
    throw new FieldError(
      `the receipt has a path that is not the one of index ${index} in a tree of size ${size}`,
    );
  return { index, size, path };
}

/** Trees whose paths may still come, at most: those of one batch come one after the other. */
const treesKept = 32;

/** Hex. The texts are the same ones for all receipts of a block: a million of them are not kept a million times. */
type Roots = { readonly root: string; readonly batchRoot: string };

type Block = {
  readonly root: string;
  readonly size: number;
  readonly tree: ProvenTree;
  /** By the text of the place in its batch. */
  readonly roots: Map<string, Roots>;
};

/** Follows the paths of receipts. */
export class Proofs {
  readonly #blocks = new Map<string, Block>();
  /** Receipts of one block come one after the other. */
  #latest: Block | undefined;
  /** The longest path's. */
  readonly #path = new Uint8Array(pathBytes(0, mostLeaves));

  /** The roots that a receipt leads to; undefined where its path does not lead to the root of its block. */
  rootsOf(leaf: Uint8Array, { root, index, size, path, batch }: Proof): Roots | undefined {
    const block = this.#block(root, size);
    if (!decodeBase64url(path, this.#path) || !block.tree.proves(leaf, index, this.#path)) return undefined;
    const key = batch === undefined ? '' : `${batch.index} ${batch.size} ${batch.path}`;
    const known = block.roots.get(key);
    if (known !== undefined) return known;
    const first = leafOfHash(hexToBytes(root));
    if (batch !== undefined && !decodeBase64url(batch.path, this.#path)) return undefined;
    const batchRoot = batch === undefined ? first : rootFrom(first, { ...batch, path: this.#path });
    const roots = { root: block.root, batchRoot: bytesToHex(batchRoot) };
    block.roots.set(key, roots);
    return roots;
  }

  #block(root: string, size: number): Block {
    if (this.#latest?.root === root && this.#latest.size === size) return this.#latest;
    const key = `${root} ${size}`;
    const known = this.#blocks.get(key);
    const block = known ?? { root, size, tree: new ProvenTree(hexToBytes(root), size), roots: new Map() };
    this.#latest = block;
    if (known !== undefined) return known;
    this.#blocks.set(key, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > treesKept && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }
}

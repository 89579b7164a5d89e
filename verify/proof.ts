/** A receipt's own proof: where the entry stands in the tree of its block, that in the tree of its batch, and a signature. */
import { bytesToHex, fromBase64url, hexToBytes } from './bytes.ts';
import { FieldError, hex, integer, record, type Source, text } from './fields.ts';
import { leafOfHash, mostLeaves, type Place, ProvenTree, pathBytes, rootFrom } from './merkle.ts';

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
  const batch = source.batch === undefined ? undefined : place(record(source, 'batch'));
  return { root: hex(source, 'root'), ...place(source), batch, signature };
}

function place(source: Source): Place {
  const [index, size] = [integer(source, 'index'), integer(source, 'size')];
  if (size < 1 || size > mostLeaves || index < 0 || index >= size)
    throw new FieldError(`the receipt has index ${index} in a tree of size ${size}`);
  const path = fromBase64url(text(source, 'path'));
  if (path?.length !== pathBytes(index, size))
    throw new FieldError(
      `the receipt has a path that is not the one of index ${index} in a tree of size ${size}`,
    );
  return { index, size, path };
}

/** Trees whose paths may still come, at most: those of one batch come one after the other. */
const treesKept = 256;

type Block = {
  tree: ProvenTree /** By the text of the place in its batch. */;
  batchRoots: Map<string, string>;
};

/** Follows the paths of receipts. */
export class Proofs {
  readonly #blocks = new Map<string, Block>();

  /** The root of the batch that a receipt leads to, hex; undefined where its path does not lead to the root of its block. */
  batchRootOf(leaf: Uint8Array, { root, index, size, path, batch }: Proof): string | undefined {
    const block = this.#block(root, size);
    if (!block.tree.proves(leaf, index, path)) return undefined;
    const key = batch === undefined ? '' : `${batch.index} ${batch.size} ${bytesToHex(batch.path)}`;
    const known = block.batchRoots.get(key);
    if (known !== undefined) return known;
    const first = leafOfHash(hexToBytes(root));
    const batchRoot = bytesToHex(batch === undefined ? first : rootFrom(first, batch));
    block.batchRoots.set(key, batchRoot);
    return batchRoot;
  }

  #block(root: string, size: number): Block {
    const key = `${root} ${size}`;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = { tree: new ProvenTree(hexToBytes(root), size), batchRoots: new Map<string, string>() };
    this.#blocks.set(key, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > treesKept && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }
}

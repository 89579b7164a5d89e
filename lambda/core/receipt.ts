/** Where a leaf stands in a Merkle tree: whoever has the leaf can compute the root. */
export interface TreePlace {
  readonly index: number;
  /** How many leaves the tree has. */
  readonly size: number;
  /** From the leaf to the root, the other child at each level: 32 bytes each, in base64url; empty in a tree of one. */
  readonly path: string;
}

/**
 * Proves that a click was accepted for a draw (docs/fairness.md): the leaf SHA-256(0x00 ‖ JSON of [drawId, entryId, userId])
 * leads to the root of its block; that, as the data of a leaf, to the root of its batch; and that one is signed.
 */
export interface Receipt extends TreePlace {
  /** Of the block: the batch's entries of this draw, in their order. Hex. */
  readonly root: string;
  /** Among the batch's blocks, in the order of their draws' ids; absent where there is one. */
  readonly batch?: TreePlace;
  /** ECDSA P-256 with SHA-256 over "lottery-streams receipt v1\n<batch root>": r ‖ s, base64url. */
  readonly signature: string;
}

/**
 * As JSON. Hexadecimal and base64url stand in it as they are: `JSON.stringify` looks for what it has to escape, sign by sign, and
 * a receipt is two thirds of an outcome.
 */
export function receiptJson({ root, index, size, path, batch, signature }: Receipt): string {
  const place = `"root":"${root}","index":${index},"size":${size},"path":"${path}"`;
  const inBatch = batch === undefined ? '' : `,"batch":${JSON.stringify(batch)}`;
  return `{${place}${inBatch},"signature":"${signature}"}`;
}

/** What is signed. @param batchRoot hex */
export function receiptText(batchRoot: string): string {
  return `lottery-streams receipt v1\n${batchRoot}`;
}

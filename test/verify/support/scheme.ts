/**
 * The scheme of docs/fairness.md, written for tests from that page alone: neither the product's code nor the verifier's.
 * Trees are built by halves, as RFC 6962 defines them.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';

export const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
export const unhex = (text: string) => Buffer.from(text, 'hex');

export const hmac = (seed: string, text: string) =>
  createHmac('sha256', unhex(seed)).update(text).digest('hex');

/** Of an entry: its id and its user's, as text. */
export type Pair = readonly [entryId: string, userId: string];

export const leafOf = (drawId: string, [entryId, userId]: Pair) =>
  sha256('\0', JSON.stringify([drawId, entryId, userId]));
const leafOfRoot = (root: string) => sha256('\0', unhex(root));
const nodeOf = (left: Buffer, right: Buffer) => sha256('\x01', left, right);

function split(length: number): number {
  let half = 1;
  while (half * 2 < length) half *= 2;
  return half;
}

export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only, ...more] = leaves;
  if (only === undefined) throw new Error('a tree needs leaves');
  if (more.length === 0) return only;
  const half = split(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

export function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - half, right), rootOf(left)];
}

export const windowRootOf = (roots: readonly string[]) =>
  hexOf(rootOf([...new Set(roots)].sort().map(leafOfRoot)));

const place = (index: number, leaves: readonly Buffer[]) => ({
  ...{ index, size: leaves.length },
  path: Buffer.concat(pathOf(index, leaves)).toString('base64url'),
});

/** A key that signs receipts: of this process, so that no test rests on a certain one. */
export class ReceiptsKey {
  readonly #key = createPrivateKey(
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey,
  );
  readonly #signatures = new Map<string, string>();

  get publicKey(): string {
    return createPublicKey(this.#key).export({ type: 'spki', format: 'der' }).toString('base64');
  }

  sign(batchRoot: string): string {
    const text = `lottery-streams receipt v1\n${batchRoot}`;
    const known = this.#signatures.get(text);
    const signature =
      known ??
      sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    this.#signatures.set(text, signature);
    return signature;
  }
}

export type Block = {
  drawId: string;
  root: string;
  entries: readonly Pair[];
  receipts: Record<string, unknown>[];
};

/** One batch: its entries by draw, each with its receipt. */
export function batchOf(key: ReceiptsKey, draws: Readonly<Record<string, readonly Pair[]>>): Block[] {
  const blocks = Object.entries(draws)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([drawId, entries]) => {
      const leaves = entries.map((entry) => leafOf(drawId, entry));
      return { drawId, entries, leaves, root: hexOf(rootOf(leaves)) };
    });
  const roots = blocks.map(({ root }) => leafOfRoot(root));
  const signature = key.sign(hexOf(rootOf(roots)));
  return blocks.map(({ drawId, entries, leaves, root }, number) => ({
    ...{ drawId, root, entries },
    receipts: entries.map((_, index) => ({
      ...{ root, ...place(index, leaves) },
      ...(blocks.length > 1 && { batch: place(number, roots) }),
      signature,
    })),
  }));
}

/** A drand chain of one's own. */
export class TestChain {
  readonly #secret = Buffer.alloc(32, 7);
  readonly #signatures = new Map<number, string>();
  readonly info = {
    chainHash: hexOf(sha256('a chain for tests')),
    publicKey: bls12_381.shortSignatures.getPublicKey(Buffer.alloc(32, 7)).toHex(true),
    genesisSeconds: 1_600_000_000,
    periodSeconds: 3,
  };

  /** The first round that is 3 s behind both. */
  roundAfter(...times: number[]): number {
    const { genesisSeconds, periodSeconds } = this.info;
    return Math.ceil((Math.max(...times) / 1000 + 3 - genesisSeconds) / periodSeconds) + 1;
  }

  sign(round: number): string {
    const known = this.#signatures.get(round);
    if (known !== undefined) return known;
    const { shortSignatures } = bls12_381;
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(round));
    const message = shortSignatures.hash(sha256(number), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_');
    const signature = shortSignatures.sign(message, this.#secret).toHex(true);
    this.#signatures.set(round, signature);
    return signature;
  }
}

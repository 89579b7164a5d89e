import { createHash, hash } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';

/** Signatures on G1, keys on G2, rounds that do not hang on each other: as of drand's quicknet. */
export const SCHEME = 'bls-unchained-g1-rfc9380';
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
export const BEACON_ID = 'local';
export const PERIOD_SECONDS = 3;
/** Rounds whose signatures are remembered: one takes some 10 ms of a processor. */
const REMEMBERED = 1_000;

const scheme = bls12_381.shortSignatures;

/** What everybody may know of a chain. Hashes and keys in hex. */
export interface ChainInfo {
  readonly chainHash: string;
  readonly publicKey: string;
  /** When its first round is published, seconds since the epoch. */
  readonly genesisSeconds: number;
  readonly periodSeconds: number;
}

export interface Chain {
  readonly info: ChainInfo;
  /** Hex. Also of a round that is still to come: when it may be known is for the caller to decide. */
  signatureOf(round: number): string;
}

/** A number of 1 up to the order of the group, at random. */
export function newSecretKey(): Uint8Array {
  return bls12_381.utils.randomSecretKey();
}

/** A chain with this key, of rounds of 3 s. @throws Error when it is no secret key */
export function chainOf(secretKey: Uint8Array, genesisSeconds: number): Chain {
  const publicKey = publicKeyOf(secretKey);
  const shape = { publicKey, genesisSeconds, periodSeconds: PERIOD_SECONDS };
  const chainHash = chainHashOf({ ...shape, groupHash: groupHashOf(publicKey), beaconId: BEACON_ID });
  const known = new Map<number, string>();
  return {
    info: { chainHash, ...shape },
    signatureOf(round) {
      const signature = known.get(round) ?? sign(round, secretKey);
      if (known.size >= REMEMBERED) known.clear();
      known.set(round, signature);
      return signature;
    },
  };
}

/**
 * As the scheme's own `getPublicKey`, which first makes a table of 2,000 multiples of the generator: for a single key that is six times
 * the work. A copy of the generator has no table, and is multiplied in constant time as well.
 */
function publicKeyOf(secretKey: Uint8Array): string {
  const { Point } = bls12_381.G2;
  const generator = Point.fromAffine(Point.BASE.toAffine());
  return generator.multiply(Point.Fn.fromBytes(secretKey)).toHex();
}

function sign(round: number, secretKey: Uint8Array): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(round));
  const point = scheme.hash(hash('sha256', message, 'buffer'), DOMAIN);
  return Buffer.from(scheme.Signature.toBytes(scheme.sign(point, secretKey))).toString('hex');
}

/** Of a group of one, which has nobody else's keys to be named by. Hex. */
export function groupHashOf(publicKey: string): string {
  return hash('sha256', Buffer.from(publicKey, 'hex'));
}

/** A chain's name, from all that makes it (drand, `Info.Hash`). Hex. */
export function chainHashOf(chain: {
  readonly publicKey: string;
  readonly genesisSeconds: number;
  readonly periodSeconds: number;
  readonly groupHash: string;
  readonly beaconId: string;
}): string {
  const times = Buffer.alloc(12);
  times.writeUInt32BE(chain.periodSeconds, 0);
  times.writeBigInt64BE(BigInt(chain.genesisSeconds), 4);
  return createHash('sha256')
    .update(times)
    .update(Buffer.from(chain.publicKey, 'hex'))
    .update(Buffer.from(chain.groupHash, 'hex'))
    .update(chain.beaconId)
    .digest('hex');
}

/** The last round that is published. @param now ms @returns 0 before the first */
export function roundAt({ genesisSeconds, periodSeconds }: ChainInfo, now: number): number {
  return Math.max(0, Math.floor((now / 1000 - genesisSeconds) / periodSeconds) + 1);
}

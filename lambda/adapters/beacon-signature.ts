import { hash } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { BeaconChain } from '../core/beacon.ts';

const { shortSignatures } = bls12_381;

/** Of drand's scheme bls-unchained-g1-rfc9380: what separates its messages from those of other uses of the curve. */
const domain = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** 48 bytes. In lower case, since it is hashed as text: in both, one signature would give many seeds to choose from. */
const signaturePattern = /^[0-9a-f]{96}$/;

/**
 * Whether the chain signed the round: 30 ms of CPU, the first time 0.2 to 1 s.
 * @param signatureHex whatever somebody gave for it
 */
export function verifyBeacon({ publicKey }: BeaconChain, round: number, signatureHex: string): boolean {
  if (!signaturePattern.test(signatureHex)) return false;
  const message = shortSignatures.hash(messageOf(round), domain);
  try {
    return shortSignatures.verify(Buffer.from(signatureHex, 'hex'), message, Buffer.from(publicKey, 'hex'));
  } catch {
    // No point of the curve, or not in its one form.
    return false;
  }
}

/** SHA-256 of the round's number, 8 bytes, big-endian. */
function messageOf(round: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(round));
  return hash('sha256', bytes, 'buffer');
}

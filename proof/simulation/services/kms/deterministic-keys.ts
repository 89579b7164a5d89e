import { createECDH, createPrivateKey, createPublicKey, hash } from 'node:crypto';
import type { KeyPair } from '../../../../local/kms/key-pair.ts';

/** The order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const CURVE = 'prime256v1';

/** Of each key id, in whichever run. */
const known = new Map<string, KeyPair>();

/**
 * A key pair that its id gives, and whose signatures its messages give: a run would not be the same twice with what
 * Node signs. Whoever checks them sees signatures like any others.
 */
export function deterministicKey(keyId: string): KeyPair {
  const pair = known.get(keyId) ?? pairOf(keyId);
  known.set(keyId, pair);
  return pair;
}

function pairOf(keyId: string): KeyPair {
  const secret = numberBelowOrder(`key ${keyId}`);
  return {
    publicKey: publicKeyOf(secret),
    sign(message) {
      const digest = hash('sha256', message, 'hex');
      const nonce = numberBelowOrder(`nonce ${secret} ${digest}`);
      const r = xOf(nonce) % ORDER;
      const s = (inverse(nonce) * (BigInt(`0x${digest}`) + r * secret)) % ORDER;
      return der(r, s);
    },
  };
}

/** 1 up to the order, without its end. */
function numberBelowOrder(text: string): bigint {
  return (BigInt(`0x${hash('sha512', text, 'hex')}`) % (ORDER - 1n)) + 1n;
}

/** Of so many times the curve's generator. */
function pointOf(factor: bigint): Buffer {
  const point = createECDH(CURVE);
  point.setPrivateKey(bytes32(factor));
  return point.getPublicKey();
}

function xOf(factor: bigint): bigint {
  return BigInt(`0x${pointOf(factor).toString('hex', 1, 33)}`);
}

/** @returns SubjectPublicKeyInfo, DER */
function publicKeyOf(secret: bigint): Buffer {
  const point = pointOf(secret);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const d = bytes32(secret).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' });
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** By the group's order, which is a prime: Euclid's algorithm, extended. */
function inverse(value: bigint): bigint {
  let [left, right] = [ORDER, value];
  let [ofLeft, ofRight] = [0n, 1n];
  while (right !== 0n) {
    const quotient = left / right;
    [left, right] = [right, left - quotient * right];
    [ofLeft, ofRight] = [ofRight, ofLeft - quotient * ofRight];
  }
  return ofLeft < 0n ? ofLeft + ORDER : ofLeft;
}

function bytes32(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** A sequence of two integers, each as short as it can be and never negative. */
function der(...numbers: readonly bigint[]): Buffer {
  const parts = numbers.flatMap((value) => {
    const hex = value.toString(16);
    const even = hex.length % 2 === 0 ? hex : `0${hex}`;
    const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
    return [Buffer.from([0x02, bytes.length]), bytes];
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What a key of the spec ECC_NIST_P256 can do. */
export interface KeyPair {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  /** ECDSA with SHA-256 over the message. @returns DER */
  sign(message: Buffer): Buffer;
}

/** @returns PKCS #8, PEM */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** @throws Error when it is no private key of P-256 */
export function keyPairOf(pem: string): KeyPair {
  const key = createPrivateKey(pem);
  if (!isP256(key)) throw new Error('It is no key of P-256');
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    sign: (message) => sign('sha256', message, key),
  };
}

function isP256({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

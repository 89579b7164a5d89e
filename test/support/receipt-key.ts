import { generateKeyPairSync } from 'node:crypto';

/** A key as KMS has one for receipts: of this run of the tests, and no secret. */
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const receiptPrivateKey = pair.privateKey;

/** SubjectPublicKeyInfo, base64. */
export const receiptKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

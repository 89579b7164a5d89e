import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { deterministicKey } from '../../../../proof/simulation/services/kms/deterministic-keys.ts';

const messages = Array.from({ length: 100 }, (_, index) => Buffer.from(`message ${index}`));

test('signatures are the same each time, of each message another one, and anybody can verify them', () => {
  const { publicKey, sign } = deterministicKey('a key');
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  const signatures = messages.map(sign);
  for (const [index, message] of messages.entries()) {
    expect(verify('sha256', message, key, signatures[index] ?? Buffer.alloc(0))).toBe(true);
    expect(sign(message)).toEqual(signatures[index]);
  }
  // Of one nonce for two messages anybody could compute the key.
  const nonces = signatures.map((signature) => signature.toString('hex', 4, 4 + (signature[3] ?? 0)));
  expect(new Set(nonces).size).toBe(messages.length);
});

test('a key is that of its id', () => {
  expect(deterministicKey('one').publicKey).toEqual(deterministicKey('one').publicKey);
  expect(deterministicKey('one').publicKey).not.toEqual(deterministicKey('other').publicKey);
});

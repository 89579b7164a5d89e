import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { kmsClient } from '../../../lambda/adapters/clients.ts';
import { KmsReceiptKeys, KmsReceiptSigner } from '../../../lambda/adapters/kms-receipts.ts';
import { receiptText } from '../../../lambda/core/receipt.ts';
import { receiptKey, receiptPrivateKey } from '../../support/receipt-key.ts';
import { kmsAnswering, noWaiting } from '../../support/sdk-clients.ts';

const text = receiptText('5e'.repeat(32));
const Signature = sign('sha256', Buffer.from(text), receiptPrivateKey);
const PublicKey = Buffer.from(receiptKey, 'base64');

/** Answers after so many failures. */
function failing<Answer>(times: number, answer: Answer, error = new Error('throttled')): () => Answer {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw error;
    return answer;
  };
}

describe('a receipt’s signature', () => {
  test('is asked for with the text itself, and told as r and s', async () => {
    const client = kmsAnswering(() => ({ Signature }));
    const signed = await new KmsReceiptSigner(client, 'key', noWaiting()).sign(text);
    expect(Buffer.from(signed, 'base64url')).toHaveLength(64);
    expect(client.inputs).toEqual([
      {
        ...{ KeyId: 'key', Message: Buffer.from(text), MessageType: 'RAW' },
        SigningAlgorithm: 'ECDSA_SHA_256',
      },
    ]);
  });

  test('is asked for again, with pauses, while KMS throttles or answers with none', async () => {
    const retry = noWaiting();
    const client = kmsAnswering(failing(2, { Signature }));
    await new KmsReceiptSigner(client, 'key', retry).sign(text);
    expect([client.inputs.length, retry.pauses.length]).toEqual([3, 2]);
    const answers = [{}, { Signature: Buffer.from('no DER') }, { Signature }];
    await new KmsReceiptSigner(
      kmsAnswering(() => answers.shift() ?? {}),
      'key',
      noWaiting(),
    ).sign(text);
    expect(answers).toEqual([]);
  });

  test('that cannot be had after all attempts fails with what KMS said last', async () => {
    const client = kmsAnswering(failing(99, {}, new Error('The key is disabled')));
    await expect(new KmsReceiptSigner(client, 'key', noWaiting(4)).sign(text)).rejects.toThrow(
      'The key is disabled',
    );
    expect(client.inputs).toHaveLength(4);
  });
});

describe('the key of the receipts', () => {
  test('is asked for once, whatever comes before', async () => {
    const client = kmsAnswering(failing(5, { PublicKey }));
    const keys = new KmsReceiptKeys(client, 'key', noWaiting(4));
    await expect(keys.publicKey()).rejects.toThrow('throttled');
    expect([await keys.publicKey(), await keys.publicKey()]).toEqual([receiptKey, receiptKey]);
    expect(client.inputs).toEqual(Array(6).fill({ KeyId: 'key' }));
  });

  test('is none of another curve, nor nothing', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const other = publicKey.export({ type: 'spki', format: 'der' });
    for (const answer of [{}, { PublicKey: other }, { PublicKey: PublicKey.subarray(1) }]) {
      const keys = new KmsReceiptKeys(
        kmsAnswering(() => answer),
        'key',
        noWaiting(1),
      );
      await expect(keys.publicKey()).rejects.toThrow('The key of the receipts, key, is not one of P-256');
    }
  });
});

test('the client of KMS leaves trying again to who signs: attempts within attempts would be dozens', async () => {
  expect(await kmsClient().config.maxAttempts()).toBe(1);
});

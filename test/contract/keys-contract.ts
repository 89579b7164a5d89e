import { createPublicKey, verify } from 'node:crypto';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  type KMSClient,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyRequest } from '../../local/kms/kms.ts';

export interface KeysBackend {
  readonly client: KMSClient;
  createKey(request: KeyRequest): void;
  createAlias(name: string, target: string): void;
  stop(): Promise<void>;
}

const ARNS = 'arn:aws:kms:us-east-1:000000000000:';
const message = Buffer.from('a message\nof two lines');

/** What the system relies on in KMS, whatever plays it: to be run on each. */
export function keysContract(name: string, start: () => Promise<KeysBackend>): void {
  describe(`keys of ${name}`, () => {
    let backend: KeysBackend | undefined;

    beforeAll(async () => {
      backend = await start();
      backend.createKey({ keyId: 'signs', spec: 'ECC_NIST_P256', isEnabled: true });
      backend.createKey({ keyId: 'other', spec: 'ECC_NIST_P256', isEnabled: true });
      backend.createKey({ keyId: 'off', spec: 'ECC_NIST_P256', isEnabled: false });
      backend.createKey({ keyId: 'encrypts', spec: 'SYMMETRIC_DEFAULT', isEnabled: true });
      backend.createAlias('alias/pen', 'signs');
    });
    afterAll(() => backend?.stop());

    const client = () => {
      if (backend === undefined) throw new Error(`${name} did not start`);
      return backend.client;
    };
    const sign = (input: Partial<SignCommandInput> = {}) =>
      client().send(
        new SignCommand({ KeyId: 'signs', Message: message, SigningAlgorithm: 'ECDSA_SHA_256', ...input }),
      );
    const publicKeyOf = async (KeyId: string) => {
      const { PublicKey = new Uint8Array() } = await client().send(new GetPublicKeyCommand({ KeyId }));
      return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    };

    test.each(['signs', `${ARNS}key/signs`, 'alias/pen', `${ARNS}alias/pen`])(
      'sign what their public key verifies: %s',
      async (KeyId) => {
        const { Signature = new Uint8Array(), ...answer } = await sign({ KeyId, MessageType: 'RAW' });
        expect(answer).toMatchObject({ KeyId: `${ARNS}key/signs`, SigningAlgorithm: 'ECDSA_SHA_256' });
        expect(verify('sha256', message, await publicKeyOf(KeyId), Signature)).toBe(true);
        expect(verify('sha256', Buffer.from('another'), await publicKeyOf(KeyId), Signature)).toBe(false);
        expect(verify('sha256', message, await publicKeyOf('other'), Signature)).toBe(false);
      },
    );

    test('say what they are', async () => {
      expect(await client().send(new GetPublicKeyCommand({ KeyId: 'signs' }))).toMatchObject({
        KeyId: `${ARNS}key/signs`,
        ...{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] },
      });
      const { asymmetricKeyDetails } = await publicKeyOf('signs');
      expect(asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    });

    test.each<[string, Partial<SignCommandInput>, string, string]>([
      ['no key', { KeyId: 'none' }, 'NotFoundException', `Key '${ARNS}key/none' does not exist`],
      ['no alias', { KeyId: 'alias/none' }, 'NotFoundException', `Alias ${ARNS}alias/none is not found.`],
      [
        'a key elsewhere',
        { KeyId: 'arn:aws:kms:us-east-1:111111111111:key/signs' },
        'NotFoundException',
        "Key 'arn:aws:kms:us-east-1:111111111111:key/signs' does not exist",
      ],
      ['one that is off', { KeyId: 'off' }, 'DisabledException', `${ARNS}key/off is disabled.`],
      [
        'one that encrypts',
        { KeyId: 'encrypts' },
        'InvalidKeyUsageException',
        `${ARNS}key/encrypts key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
      ],
      [
        'the algorithm of another curve',
        { SigningAlgorithm: 'ECDSA_SHA_384' },
        'InvalidKeyUsageException',
        'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
      ],
      ['no message', { Message: Buffer.alloc(0) }, 'ValidationException', 'message: '],
      ['a long message', { Message: Buffer.alloc(4097) }, 'ValidationException', 'message: '],
      [
        'a digest',
        { MessageType: 'DIGEST', Message: Buffer.alloc(32) },
        'UnsupportedOperationException',
        'Not played here: MessageType DIGEST',
      ],
      ['a token', { GrantTokens: ['x'] }, 'UnsupportedOperationException', 'Not played here: GrantTokens'],
    ])('refuse %s', async (_, input, type, text) => {
      await expect(sign(input)).rejects.toMatchObject({
        name: type,
        message: expect.stringContaining(text),
        $metadata: { httpStatusCode: 400 },
      });
    });

    test('take the longest message', async () => {
      const { Signature = new Uint8Array() } = await sign({ Message: Buffer.alloc(4096) });
      expect(verify('sha256', Buffer.alloc(4096), await publicKeyOf('signs'), Signature)).toBe(true);
    });

    test('name an operation that there is not', async () => {
      await expect(client().send(new CreateKeyCommand())).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
        message: 'Not played here: CreateKey',
      });
    });

    test('are off and on again, and the same', async () => {
      const before = (await publicKeyOf('other')).export({ format: 'pem', type: 'spki' });
      await client().send(new DisableKeyCommand({ KeyId: 'other' }));
      await expect(sign({ KeyId: 'other' })).rejects.toMatchObject({ name: 'DisabledException' });
      await expect(publicKeyOf('other')).rejects.toMatchObject({ name: 'DisabledException' });
      await client().send(new EnableKeyCommand({ KeyId: 'other' }));
      expect((await publicKeyOf('other')).export({ format: 'pem', type: 'spki' })).toEqual(before);
    });
  });
}

import type { KMSClient } from '@aws-sdk/client-kms';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { ReceiptKeys, ReceiptSigner } from '../ports/ports.ts';
import { signatureFromDer } from './der-signature.ts';
import type { RetryPolicy } from './retry.ts';
import { standardRetry, untilDone } from './retry.ts';

/** SubjectPublicKeyInfo of a point of P-256, uncompressed: this, and the point's 64 bytes. */
const p256Prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const p256Length = p256Prefix.length + 64;

/** Signs with a key of KMS, ECC_NIST_P256. */
export class KmsReceiptSigner implements ReceiptSigner {
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #retry: RetryPolicy;

  constructor(client: KMSClient, keyId: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#keyId = keyId;
    this.#retry = retry;
  }

  sign(text: string): Promise<string> {
    return untilDone(this.#retry, async () => {
      const command = new SignCommand({
        ...{ KeyId: this.#keyId, Message: Buffer.from(text) },
        ...{ MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' },
      });
      const { Signature } = await this.#client.send(command);
      return signatureFromDer(Signature ?? new Uint8Array());
    });
  }
}

/** The public half of the key. It is asked for once: a key of KMS never has another one. */
export class KmsReceiptKeys implements ReceiptKeys {
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #retry: RetryPolicy;
  #known: string | undefined;

  constructor(client: KMSClient, keyId: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#keyId = keyId;
    this.#retry = retry;
  }

  async publicKey(): Promise<string> {
    this.#known ??= await untilDone(this.#retry, async () => {
      const { PublicKey = new Uint8Array() } = await this.#client.send(
        new GetPublicKeyCommand({ KeyId: this.#keyId }),
      );
      const key = Buffer.from(PublicKey);
      if (key.length !== p256Length || !key.subarray(0, p256Prefix.length).equals(p256Prefix))
        throw new TypeError(`The key of the receipts, ${this.#keyId}, is not one of P-256`);
      return key.toString('base64');
    });
    return this.#known;
  }
}

import { createHash, createHmac, type Hash, type Hmac, hash } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

/**
 * Node's SHA-256 in the form that the SDK's signatures want. They hash each thing whole, which is a call without an object,
 * and sign with keys that go as text: with the bytes of one, of which Node asks first whether they are a key, it takes 17 µs
 * instead of 3.
 */
export class Sha256 {
  readonly #secret: string | undefined;
  /** What was given first, as long as nothing else was. */
  #first: string | Uint8Array | undefined;
  #hash: Hash | Hmac | undefined;

  /** @param secret for an HMAC */
  constructor(secret?: Data) {
    this.#secret = secret === undefined ? undefined : latin1Of(secret);
  }

  update(data: Data): void {
    const bytes = bytesOf(data);
    if (this.#first === undefined && this.#hash === undefined) {
      this.#first = bytes;
      return;
    }
    this.#begun().update(bytes);
  }

  async digest(): Promise<Uint8Array> {
    if (this.#secret === undefined && this.#hash === undefined)
      return Buffer.from(hash('sha256', this.#first ?? '', 'binary'), 'latin1');
    return this.#begun().digest();
  }

  reset(): void {
    this.#first = undefined;
    this.#hash = undefined;
  }

  #begun(): Hash | Hmac {
    if (this.#hash !== undefined) return this.#hash;
    const begun =
      this.#secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', this.#secret, { encoding: 'latin1' });
    this.#hash = begun;
    if (this.#first !== undefined) begun.update(this.#first);
    return begun;
  }
}

function latin1Of(data: Data): string {
  return Buffer.from(bytesOf(data)).toString('latin1');
}

function bytesOf(data: Data): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data);
}

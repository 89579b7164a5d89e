import { hash } from 'node:crypto';

export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly modifiedAt: number;
  readonly etag: string;
}

export interface Page {
  readonly objects: readonly StoredObject[];
  /** The key to go on after; undefined at the end. */
  readonly next: string | undefined;
}

/** One bucket, without versions. */
export class Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly #objects = new Map<string, StoredObject>();

  constructor(name: string, createdAt: number) {
    this.name = name;
    this.createdAt = createdAt;
  }

  /** In the order of their keys' bytes, as S3 lists them. */
  get objects(): StoredObject[] {
    return [...this.#objects.values()].sort((one, other) => compareKeys(one.key, other.key));
  }

  put(key: string, body: Buffer, modifiedAt: number): StoredObject {
    const object = { key, body, modifiedAt, etag: `"${hash('md5', body, 'hex')}"` };
    this.#objects.set(key, object);
    return object;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  delete(key: string): void {
    this.#objects.delete(key);
  }

  list(prefix: string, after: string, most: number): Page {
    const left = this.objects.filter(({ key }) => key.startsWith(prefix) && compareKeys(key, after) > 0);
    const objects = left.slice(0, most);
    return { objects, next: left.length > most ? objects.at(-1)?.key : undefined };
  }
}

function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

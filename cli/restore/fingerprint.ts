import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What a table holds, as far as it takes to compare two. */
export interface Contents {
  readonly items: number;
  /** The items' hashes, XORed: the order in which they are read does not matter, and no two have the same key. */
  readonly hash: string;
}

const BYTES = 32;

/** Goes through a table's items, page by page. */
export class Fingerprint {
  #items = 0;
  readonly #hash = Buffer.alloc(BYTES);

  add(item: Readonly<Record<string, AttributeValue>>): void {
    this.#items += 1;
    const hash = createHash('sha256')
      .update(canonical({ M: item }))
      .digest();
    for (let index = 0; index < BYTES; index += 1) {
      this.#hash[index] = (this.#hash[index] ?? 0) ^ (hash[index] ?? 0);
    }
  }

  get contents(): Contents {
    return { items: this.#items, hash: this.#hash.toString('hex') };
  }
}

/** The same text for the same value: members of maps and of sets in one order. */
function canonical(value: AttributeValue): string {
  if (value.M !== undefined) {
    const members = Object.entries(value.M).map(
      ([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`,
    );
    return `{${members.sort().join()}}`;
  }
  if (value.L !== undefined) return `[${value.L.map(canonical).join()}]`;
  if (value.B !== undefined) return `B${base64(value.B)}`;
  if (value.BS !== undefined) return `BS${JSON.stringify(value.BS.map(base64).sort())}`;
  if (value.SS !== undefined) return `SS${JSON.stringify([...value.SS].sort())}`;
  if (value.NS !== undefined) return `NS${JSON.stringify([...value.NS].sort())}`;
  return JSON.stringify(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

import { hash } from 'node:crypto';
import { invalid } from '../errors.ts';
import type { Attribute, Item } from './attributes.ts';
import { attributeOf } from './attributes.ts';

type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** DynamoDB Developer Guide, "Constraints": bytes of a partition key and of a sort key; at least one of text and binary. */
const LONGEST = [2048, 1024] as const;

/** The key of a table: partition key first. */
export class KeySchema {
  readonly attributes: readonly KeyAttribute[];

  constructor(attributes: readonly KeyAttribute[]) {
    this.attributes = attributes;
  }

  isKey(name: string): boolean {
    return this.attributes.some((attribute) => attribute.name === name);
  }

  /** The identity of the item that a key belongs to. @throws ServiceError when it is no key of the table */
  identityOfKey(key: Item): string {
    if (Object.keys(key).length !== this.attributes.length) throw notInSchema();
    return this.identityOf(key, notInSchema);
  }

  /** The identity of an item. @throws ServiceError when an attribute of the key is missing or not as it must be */
  identityOf(item: Item, complaint: (name: string) => Error = missing): string {
    return this.attributes
      .map(({ name, type }, index) => {
        const value = attributeOf(item, name);
        const text = value && keyText(value, type);
        if (text === undefined) throw complaint(name);
        checkLength(name, type, text, index);
        return `${text.length}:${text}`;
      })
      .join();
  }

  /** The key alone. */
  keyOf(item: Item): Item {
    return Object.fromEntries(
      this.attributes.flatMap(({ name }) => {
        const value = attributeOf(item, name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }
}

/** Where a scan finds an item: by a hash, so that it says nothing of when the item was written. */
export function scanPosition(identity: string): string {
  return hash('md5', identity, 'hex') + identity;
}

function keyText(value: Attribute, type: KeyType): string | undefined {
  if (type === 'S') return 'S' in value ? value.S : undefined;
  if (type === 'N') return 'N' in value ? value.N : undefined;
  return 'B' in value ? value.B : undefined;
}

function checkLength(name: string, type: KeyType, text: string, index: number): void {
  if (type === 'N') return;
  if (text === '') {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
    );
  }
  const longest = LONGEST[index] ?? 0;
  // No text has more bytes than three for each of its units.
  if (text.length * 3 > longest && Buffer.byteLength(text, type === 'S' ? 'utf8' : 'base64') > longest) {
    throw invalid(
      `One or more parameter values were invalid: Size of key ${name} has exceeded ${longest} bytes`,
    );
  }
}

function notInSchema(): Error {
  return invalid('The provided key element does not match the schema');
}

function missing(name: string): Error {
  return invalid(
    `One or more parameter values were invalid: Missing the key ${name} in the item, or of another type`,
  );
}

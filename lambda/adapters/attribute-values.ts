import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * DynamoDB's attribute values and the plain values that the tables hold: strings, numbers, booleans, bytes, lists
 * and maps. Our own instead of the SDK's document client, which copies each command and converts for every type
 * that DynamoDB has: on the way of every user of every batch that is noticeable (docs/benchmarks.md).
 */

export type Item = Record<string, unknown>;
export type AttributeMap = Record<string, AttributeValue>;

/** @throws TypeError when a value has no form here; members that are undefined are left out */
export function toAttributes(item: object): AttributeMap {
  const attributes: AttributeMap = {};
  const members: [string, unknown][] = Object.entries(item);
  for (const [name, value] of members) {
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

/** @throws TypeError when the value has no form here */
export function toAttribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: finite(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value instanceof Uint8Array) return { B: value };
      if (Array.isArray(value)) return { L: value.map(toAttribute) };
      if (value !== null) return { M: toAttributes(value) };
  }
  throw new TypeError(`No attribute value: ${value === null ? 'null' : typeof value}`);
}

/** @throws TypeError when an attribute has a type that these tables do not use */
export function fromAttributes(attributes: Readonly<AttributeMap>): Item {
  const item: Item = {};
  for (const name of Object.keys(attributes)) {
    const attribute = attributes[name];
    if (attribute !== undefined) item[name] = fromAttribute(attribute);
  }
  return item;
}

/** @throws TypeError when the attribute has a type that these tables do not use */
export function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return exact(attribute.N);
  if (attribute.B !== undefined) return attribute.B;
  if (attribute.M !== undefined) return fromAttributes(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  throw new TypeError(`Attribute of an unknown type: ${Object.keys(attribute).join()}`);
}

function finite(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`No number of DynamoDB: ${value}`);
  return String(value);
}

/** DynamoDB's numbers have 38 digits, a double 15 to 17: one that would be rounded was not written by us. */
function exact(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TypeError(`Number ${text} cannot be read exactly`);
  }
  return value;
}

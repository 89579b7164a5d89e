import { invalid, NotEmulatedError } from '../errors.ts';
import { canonicalNumber, compareNumbers } from './numbers.ts';

/** An attribute value as on the wire. Values are never changed: what was stored stays as it is in every version. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  /** In base64. */
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Item };

export type Item = Readonly<Record<string, Attribute>>;

/** DynamoDB Developer Guide, "Quotas": depth of lists and maps; size of an item. */
const DEEPEST = 32;
const BYTES_OF_AN_ITEM = 400 * 1024;

const sets = new Set(['SS', 'NS', 'BS']);

/** @throws ServiceError when the value is none, NotEmulatedError for a set */
export function parseAttribute(value: unknown, depth = 0): Attribute {
  if (depth > DEEPEST) throw invalid('Nesting Levels have exceeded supported limits');
  if (!isObject(value)) throw malformed();
  const [type, ...others] = Object.keys(value);
  if (type === undefined || others.length > 0) {
    throw invalid('Supplied AttributeValue has more than one datatypes set, or none');
  }
  const member = value[type];
  switch (type) {
    case 'S':
    case 'B':
      if (typeof member !== 'string') throw malformed();
      return value as Attribute;
    case 'N': {
      if (typeof member !== 'string') throw malformed();
      const canonical = canonicalNumber(member);
      return canonical === member ? (value as Attribute) : { N: canonical };
    }
    case 'BOOL':
      if (typeof member !== 'boolean') throw malformed();
      return { BOOL: member };
    case 'NULL':
      if (member !== true) throw invalid('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'L':
      if (!Array.isArray(member)) throw malformed();
      return { L: member.map((each) => parseAttribute(each, depth + 1)) };
    case 'M':
      return { M: parseItem(member, depth + 1) };
  }
  if (sets.has(type)) throw new NotEmulatedError(`attributes of the type ${type}`);
  throw malformed();
}

/** @throws ServiceError when a value is none */
export function parseItem(value: unknown, depth = 0): Item {
  if (!isObject(value)) throw malformed();
  const item: Record<string, Attribute> = {};
  for (const name of Object.keys(value)) {
    // What an object has anyway is no attribute of it.
    if (name === '__proto__') define(item, name, parseAttribute(value[name], depth));
    else item[name] = parseAttribute(value[name], depth);
  }
  return item;
}

function define(item: object, name: string, value: Attribute): void {
  Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The attribute of that name, which may be the name of something that every object has. */
export function attributeOf(item: Item | undefined, name: string): Attribute | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The item with another value for an attribute, or without it. */
export function withAttribute(item: Item, name: string, value: Attribute | undefined): Item {
  const changed = { ...item };
  if (value === undefined) delete changed[name];
  else define(changed, name, value);
  return changed;
}

/** The size of an item in bytes. @throws ServiceError when it is too large */
export function checkedSize(item: Item): number {
  const bytes = sizeOf(item);
  if (bytes > BYTES_OF_AN_ITEM) throw invalid('Item size has exceeded the maximum allowed size');
  return bytes;
}

/** DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
function sizeOf(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) {
    const value = attributeOf(item, name);
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: Attribute): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('L' in value) return value.L.reduce((sum, each) => sum + 1 + valueSize(each), 3);
  if ('M' in value) return 3 + Object.keys(value.M).length + sizeOf(value.M);
  return 1;
}

/** A byte for two significant digits, one more, and one for the sign. */
function numberSize(number: string): number {
  const digits = number.replace(/^-?0*\.?0*|\.|(?<=^[^.]*)0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (number.startsWith('-') ? 1 : 0);
}

/** Whether two values are the same in DynamoDB: numbers are canonical, and the order of a map's members is none. */
export function isSame(left: Attribute, right: Attribute): boolean {
  if ('N' in left && 'N' in right) return left.N === right.N;
  if ('S' in left && 'S' in right) return left.S === right.S;
  if ('M' in left && 'M' in right) {
    const names = Object.keys(left.M);
    return (
      names.length === Object.keys(right.M).length &&
      names.every((name) => isSameOrAbsent(attributeOf(left.M, name), attributeOf(right.M, name)))
    );
  }
  if ('L' in left && 'L' in right) {
    const { L: others } = right;
    return (
      left.L.length === others.length && left.L.every((each, index) => isSameOrAbsent(each, others[index]))
    );
  }
  return JSON.stringify(left) === JSON.stringify(right);
}

function isSameOrAbsent(left: Attribute | undefined, right: Attribute | undefined): boolean {
  return left === undefined || right === undefined ? left === right : isSame(left, right);
}

/** Negative when the left one is smaller; undefined where the types have no order, or differ. */
export function compare(left: Attribute, right: Attribute): number | undefined {
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right) {
    return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(): Error {
  return invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

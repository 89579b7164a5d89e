/**
 * The size of an item as DynamoDB counts it, in bytes (AWS, DynamoDB Developer Guide, "DynamoDB item sizes and
 * formats"): the sum of its attributes' names and values. Strings are UTF-8; a number takes about a byte for two
 * significant digits plus one, and one more if it is negative; binary its length; null and booleans one; a list
 * or map 3, one for each of its elements, and what the elements take.
 */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (value instanceof Uint8Array) return value.length;
  if (value === null || typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + valueSize(each), 3);
  if (typeof value !== 'object') throw new TypeError(`No attribute: ${typeof value}`);
  return 3 + Object.keys(value).length + itemSize({ ...value });
}

function numberSize(value: number): number {
  const digits = String(Math.abs(value))
    .replace('.', '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0);
}

/** Reads single fields of parsed JSON. Each function throws FieldError, in a line that names the field. */

export class FieldError extends Error {}

export type Source = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As text: `1` and `"1"` are the same id. */
export function id(source: Source, name: string): string {
  const value = source[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new FieldError(`${name} is not an id`);
}

export function integer(source: Source, name: string): number {
  const value = source[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new FieldError(`${name} is not a whole number`);
}

export function positive(source: Source, name: string): number {
  const value = integer(source, name);
  if (value > 0) return value;
  throw new FieldError(`${name} is not above 0`);
}

export function text(source: Source, name: string): string {
  const value = source[name];
  if (typeof value === 'string') return value;
  throw new FieldError(`${name} is not text`);
}

export function texts(source: Source, name: string): string[] {
  const items: unknown = source[name];
  if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  throw new FieldError(`${name} is not a list of texts`);
}

/** @param digits how many: 64 for a hash */
export function hex(source: Source, name: string, digits = 64): string {
  const value = text(source, name);
  if (value.length === digits && /^[0-9a-f]*$/.test(value)) return value;
  throw new FieldError(`${name} is not ${digits} lower case hexadecimal digits`);
}

export function record(source: Source, name: string): Source {
  const value = source[name];
  if (isRecord(value)) return value;
  throw new FieldError(`${name} is not an object`);
}

/** What may be absent. */
export function optional<Value>(
  read: (source: Source, name: string) => Value,
  source: Source,
  name: string,
): Value | undefined {
  return source[name] === undefined ? undefined : read(source, name);
}

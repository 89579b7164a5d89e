import type { StreamRecord } from './ports.ts';

/** What is put on a stream. */
export function recordJson({ value }: Pick<StreamRecord, 'value'>): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

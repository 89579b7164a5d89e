import type { Throttled } from '../../local/limits/shard-limits.ts';

/** What was refused because of `--limits`, in words: each shard that is at its limit once, and all of it at the end. */
export class Throttling {
  readonly #counts = new Map<string, number>();

  /** @returns a line for the first of its kind */
  observe(throttled: Throttled): string | undefined {
    const { shardId, stream, count } = throttled;
    const what = nounOf(throttled);
    const kind = `${what} ${stream} ${shardId}`;
    const before = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, before + count);
    return before > 0
      ? undefined
      : `Throttled: ${what} ${stream}, ${shardId} is at its limit for this second`;
  }

  /** @returns undefined when nothing was refused */
  get text(): string | undefined {
    if (this.#counts.size === 0) return undefined;
    const kinds = [...this.#counts].map(([kind, count]) => `${count.toLocaleString('en-US')} ${kind}`);
    return `Throttled, and tried again: ${kinds.sort().join(', ')}`;
  }
}

function nounOf({ operation }: Throttled): string {
  switch (operation) {
    case 'PutRecord':
    case 'PutRecords':
      return 'records for';
    case 'GetRecords':
      return 'reads of';
    case 'GetShardIterator':
      return 'iterators of';
    default:
      return operation satisfies never;
  }
}

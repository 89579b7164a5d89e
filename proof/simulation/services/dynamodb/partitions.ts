import { Allowance } from '../../../../local/limits/allowance.ts';
import { THROTTLED } from '../../../../local/limits/shard-limits.ts';
import { ServiceError } from '../errors.ts';
import type { Settings } from '../options.ts';

/**
 * DynamoDB Developer Guide, "Best practices for designing and using partition keys": units that a partition takes and
 * gives in a second, whatever the table's mode. Each partition key has a partition of its own here.
 */
const WRITES = { count: Number.POSITIVE_INFINITY, size: 1_000 };
const READS = { count: Number.POSITIVE_INFINITY, size: 3_000 };

const BYTES_OF_A_WRITE = 1_024;
const BYTES_OF_A_READ = 4_096;

/** Partitions that are remembered: forgetting one gives it room. */
const KNOWN = 10_000;

/** What the partitions of one table take and give in a second. What a call costs is known, and counted, afterwards. */
export class Partitions {
  readonly #settings: Settings;
  readonly #writes = new Map<string, Allowance>();
  readonly #reads = new Map<string, Allowance>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @returns false when the partition has no room in this second */
  takesWrite(identity: string): boolean {
    return this.#hasRoom(this.#writes, identity, 'writes of tables');
  }

  givesRead(identity: string): boolean {
    return this.#hasRoom(this.#reads, identity, 'reads of tables');
  }

  /** @param bytes of the item before or after, whichever was larger */
  wrote(identity: string, bytes: number): void {
    this.#allowance(this.#writes, identity, WRITES).take(
      units(bytes, BYTES_OF_A_WRITE),
      this.#settings.now(),
    );
  }

  wasRead(identity: string, bytes: number, isConsistent: boolean): void {
    const cost = units(bytes, BYTES_OF_A_READ) * (isConsistent ? 1 : 0.5);
    this.#allowance(this.#reads, identity, READS).take(cost, this.#settings.now());
  }

  #hasRoom(known: ReadonlyMap<string, Allowance>, identity: string, operation: string): boolean {
    const hasRoom = known.get(partitionOf(identity))?.hasRoom(1, this.#settings.now()) ?? true;
    if (!hasRoom) this.#settings.onThrottled({ operation, count: 1 });
    return hasRoom;
  }

  #allowance(known: Map<string, Allowance>, identity: string, rate: typeof WRITES): Allowance {
    const partition = partitionOf(identity);
    const found = known.get(partition);
    if (found !== undefined) return found;
    if (known.size >= KNOWN) known.clear();
    const allowance = new Allowance(rate);
    known.set(partition, allowance);
    return allowance;
  }
}

/** A call, or a statement, for which a partition has no room. */
export function noRoom(): ServiceError {
  return new ServiceError(
    THROTTLED,
    'The level of configured provisioned throughput for one or more partitions of the table was exceeded.',
  );
}

/** Of an item's identity the partition key's part, which begins with its length. */
function partitionOf(identity: string): string {
  const start = identity.indexOf(':') + 1;
  return identity.slice(0, start + Number.parseInt(identity, 10));
}

function units(bytes: number, ofOne: number): number {
  return Math.max(1, Math.ceil(bytes / ofOne));
}

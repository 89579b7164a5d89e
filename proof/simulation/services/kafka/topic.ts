import { Changes } from '../../../../local/event-source-mapping/wake.ts';
import { ServiceError } from '../errors.ts';
import type { Settings } from '../options.ts';

/** What producers put. Both in base64; a record may have no key. */
export interface NewRecord {
  readonly key: string | null;
  readonly value: string;
}

export interface StoredRecord extends NewRecord {
  /** When the broker appended it, ms since the epoch: what its producer says is not kept. */
  readonly timestamp: number;
}

/** Broker's default of `message.max.bytes`: of one batch of a partition. */
const MOST_BYTES = 1_048_588;
/** What a record takes beside key and value, at most (https://kafka.apache.org/documentation/#record). */
const OVERHEAD_BYTES = 70;

/** One topic, with `message.timestamp.type=LogAppendTime`. */
export class Topic {
  readonly name: string;
  /** Announced when records were appended. */
  readonly changes = new Changes();
  readonly #settings: Settings;
  readonly #partitions: StoredRecord[][];

  constructor(name: string, partitions: number, settings: Settings) {
    this.name = name;
    this.#settings = settings;
    this.#partitions = Array.from({ length: partitions }, () => []);
  }

  get count(): number {
    return this.#partitions.length;
  }

  addPartition(): void {
    this.#partitions.push([]);
  }

  /** @throws ServiceError when there is no such partition */
  records(partition: number): readonly StoredRecord[] {
    return this.#partition(partition);
  }

  /**
   * One stamp is that of the whole batch; clocks of brokers differ, so that the next one's may lie before it.
   * @returns the first offset @throws ServiceError when there is no such partition, or the batch is larger than a broker takes
   */
  append(partition: number, records: readonly NewRecord[]): number {
    const log = this.#partition(partition);
    const bytes = records.reduce((sum, { key, value }) => sum + bytesOf(key) + bytesOf(value), 0);
    if (bytes + records.length * OVERHEAD_BYTES > MOST_BYTES)
      throw new ServiceError('MESSAGE_TOO_LARGE', `A batch of ${bytes} bytes`);
    const { now, random, stampJitterMs, onRecord } = this.#settings;
    const timestamp = now() - random.below(stampJitterMs(this.name) + 1);
    const first = log.length;
    for (const { key, value } of records) {
      const sequenceNumber = String(log.push({ key, value, timestamp }) - 1);
      onRecord({
        ...{ stream: this.name, shardId: `${this.name}-${partition}`, sequenceNumber },
        partitionKey: Buffer.from(key ?? '', 'base64').toString('utf8'),
        ...{ arrival: timestamp, data: Buffer.from(value, 'base64') },
      });
    }
    this.changes.announce();
    return first;
  }

  #partition(partition: number): StoredRecord[] {
    const log = this.#partitions[partition];
    if (log !== undefined) return log;
    throw new ServiceError('UNKNOWN_TOPIC_OR_PARTITION', `${this.name}-${partition}`);
  }
}

const bytesOf = (base64: string | null): number =>
  base64 === null ? 0 : Buffer.byteLength(base64, 'base64');

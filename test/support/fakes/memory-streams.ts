import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import type { StreamPublisher, StreamRecord, TickQueue } from '../../../lambda/ports/ports.ts';
import type { StoredRecord } from '../records.ts';
import { sequenceNumber } from '../records.ts';
import { checkPartitionKey } from './aws-limits.ts';
import type { Disturbances, FakeOptions, Journal } from './disturbances.ts';
import { undisturbed } from './disturbances.ts';

/** How often a put waits amid its call, where puts are disturbed. */
const pauses = 0.2;

export interface StreamOptions extends FakeOptions {
  readonly shardCount?: number;
  readonly now?: () => number;
}

/**
 * A Kinesis stream, ordered per shard, and what functions put records on it with: PutRecords with retries, which puts
 * them in any order, some of them twice, and is cut off by a crash anywhere.
 */
export class MemoryStream implements StreamPublisher {
  readonly shards: readonly StoredRecord[][];
  /** What the next puts throw. */
  error: Error | undefined;
  readonly #name: string;
  readonly #now: () => number;
  readonly #journal: Journal;
  readonly #disturbances: Disturbances;
  #count = 0;

  constructor(name: string, options: StreamOptions = {}) {
    const { shardCount = 1, now = () => 0, journal = [], disturbances = undisturbed } = options;
    this.#name = name;
    this.shards = Array.from({ length: shardCount }, () => []);
    this.#now = now;
    this.#journal = journal;
    this.#disturbances = disturbances;
  }

  append(partitionKey: string, data: Buffer): void {
    checkPartitionKey(partitionKey);
    const letters = [...partitionKey].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    const shard = letters % this.shards.length;
    this.#count += 1;
    this.shards[shard]?.push({
      shardId: `shardId-${String(shard).padStart(12, '0')}`,
      sequenceNumber: sequenceNumber(this.#count),
      partitionKey,
      data,
      arrival: this.#now(),
    });
  }

  appendJson(partitionKey: string, value: object): void {
    this.append(partitionKey, Buffer.from(JSON.stringify(value)));
  }

  async publish(records: readonly StreamRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.error) throw this.error;
    for (const { partitionKey } of records) checkPartitionKey(partitionKey);
    await this.#disturbances.step(`before publishing to ${this.#name}`);
    this.#journal.push(`publish ${this.#name}`);
    for (const record of this.#disturbances.shuffled(records)) await this.#put(record);
    await this.#disturbances.step(`after publishing to ${this.#name}`);
  }

  async #put({ partitionKey, value }: StreamRecord): Promise<void> {
    const disturbances = this.#disturbances;
    if (disturbances.chance(pauses)) await disturbances.step(`amid publishing to ${this.#name}`);
    if (disturbances.fails(`put on ${this.#name}`)) throw new Error(`put on ${this.#name} failed`);
    this.appendJson(partitionKey, value);
    if (disturbances.fails(`answer of a put on ${this.#name}`)) this.appendJson(partitionKey, value);
  }

  /** Every record's JSON, in the order of each shard. @throws SyntaxError when one holds none */
  get records(): { partitionKey: string; value: Record<string, unknown> }[] {
    return this.shards
      .flat()
      .map(({ partitionKey, data }) => ({ partitionKey, value: JSON.parse(data.toString('utf8')) }));
  }

  get values(): Record<string, unknown>[] {
    return this.records.map(({ value }) => value);
  }

  /** What was put since the last call. */
  take(): Record<string, unknown>[] {
    const { values } = this;
    for (const shard of this.shards) shard.length = 0;
    return values;
  }
}

/** The queue of delayed messages. */
export class MemoryTicks implements TickQueue {
  messages: TickMessage[] = [];
  /** What the next calls throw. */
  error: Error | undefined;
  readonly #journal: Journal;
  readonly #disturbances: Disturbances;

  constructor({ journal = [], disturbances = undisturbed }: FakeOptions = {}) {
    this.#journal = journal;
    this.#disturbances = disturbances;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    if (this.error) throw this.error;
    await this.#disturbances.step('before queueing ticks');
    this.#journal.push('send ticks');
    this.messages.push(...messages);
    await this.#disturbances.step('after queueing ticks');
  }
}

import type { KinesisStreamRecord } from 'aws-lambda';
import type { StreamPublisher, StreamRecord } from '../../../lambda/ports/ports.ts';
import type { Faults } from './faults.ts';

export interface StoredRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** ms since the epoch. */
  readonly arrival: number;
}

/** A Kinesis stream: ordered per shard, at-least-once for those who put with retries. */
export class MemoryStream {
  readonly name: string;
  readonly shards: readonly StoredRecord[][];
  readonly #now: () => number;
  #count = 0;

  constructor(name: string, shardCount: number, now: () => number) {
    this.name = name;
    this.shards = Array.from({ length: shardCount }, () => []);
    this.#now = now;
  }

  append(partitionKey: string, data: Buffer): StoredRecord {
    const index =
      [...partitionKey].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % this.shards.length;
    this.#count += 1;
    const record: StoredRecord = {
      shardId: `shardId-${String(index).padStart(12, '0')}`,
      sequenceNumber: `49${String(this.#count).padStart(54, '0')}`,
      partitionKey,
      data,
      arrival: this.#now(),
    };
    this.shards[index]?.push(record);
    return record;
  }

  appendJson(partitionKey: string, value: object): StoredRecord {
    return this.append(partitionKey, Buffer.from(JSON.stringify(value)));
  }

  /** Every record's JSON, in no order between shards. */
  json(): Record<string, unknown>[] {
    return this.shards.flat().map(({ data }) => JSON.parse(data.toString('utf8')));
  }
}

/** PutRecords with retries: in any order, cut off by a crash anywhere, some records twice. */
export class MemoryPublisher implements StreamPublisher {
  readonly #stream: MemoryStream;
  readonly #faults: Faults;

  constructor(stream: MemoryStream, faults: Faults) {
    this.#stream = stream;
    this.#faults = faults;
  }

  async publish(records: readonly StreamRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { name } = this.#stream;
    await this.#faults.step(`before publishing to ${name}`);
    for (const { partitionKey, value } of this.#faults.random.shuffled(records)) {
      if (this.#faults.random.chance(0.2)) await this.#faults.step(`amid publishing to ${name}`);
      if (this.#faults.fails(`put on ${name}`)) throw new Error(`put on ${name} failed`);
      this.#stream.appendJson(partitionKey, value);
      if (this.#faults.fails(`answer of a put on ${name}`)) this.#stream.appendJson(partitionKey, value);
    }
    await this.#faults.step(`after publishing to ${name}`);
  }
}

/** The record as Lambda hands it to a function. */
export function lambdaRecord(record: StoredRecord): KinesisStreamRecord {
  const { shardId, sequenceNumber, partitionKey, data, arrival } = record;
  return {
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventSourceARN: 'arn:aws:kinesis:local::stream/test',
    awsRegion: 'local',
    invokeIdentityArn: 'arn:aws:iam:::role/test',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: data.toString('base64'),
      approximateArrivalTimestamp: arrival / 1000,
    },
  };
}

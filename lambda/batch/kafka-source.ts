import { isUtf8 } from 'node:buffer';
import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import type { BatchSource } from '../ports/source.ts';
import { asciiOf } from './ascii.ts';

/** A record of Lambda's Kafka event. Keys and values are base64; a record may have neither. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key?: string | null | undefined;
  readonly value?: string | null | undefined;
}

/** Of MSK and of self-managed brokers alike: records by "<topic>-<partition>", in order in each. */
export interface KafkaEvent {
  readonly records: Readonly<Record<string, readonly KafkaRecord[]>>;
}

/** From each of these offsets on a partition's records come again. Without partial responses nobody reads it. */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/** What a partition key of Kinesis may have at most, and more than any id: the key of a rejected event goes out again. */
const shownKeyCharacters = 256;

/**
 * Lambda's Kafka event. A partition is a shard, `<topic>-<partition>`, an offset its sequence number. What arrives when is what
 * the broker says: a producer's own time proves nothing.
 *
 * @param reportsFailures whether the mapping takes partial batch responses, as in provisioned mode. Without them Lambda knows
 *   only success and failure of the whole: its partitions all come again, and what succeeded gives its stored outcomes
 */
export function kafkaSource({
  reportsFailures,
}: {
  readonly reportsFailures: boolean;
}): BatchSource<KafkaEvent, KafkaBatchResponse> {
  return {
    reportsFailures,
    records: (event) => Object.values(event.records).flatMap(recordsOf),
    response: (firstFailed) => {
      if (firstFailed.length > 0 && !reportsFailures) throw new BatchFailed(firstFailed);
      return { batchItemFailures: firstFailed.map(itemFailure) };
    },
  };
}

class BatchFailed extends Error {
  constructor(firstFailed: readonly SourcePosition[]) {
    const from = firstFailed.map(({ shardId, sequenceNumber }) => `${shardId}:${sequenceNumber}`);
    super(`The whole batch has to come again: records failed from ${from.join(', ')} on`);
    this.name = 'BatchFailed';
  }
}

function itemFailure({ shardId, sequenceNumber }: SourcePosition) {
  return { itemIdentifier: { partition: shardId, offset: Number(sequenceNumber) } };
}

/** @param records of one partition */
function recordsOf(records: readonly KafkaRecord[]): InputRecord[] {
  const [first] = records;
  if (first === undefined) return [];
  // One string for all records of a shard: a cursor is looked up by it for every user.
  const shardId = `${first.topic}-${first.partition}`;
  return records.map((record) => new TopicRecord(shardId, record));
}

/** A record whose bytes are made only for those who ask, as with Kinesis. */
class TopicRecord implements InputRecord {
  readonly source: SourcePosition;
  readonly stream: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly ascii: string | undefined;
  private readonly base64: string;

  /** @throws Error that names the topic whose times are its producers' */
  constructor(shardId: string, { topic, offset, timestamp, timestampType, key, value }: KafkaRecord) {
    if (timestampType !== 'LOG_APPEND_TIME') {
      throw new Error(
        `Topic ${topic} must have message.timestamp.type=LogAppendTime: the time of ${shardId}:${offset} is of type ${timestampType}`,
      );
    }
    this.source = { shardId, sequenceNumber: String(offset) };
    this.stream = topic;
    this.partitionKey = keyOf(key ?? '');
    this.arrival = timestamp;
    this.base64 = value ?? '';
    this.ascii = asciiOf(this.base64);
  }

  get data(): Buffer {
    return Buffer.from(this.base64, 'base64');
  }
}

/** No key and one that is no UTF-8 are the empty one, which is nobody's id. */
function keyOf(base64: string): string {
  const ascii = asciiOf(base64);
  if (ascii !== undefined) return ascii.slice(0, shownKeyCharacters);
  const bytes = Buffer.from(base64, 'base64');
  if (!isUtf8(bytes)) return '';
  return bytes.toString('utf8').slice(0, shownKeyCharacters).toWellFormed();
}

import type { KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import { type KafkaRecord, kafkaSource } from '../../lambda/batch/kafka-source.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import type { InputRecord } from '../../lambda/core/decode.ts';
import { recordsWith } from './records-with.ts';

/** Records of a failed batch, as the function is given them: of a stream or of a topic. */
export interface BatchRecords {
  readonly size: number;
  /** Id of the first one. */
  readonly first: string | undefined;
  events(): readonly InputRecord[];
  /** Those that hold events of these ids. */
  holding(wanted: ReadonlySet<string>): BatchRecords;
  /** What the function is invoked with. */
  invocation(): object;
  /** Those that are to come again after an answer. One that is none of them says that none is done. */
  leftAfter(response: unknown): BatchRecords;
}

const kinesisResponse = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string() })).default([]),
});

export class KinesisRecords implements BatchRecords {
  readonly #records: readonly KinesisStreamRecord[];

  constructor(records: readonly KinesisStreamRecord[]) {
    this.#records = records;
  }

  get size(): number {
    return this.#records.length;
  }

  get first(): string | undefined {
    return this.#records[0]?.eventID;
  }

  events(): readonly InputRecord[] {
    return kinesisSource.records({ Records: [...this.#records] });
  }

  holding(wanted: ReadonlySet<string>): BatchRecords {
    return new KinesisRecords(recordsWith(this.#records, wanted));
  }

  invocation(): object {
    return { Records: this.#records };
  }

  leftAfter(response: unknown): BatchRecords {
    const { batchItemFailures } = kinesisResponse.parse(response);
    if (batchItemFailures.length === 0) return new KinesisRecords([]);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = this.#records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
    return new KinesisRecords(this.#records.slice(Math.max(0, first)));
  }
}

const topicResponse = z.looseObject({
  batchItemFailures: z
    .array(z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.number() }) }))
    .default([]),
});

export class TopicRecords implements BatchRecords {
  readonly #records: readonly KafkaRecord[];

  constructor(records: readonly KafkaRecord[]) {
    this.#records = records;
  }

  get size(): number {
    return this.#records.length;
  }

  get first(): string | undefined {
    const [first] = this.#records;
    return first && `${groupOf(first)}:${first.offset}`;
  }

  events(): readonly InputRecord[] {
    return kafkaSource({ reportsFailures: true }).records(this.invocation());
  }

  holding(wanted: ReadonlySet<string>): BatchRecords {
    return new TopicRecords(
      this.#records.filter((record) => wanted.has(`${groupOf(record)}:${record.offset}`)),
    );
  }

  invocation(): { records: Record<string, KafkaRecord[]> } {
    const records: Record<string, KafkaRecord[]> = {};
    for (const [group, of] of Map.groupBy(this.#records, groupOf)) records[group] = of;
    return { records };
  }

  /** Where the mapping takes no partial responses the function has thrown instead. */
  leftAfter(response: unknown): BatchRecords {
    const { batchItemFailures } = topicResponse.parse(response);
    const from = new Map(
      batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => [partition, offset]),
    );
    const isKnown = this.#records.some((record) => from.get(groupOf(record)) === record.offset);
    if (from.size > 0 && !isKnown) return this;
    return new TopicRecords(
      this.#records.filter(
        (record) => record.offset >= (from.get(groupOf(record)) ?? Number.POSITIVE_INFINITY),
      ),
    );
  }
}

function groupOf({ topic, partition }: KafkaRecord): string {
  return `${topic}-${partition}`;
}

import { z } from 'zod';
import type { AwsAnswer, AwsCall } from '../../../../local/proxy/aws-call.ts';
import { ServiceError } from '../errors.ts';
import { answerJson, type Operation, operation } from '../json-service.ts';
import { type ServiceOptions, type Settings, settingsOf } from '../options.ts';
import { Group } from './group.ts';
import { Topic } from './topic.ts';

/** Of one answer, of each partition in it: `max.partition.fetch.bytes`, in base64. */
const MOST_CHARACTERS = 1_400_000;

const partition = z.int().min(0);
const offsets = z.array(z.tuple([partition, z.int().min(0)]));
const member = { group: z.string(), member: z.string(), generationId: z.int() };
const record = z.strictObject({ key: z.string().nullable(), value: z.string() });

/** Requests: made once, and not with each cluster. */
const schemas = {
  Metadata: z.strictObject({ topic: z.string() }),
  Produce: z.strictObject({ topic: z.string(), partition, records: z.array(record).min(1) }),
  Fetch: z.strictObject({ topic: z.string(), from: offsets }),
  ListOffsets: z.strictObject({ topic: z.string(), partitions: z.array(partition), at: z.number() }),
  OffsetFetch: z.strictObject({ group: z.string(), partitions: z.array(partition) }),
  OffsetCommit: z.strictObject({ ...member, offsets }),
};

/** Answers of a cluster, as its clients read them. */
export const answers = {
  Metadata: z.object({ partitions: z.int() }),
  Produce: z.object({ first: z.int() }),
  Fetch: z.object({
    partitions: z.array(
      z.object({
        partition,
        records: z.array(record.extend({ offset: z.int(), timestamp: z.number() })),
        ...{ next: z.int(), end: z.int() },
      }),
    ),
  }),
  ListOffsets: z.object({ offsets }),
  OffsetFetch: z.object({ offsets }),
  OffsetCommit: z.object({ isStored: z.boolean() }),
};

export type KafkaOperation = keyof typeof answers;

/** Time before all records of a log, and behind them. */
export const EARLIEST = -2;
export const LATEST = -1;

/** Kafka, as far as the system uses it: topics, their partitions, and groups that read them. */
export class Kafka {
  readonly #settings: Settings;
  readonly #topics = new Map<string, Topic>();
  readonly #groups = new Map<string, Group>();
  readonly #operations: Record<KafkaOperation, Operation>;

  constructor(options: ServiceOptions) {
    this.#settings = settingsOf(options);
    this.#operations = this.#made();
  }

  createTopic(name: string, partitions: number): void {
    this.#topics.set(name, new Topic(name, partitions, this.#settings));
  }

  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** @throws ServiceError when it is missing */
  topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic !== undefined) return topic;
    throw new ServiceError('UNKNOWN_TOPIC_OR_PARTITION', name);
  }

  group(name: string): Group {
    const group = this.#groups.get(name) ?? new Group(this.#settings.random);
    this.#groups.set(name, group);
    return group;
  }

  answer(call: AwsCall): AwsAnswer {
    return answerJson({ contentType: 'application/json', operations: this.#operations }, call);
  }

  #made(): Record<KafkaOperation, Operation> {
    return {
      Metadata: operation(schemas.Metadata, ({ topic }) => ({ partitions: this.topic(topic).count })),
      Produce: operation(schemas.Produce, ({ topic, partition: number, records }) => ({
        first: this.topic(topic).append(number, records),
      })),
      Fetch: operation(schemas.Fetch, ({ topic, from }) => ({
        partitions: from.flatMap(([number, start]) => fetched(this.topic(topic), number, start)),
      })),
      ListOffsets: operation(schemas.ListOffsets, ({ topic, partitions, at }) => ({
        offsets: partitions.map((number) => [number, offsetAt(this.topic(topic), number, at)]),
      })),
      OffsetFetch: operation(schemas.OffsetFetch, ({ group, partitions }) => ({
        offsets: partitions.flatMap((number) => {
          const offset = this.group(group).committed(number);
          return offset === undefined ? [] : [[number, offset]];
        }),
      })),
      OffsetCommit: operation(schemas.OffsetCommit, (request) => ({
        isStored: this.group(request.group).commit(
          request.member,
          request.generationId,
          new Map(request.offsets),
        ),
      })),
    };
  }
}

/** Partitions that have nothing new are not in it. */
function fetched(topic: Topic, partition: number, start: number) {
  const log = topic.records(partition);
  const records = [];
  let characters = 0;
  for (let offset = start; offset < log.length; offset += 1) {
    const found = log[offset];
    if (found === undefined || (records.length > 0 && characters > MOST_CHARACTERS)) break;
    characters += found.value.length;
    records.push({ offset, ...found });
  }
  if (records.length === 0) return [];
  return [{ partition, records, next: start + records.length, end: log.length }];
}

/** The first at or after that time; of a time that is behind all, the log's end. */
function offsetAt(topic: Topic, partition: number, at: number): number {
  const log = topic.records(partition);
  if (at === EARLIEST) return 0;
  if (at === LATEST) return log.length;
  const found = log.findIndex(({ timestamp }) => timestamp >= at);
  return found < 0 ? log.length : found;
}

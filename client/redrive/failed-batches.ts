import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import type { KafkaRecord } from '../../lambda/batch/kafka-source.ts';
import { drawStateSchema } from '../../lambda/core/draw-state.ts';
import { streamName } from '../../local/event-source-mapping/arn.ts';
import { type BatchRecords, KinesisRecords, TopicRecords } from './batch-records.ts';

/**
 * What a mapping leaves in the artifacts bucket when it gives a batch up: the invocation record with the whole
 * payload (Lambda Developer Guide, "Retain discarded batch records for a Kinesis Data Streams event source").
 * Fields that are not used here are let pass.
 */
const requestContext = z.object({ functionArn: z.string(), condition: z.string() });

const streamInvocation = z.object({
  requestContext,
  KinesisBatchInfo: z.object({
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
    streamArn: z.string(),
  }),
  payload: z.string(),
});

/** Of a mapping that polls a topic ("Capturing discarded batches for Kafka event sources"): it may mix partitions. */
const topicInvocation = z.object({
  requestContext,
  KafkaBatchInfo: z.object({ recordsInfo: z.record(z.string(), z.unknown()) }),
  payload: z.string(),
});

const kafkaRecord: z.ZodType<KafkaRecord> = z.looseObject({
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  timestamp: z.number(),
  timestampType: z.string(),
  key: z.string().nullish(),
  value: z.string().nullish(),
});

const topicPayload = z.object({ records: z.record(z.string(), z.array(kafkaRecord)) });

const kinesisRecord = z.custom<KinesisStreamRecord>(
  (value) =>
    z
      .looseObject({
        eventID: z.string(),
        kinesis: z.looseObject({
          data: z.string(),
          partitionKey: z.string(),
          sequenceNumber: z.string(),
          approximateArrivalTimestamp: z.number(),
        }),
      })
      .safeParse(value).success,
);

/** `state`: of the open tumbling window, where the invocation had one. */
const payloadSchema = z.object({ Records: z.array(kinesisRecord), state: z.optional(drawStateSchema) });

export interface FailedBatch {
  /** The object's key in the bucket. */
  key: string;
  functionArn: string;
  functionName: string;
  /** Name of the stream or the topic. */
  stream: string;
  /** `RetryAttemptsExhausted` or `RecordAgeExceeded`. */
  condition: string;
  /** Where a topic's partitions are mixed, all of them. */
  shardId: string;
  /** Of a stream; what is of a topic is in `topicRecords`. */
  records: readonly KinesisStreamRecord[];
  topicRecords?: readonly KafkaRecord[];
  state: z.output<typeof drawStateSchema> | undefined;
}

/** @throws Error that names the key when the object is no invocation record with a payload. */
function parseFailedBatch(key: string, text: string): FailedBatch {
  try {
    const invocation: unknown = JSON.parse(text);
    if (typeof invocation === 'object' && invocation !== null && 'KafkaBatchInfo' in invocation)
      return topicBatch(key, invocation);
    const { requestContext, KinesisBatchInfo, payload } = streamInvocation.parse(invocation);
    const { Records, state } = payloadSchema.parse(JSON.parse(payload));
    const { functionArn, condition } = requestContext;
    return {
      ...{ key, functionArn, condition, state, records: Records },
      functionName: functionArn.split(':')[6] ?? functionArn,
      stream: streamName(KinesisBatchInfo.streamArn),
      shardId: KinesisBatchInfo.shardId,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`${key} is no failed batch of a stream: ${reason}`, { cause: error });
  }
}

/** @throws z.ZodError, SyntaxError */
function topicBatch(key: string, invocation: object): FailedBatch {
  const { requestContext: context, KafkaBatchInfo, payload } = topicInvocation.parse(invocation);
  const topicRecords = Object.values(topicPayload.parse(JSON.parse(payload)).records).flat();
  const { functionArn, condition } = context;
  return {
    ...{ key, functionArn, condition, state: undefined, records: [], topicRecords },
    functionName: functionArn.split(':')[6] ?? functionArn,
    stream: topicRecords[0]?.topic ?? '',
    shardId: Object.keys(KafkaBatchInfo.recordsInfo).join(', '),
  };
}

/** What the function was given, and is given again. */
export function recordsOf({ records, topicRecords }: FailedBatch): BatchRecords {
  return topicRecords === undefined ? new KinesisRecords(records) : new TopicRecords(topicRecords);
}

/** Lambda chooses the keys below this; nothing else in the bucket is touched. */
const PREFIX = 'aws/lambda/';

/** The failed batches of a bucket. */
export class FailedBatches {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** Oldest first: by shard, the order in which the mapping gave them up. @throws what the client throws. */
  async keys(): Promise<string[]> {
    const objects: { key: string; at: number }[] = [];
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: PREFIX,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) objects.push({ key: Key, at: LastModified?.getTime() ?? 0 });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects.sort((left, right) => left.at - right.at).map(({ key }) => key);
  }

  /** @throws Error that names the key when it holds no failed batch. */
  async read(key: string): Promise<FailedBatch> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return parseFailedBatch(key, (await Body?.transformToString()) ?? '');
  }

  /** The bucket has versions: what is deleted can be brought back for a while. */
  async remove(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }
}

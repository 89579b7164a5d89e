import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import { parseArn } from './arn.ts';
import { backoffMs, type Emulation } from './emulation.ts';
import type { DiscardCondition, Observer } from './events.ts';

/** Records that were given up, and why. */
export interface Discarded {
  requestId: string;
  functionArn: string;
  condition: DiscardCondition;
  /** How often a function was invoked with them. */
  invocations: number;
  /** The last invocation ended in a function error. */
  unhandled: boolean;
  /** What finds them again, under the name that the source has for it. */
  batchInfo: Readonly<Record<string, object>>;
  /** The invocation's payload. */
  event: unknown;
  /** Where they come from: a shard's id, or a partition's. */
  group: string;
  /** ms since the epoch. */
  at: number;
}

export interface FailureDestination {
  arn: string;
  /** @throws what the destination's client throws. */
  send(discarded: Discarded): Promise<void>;
}

interface Clients {
  s3?: S3Client | undefined;
  sqs?: SQSClient | undefined;
}

/**
 * The destination behind an ARN: a bucket gets the invocation record with the whole payload, a queue only what it
 * takes to find the records again (Lambda Developer Guide, "Retain discarded batch records for a Kinesis Data Streams event
 * source" and "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources").
 * @throws Error for a destination that is not emulated, or without its client.
 */
export function failureDestination(arn: string, mappingId: string, clients: Clients): FailureDestination {
  const { service, resource } = parseArn(arn);
  const { s3, sqs } = clients;
  if (service === 's3' && s3) return toBucket(arn, resource, mappingId, s3);
  if (service === 'sqs' && sqs) return toQueue(arn, resource, sqs);
  throw new Error(
    `On-failure destination ${arn}: ${service} is not emulated here, or no client was given for it`,
  );
}

/** What a delivery works with. */
interface Delivery {
  destination?: FailureDestination | undefined;
  settings: Emulation;
  clock: Clock;
  observe: Observer;
}

/**
 * Sends what was given up to the destination, if there is one. Returns when it is delivered or when the destination
 * failed too often; then it is lost, as on AWS (metric DestinationDeliveryFailures).
 */
export async function deliver(
  discarded: Discarded,
  { destination, settings, clock, observe }: Delivery,
): Promise<void> {
  if (!destination) return;
  for (let attempt = 1; attempt <= settings.destinationAttempts; attempt += 1) {
    try {
      await destination.send(discarded);
      return;
    } catch (error) {
      observe({ type: 'destinationFailed', origin: discarded.group, destination: destination.arn, error });
      await clock.sleep(backoffMs(attempt, settings));
    }
  }
}

function toBucket(arn: string, bucket: string, mappingId: string, s3: S3Client): FailureDestination {
  return {
    arn,
    async send(discarded) {
      const body = { ...invocationRecord(discarded), payload: JSON.stringify(discarded.event) };
      const Key = objectKey(mappingId, discarded.group, discarded.at, discarded.requestId);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(body) }));
    },
  };
}

function toQueue(arn: string, queue: string, sqs: SQSClient): FailureDestination {
  return {
    arn,
    async send(discarded) {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
      const MessageBody = JSON.stringify(invocationRecord(discarded));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
  };
}

/**
 * The documented name: `aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>`, in UTC. For Kafka none is
 * documented: there the shard's place is that of the partition of the first record.
 */
export function objectKey(mappingId: string, group: string, at: number, uuid: string): string {
  const seconds = new Date(at).toISOString().slice(0, 19);
  const day = seconds.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${group}/${day}/${seconds.replaceAll(':', '.')}-${uuid}`;
}

function invocationRecord(discarded: Discarded) {
  const { requestId, functionArn, condition, invocations, unhandled, at, batchInfo } = discarded;
  return {
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: invocations },
    // The function never had what is too large for it.
    responseContext:
      condition === 'MaximumPayloadSizeExceeded'
        ? null
        : {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(unhandled ? { functionError: 'Unhandled' } : {}),
          },
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    ...batchInfo,
  };
}

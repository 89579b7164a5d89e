import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parseArn, uuidOf } from '../arn.ts';
import type { DiscardCondition } from '../events.ts';
import type { PendingRecord } from './record.ts';

/** Records that were given up, and why. */
export interface Discarded {
  items: readonly PendingRecord[];
  condition: DiscardCondition;
  /** How often a function was invoked with them. */
  invocations: number;
  /** The last invocation ended in a function error. */
  unhandled: boolean;
  /** The invocation's payload. */
  event: unknown;
  shardId: string;
  /** ms since the epoch. */
  at: number;
}

export interface FailureDestination {
  arn: string;
  /** @throws what the destination's client throws. */
  send(discarded: Discarded): Promise<void>;
}

interface MappingIdentity {
  mappingId: string;
  functionArn: string;
  streamArn: string;
}

interface Clients {
  s3?: S3Client | undefined;
  sqs?: SQSClient | undefined;
}

/**
 * The destination behind an ARN: a bucket gets the invocation record with the whole payload, a queue only what it
 * takes to find the records in the stream (Lambda Developer Guide, "Retain discarded batch records for a Kinesis
 * Data Streams event source").
 * @throws Error for a destination that is not emulated, or without its client.
 */
export function failureDestination(
  arn: string,
  identity: MappingIdentity,
  clients: Clients,
): FailureDestination {
  const { service, resource } = parseArn(arn);
  const { s3, sqs } = clients;
  if (service === 's3' && s3) return toBucket(arn, resource, identity, s3);
  if (service === 'sqs' && sqs) return toQueue(arn, resource, identity, sqs);
  throw new Error(
    `On-failure destination ${arn}: ${service} is not emulated here, or no client was given for it`,
  );
}

function toBucket(arn: string, bucket: string, identity: MappingIdentity, s3: S3Client): FailureDestination {
  return {
    arn,
    async send(discarded) {
      const body = { ...invocationRecord(discarded, identity), payload: JSON.stringify(discarded.event) };
      const Key = objectKey(identity.mappingId, discarded.shardId, discarded.at, requestIdOf(discarded));
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(body) }));
    },
  };
}

function toQueue(arn: string, queue: string, identity: MappingIdentity, sqs: SQSClient): FailureDestination {
  return {
    arn,
    async send(discarded) {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
      const MessageBody = JSON.stringify(invocationRecord(discarded, identity));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
  };
}

/** The documented name: `aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>`, in UTC. */
export function objectKey(mappingId: string, shardId: string, at: number, uuid: string): string {
  const seconds = new Date(at).toISOString().slice(0, 19);
  const day = seconds.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${seconds.replaceAll(':', '.')}-${uuid}`;
}

function requestIdOf({ items, shardId, at, invocations }: Discarded): string {
  return uuidOf(shardId, items[0]?.sequenceNumber ?? '', items.length, invocations, at);
}

function invocationRecord(discarded: Discarded, { functionArn, streamArn }: MappingIdentity) {
  const { items, shardId } = discarded;
  const first = items[0];
  const last = items.at(-1);
  return {
    requestContext: {
      requestId: requestIdOf(discarded),
      functionArn,
      condition: discarded.condition,
      approximateInvokeCount: discarded.invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(discarded.unhandled ? { functionError: 'Unhandled' } : {}),
    },
    version: '1.0',
    timestamp: new Date(discarded.at).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: first && new Date(first.arrivalMs).toISOString(),
      approximateArrivalOfLastRecord: last && new Date(last.arrivalMs).toISOString(),
      batchSize: items.length,
      streamArn,
    },
  };
}

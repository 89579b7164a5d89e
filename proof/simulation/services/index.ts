import { Kms } from '../../../local/kms/kms.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import type { StreamRecord } from '../../../local/stream-reader.ts';
import type { Item } from './dynamodb/attributes.ts';
import { DynamoDb } from './dynamodb/dynamodb.ts';
import { NotEmulatedError } from './errors.ts';
import { Kinesis } from './kinesis/kinesis.ts';
import { deterministicKey } from './kms/deterministic-keys.ts';
import { type ServiceOptions, settingsOf } from './options.ts';
import type { StoredObject } from './s3/bucket.ts';
import { S3 } from './s3/s3.ts';
import type { Message } from './sqs/queue.ts';
import { Sqs } from './sqs/sqs.ts';

export { simulatedClients } from './clients.ts';
export { directClients } from './direct-clients.ts';
export { NotEmulatedError, ServiceError } from './errors.ts';
export type { ServiceOptions } from './options.ts';
export { requestHandlerFor } from './request-handler.ts';
export { retrying } from './retrying.ts';

/** One call of an SDK client: of the shape that interceptors of the local proxy take, faults among them. */
export type ServiceCall = AwsCall;
export type ServiceAnswer = AwsAnswer;

/** Kinesis, DynamoDB, SQS, S3 and KMS of one account and region, in memory. */
export interface Services {
  /**
   * Does what one call asks for, and answers it, at once: when the call has its effect and when its answer is
   * delivered is for the caller to decide.
   * @throws NotEmulatedError that names what these services do not have
   */
  readonly handle: (call: ServiceCall) => ServiceAnswer;
  /** What a stream holds, shard by shard, each in its order. @throws ServiceError */
  readonly records: (stream: string) => StreamRecord[];
  /** The items of a table as they are now, in the order of a scan. @throws ServiceError */
  readonly items: (table: string) => Item[];
  /** The messages of a queue, hidden and delayed ones too. @throws ServiceError */
  readonly messages: (queue: string) => readonly Message[];
  /** When the next message of a queue can be received, ms; undefined when it has none. @throws ServiceError */
  readonly nextVisibleAt: (queue: string) => number | undefined;
  /** The objects of a bucket, in the order of their keys. @throws Error */
  readonly objects: (bucket: string) => StoredObject[];
  /** Keys are made by templates alone. */
  readonly kms: Pick<Kms, 'createKey' | 'createAlias'>;
}

export function createServices(options: ServiceOptions): Services {
  const settings = settingsOf(options);
  const kinesis = new Kinesis(settings);
  const dynamodb = new DynamoDb(settings);
  const sqs = new Sqs(settings);
  const s3 = new S3(settings);
  const kms = new Kms(settings, deterministicKey);
  return {
    kms,
    handle(call) {
      switch (call.service) {
        case 'kinesis':
          return kinesis.answer(call);
        case 'dynamodb':
          return dynamodb.answer(call);
        case 'sqs':
          return sqs.answer(call);
        case 's3':
          return s3.answer(call);
        case 'kms':
          return kms.answer(call);
        default:
          throw new NotEmulatedError(`the service ${call.service}`);
      }
    },
    records: (stream) => kinesis.records(stream),
    items: (table) => dynamodb.items(table),
    messages: (queue) => sqs.messages(queue),
    nextVisibleAt: (queue) => sqs.nextVisibleAt(queue),
    objects: (bucket) => s3.objects(bucket),
  };
}

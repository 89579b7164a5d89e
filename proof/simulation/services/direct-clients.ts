import {
  ExpiredIteratorException,
  type KinesisClient,
  KinesisServiceException,
  ResourceInUseException,
} from '@aws-sdk/client-kinesis';
import { type SQSClient, SQSServiceException } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Clients } from '../../../local/clients.ts';
import type { AwsAnswer } from '../../../local/proxy/aws-call.ts';
import { SimulatedClients, type SimulatedClientsOptions } from './clients.ts';
import { unwritten, valueIn } from './unwritten.ts';

type Options = Omit<SimulatedClientsOptions, 'retryStrategy'>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * Clients for those who are no function and call often: calls of Kinesis and SQS pass by the SDK, which takes many
 * times as long as the service and the caller together. A signal does not end a call under way.
 */
export function directClients(options: Options): Clients {
  return new DirectClients(options);
}

class DirectClients extends SimulatedClients {
  readonly #kinesis: KinesisClient;
  readonly #sqs: SQSClient;

  constructor(options: Options) {
    super(options);
    this.#kinesis = Object.assign(super.kinesis, { send: sendTo('kinesis', options) });
    this.#sqs = Object.assign(super.sqs, { send: sendTo('sqs', options) });
  }

  override get kinesis(): KinesisClient {
    return this.#kinesis;
  }

  override get sqs(): SQSClient {
    return this.#sqs;
  }
}

/** A command of the SDK, as far as it is looked at. */
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

function sendTo(service: string, { send, caller }: Options) {
  return async ({ constructor: { name }, input }: Command) => {
    const head = {
      service,
      operation: name.replace(/Command$/, ''),
      caller,
      method: 'POST',
      path: '/',
      headers: {},
    };
    const answer = await send(unwritten(head, eachRecord({ ...input }, encoded)));
    if (answer === 'disconnect') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    if (answer.status !== 200) throw exceptionOf(service, answer);
    return eachRecord(valueIn(answer) ?? JSON.parse(answer.body.toString('utf8')), decoded);
  };
}

/** Records are all that does not look in JSON as it does in the SDK. The call that puts one is itself one. */
function eachRecord(message: Fields, convert: (record: Fields) => Fields): Fields {
  const { Records } = message;
  return Array.isArray(Records) ? { ...message, Records: Records.map(convert) } : convert(message);
}

function encoded(record: Fields): Fields {
  const { Data } = record;
  if (!(Data instanceof Uint8Array)) return record;
  return { ...record, Data: Buffer.from(Data.buffer, Data.byteOffset, Data.byteLength).toString('base64') };
}

function decoded(record: Fields): Fields {
  const { Data, ApproximateArrivalTimestamp: seconds } = record;
  if (typeof Data !== 'string' || typeof seconds !== 'number') return record;
  return {
    ...record,
    Data: Buffer.from(Data, 'base64'),
    ApproximateArrivalTimestamp: new Date(Math.round(seconds * 1000)),
  };
}

const refusal = z.object({ __type: z.string(), message: z.string().default('') });

function exceptionOf(service: string, { status, body }: AwsAnswer): Error {
  const { __type, message } = refusal.parse(JSON.parse(body.toString('utf8')));
  const name = __type.slice(__type.lastIndexOf('#') + 1);
  const $metadata = { httpStatusCode: status };
  if (service === 'sqs') return new SQSServiceException({ name, message, $metadata, $fault: 'client' });
  if (name === 'ExpiredIteratorException') return new ExpiredIteratorException({ message, $metadata });
  if (name === 'ResourceInUseException') return new ResourceInUseException({ message, $metadata });
  return new KinesisServiceException({ name, message, $metadata, $fault: 'client' });
}

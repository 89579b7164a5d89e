import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { keepTraceHeaders } from '../../../../local/engines/trace-headers.ts';
import { startProxy } from '../../../../local/proxy/proxy.ts';
import { clientSettings } from './engine.ts';

/** SQS and S3 of a test file's own, on a free port. */
export class TestQueues {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly #endpoint: string;
  readonly #close: () => Promise<void>;

  static async start(): Promise<TestQueues> {
    const app = buildApp({ logger: false, host: '127.0.0.1' });
    const front = await startProxy(await app.listen({ port: 0, host: '127.0.0.1' }), 0, keepTraceHeaders);
    return new TestQueues(front.endpoint, async () => {
      await front.stop();
      await app.close();
    });
  }

  private constructor(endpoint: string, close: () => Promise<void>) {
    this.sqs = new SQSClient({ ...clientSettings, endpoint, useQueueUrlAsEndpoint: false });
    this.s3 = new S3Client({ ...clientSettings, endpoint, forcePathStyle: true });
    this.#endpoint = endpoint;
    this.#close = close;
  }

  /** @param attributes as SetQueueAttributes names them. @returns the queue's ARN. */
  async createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    await this.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return `arn:aws:sqs:us-east-1:000000000000:${name}`;
  }

  #url(name: string): string {
    return `${this.#endpoint}/000000000000/${name}`;
  }

  /** Sends up to ten messages in one call. */
  async send(name: string, bodies: readonly string[], delaySeconds = 0): Promise<void> {
    const Entries = bodies.map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      DelaySeconds: delaySeconds,
      MessageAttributes: { origin: { DataType: 'String', StringValue: 'test' } },
    }));
    await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#url(name), Entries }));
  }

  /** Sends a message in the name of a function that was invoked with this header. */
  async sendOn(name: string, MessageBody: string, StringValue: string): Promise<void> {
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue } };
    await this.sqs.send(
      new SendMessageCommand({ QueueUrl: this.#url(name), MessageBody, MessageSystemAttributes }),
    );
  }

  /** @param names of what else a message is to be received with. */
  async receive(name: string, names: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: this.#url(name), ...names });
    const { Messages } = await this.sqs.send(command);
    return Messages ?? [];
  }

  /** Messages that are in the queue in any way. */
  async size(name: string): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url(name), AttributeNames: ['All'] });
    const { Attributes = {} } = await this.sqs.send(command);
    const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    return counts.reduce((sum, count) => sum + Number(Attributes[count] ?? 0), 0);
  }

  async createBucket(name: string): Promise<string> {
    await this.s3.send(new CreateBucketCommand({ Bucket: name }));
    return `arn:aws:s3:::${name}`;
  }

  /** All objects of a bucket, by key. */
  async objects(bucket: string): Promise<Record<string, string>> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const objects: Record<string, string> = {};
    for (const { Key = '' } of Contents) {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      objects[Key] = (await Body?.transformToString()) ?? '';
    }
    return objects;
  }

  async stop(): Promise<void> {
    this.sqs.destroy();
    this.s3.destroy();
    await this.#close();
  }
}

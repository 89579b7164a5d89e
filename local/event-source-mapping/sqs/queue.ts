import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { parseArn } from '../arn.ts';
import { type ReceivedMessage, toReceivedMessage } from './record.ts';

/** The most that SQS gives, or deletes, in one call. */
export const MESSAGES_PER_CALL = 10;

/** The queue's operations that a mapping needs. Each throws what the client throws. */
export class Queue {
  readonly arn: string;
  readonly name: string;
  readonly #client: SQSClient;
  #url: string | undefined;

  constructor(client: SQSClient, arn: string, url: string | undefined) {
    this.#client = client;
    this.arn = arn;
    this.name = parseArn(arn).resource;
    this.#url = url;
  }

  async receive(most: number, waitSeconds: number, abortSignal: AbortSignal): Promise<ReceivedMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: await this.#queueUrl(),
      MaxNumberOfMessages: Math.min(most, MESSAGES_PER_CALL),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages } = await this.#client.send(command, { abortSignal });
    return (Messages ?? []).map((message) => toReceivedMessage(message, this.arn));
  }

  /** Deletes up to 10 messages. @returns those that could not be deleted. */
  async delete(messages: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const Entries = messages.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    const command = new DeleteMessageBatchCommand({ QueueUrl: await this.#queueUrl(), Entries });
    const { Failed } = await this.#client.send(command);
    const failed = new Set((Failed ?? []).map(({ Id }) => Id));
    return messages.filter((_, index) => failed.has(String(index)));
  }

  /** Messages in the queue: visible, in flight and delayed together. */
  async size(): Promise<number> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: await this.#queueUrl(),
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    });
    const { Attributes = {} } = await this.#client.send(command);
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  async #queueUrl(): Promise<string> {
    if (this.#url === undefined) {
      const { QueueUrl } = await this.#client.send(new GetQueueUrlCommand({ QueueName: this.name }));
      if (!QueueUrl) throw new Error(`SQS has no URL for the queue ${this.name}`);
      this.#url = QueueUrl;
    }
    return this.#url;
  }
}

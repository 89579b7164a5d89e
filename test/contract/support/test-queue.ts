import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';

let queues = 0;

/** A queue of a test's own, on whatever plays SQS. */
export class TestQueue {
  readonly arn: string;
  readonly url: string;
  readonly #client: SQSClient;

  static async create(client: SQSClient, attributes: Record<string, string> = {}): Promise<TestQueue> {
    queues += 1;
    const command = new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes: attributes });
    const { QueueUrl: created = '' } = await client.send(command);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: created, AttributeNames: ['QueueArn'] }),
    );
    return new TestQueue(client, created, Attributes?.QueueArn ?? '');
  }

  private constructor(client: SQSClient, url: string, arn: string) {
    this.#client = client;
    this.url = url;
    this.arn = arn;
  }

  send(MessageBody: string, more: Partial<SendMessageCommandInput> = {}) {
    return this.#client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody, ...more }));
  }

  sendAll(Entries: SendMessageBatchRequestEntry[]) {
    return this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  async receive(MaxNumberOfMessages = 10): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      ...{ QueueUrl: this.url, MaxNumberOfMessages },
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#client.send(command);
    return Messages;
  }

  /** The bodies of what can be received now, in the order of the alphabet. */
  async bodies(): Promise<string[]> {
    return (await this.receive()).map(({ Body = '' }) => Body).toSorted();
  }

  /** @returns the answer, which may name entries that failed */
  delete(messages: readonly Pick<Message, 'ReceiptHandle'>[]) {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    return this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  /** Messages that are visible, hidden and delayed. */
  async counts(): Promise<number[]> {
    const names = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [...names] });
    const { Attributes = {} } = await this.#client.send(command);
    return names.map((name) => Number(Attributes[name]));
  }
}

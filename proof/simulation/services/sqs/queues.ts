import { z } from 'zod';
import { NotEmulatedError, ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { Queue, type QueueSettings } from './queue.ts';

/** SQS API reference, CreateQueue, with the defaults that it names. */
const attributes = z.strictObject({
  DelaySeconds: z.coerce.number().int().min(0).max(900).default(0),
  MaximumMessageSize: z.coerce.number().int().min(1_024).max(1_048_576).default(1_048_576),
  MessageRetentionPeriod: z.coerce.number().int().min(60).max(1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: z.coerce.number().int().min(0).max(20).default(0),
  VisibilityTimeout: z.coerce.number().int().min(0).max(43_200).default(30),
  RedrivePolicy: z.string().optional(),
});

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1_000),
});

/** Requests: made once, and not with each account. */
const schemas = {
  CreateQueue: z.strictObject({
    QueueName: z.string().regex(/^[\w-]{1,80}(\.fifo)?$/),
    Attributes: z.record(z.string(), z.string()).default({}),
  }),
  GetQueueUrl: z.strictObject({ QueueName: z.string() }),
  GetQueueAttributes: z.strictObject({
    QueueUrl: z.string(),
    AttributeNames: z.array(z.string()).default([]),
  }),
};

/** The queues of one account. */
export class Queues {
  readonly #settings: Settings;
  readonly #queues = new Map<string, { readonly queue: Queue; readonly created: string }>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws ServiceError */
  byName(name: string): Queue {
    const found = this.#queues.get(name);
    if (found !== undefined) return found.queue;
    throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** A queue is known by the end of its URL: the host is that of whoever asks. @throws ServiceError */
  readonly byUrl = (url: string): Queue => this.byName(url.slice(url.lastIndexOf('/') + 1));

  get operations(): Record<string, Operation> {
    return {
      CreateQueue: operation(schemas.CreateQueue, ({ QueueName: name, Attributes }) => {
        if (name.endsWith('.fifo')) throw new NotEmulatedError('a FIFO queue');
        const created = JSON.stringify(Object.entries(Attributes).sort());
        const existing = this.#queues.get(name);
        if (existing !== undefined && existing.created !== created) {
          throw new ServiceError(
            'QueueNameExists',
            'A queue already exists with another value for an attribute',
          );
        }
        const queue = existing?.queue ?? new Queue(name, this.#queueSettings(Attributes), this.#settings);
        this.#queues.set(name, { queue, created });
        return { QueueUrl: this.#url(queue) };
      }),
      GetQueueUrl: operation(schemas.GetQueueUrl, ({ QueueName }) => ({
        QueueUrl: this.#url(this.byName(QueueName)),
      })),
      GetQueueAttributes: operation(schemas.GetQueueAttributes, ({ QueueUrl, AttributeNames: names }) => {
        const all = Object.entries(this.#attributes(this.byUrl(QueueUrl)));
        const wanted = all.filter(([name]) => names.includes('All') || names.includes(name));
        return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
      }),
    };
  }

  #queueSettings(given: Readonly<Record<string, string>>): QueueSettings {
    const parsed = attributes.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      if (issue?.code === 'unrecognized_keys') {
        throw new NotEmulatedError(`the queue attribute ${issue.keys.join()}`);
      }
      throw new ServiceError(
        'InvalidAttributeValue',
        `Invalid value for the parameter ${issue?.path.join('.')}.`,
      );
    }
    const { data } = parsed;
    const policy =
      data.RedrivePolicy === undefined ? undefined : redrivePolicy.parse(JSON.parse(data.RedrivePolicy));
    const target = policy?.deadLetterTargetArn;
    return {
      delaySeconds: data.DelaySeconds,
      visibilityTimeout: data.VisibilityTimeout,
      retentionSeconds: data.MessageRetentionPeriod,
      maximumMessageBytes: data.MaximumMessageSize,
      maxReceiveCount: policy?.maxReceiveCount ?? Number.POSITIVE_INFINITY,
      deadLetters: target === undefined ? undefined : this.byName(target.slice(target.lastIndexOf(':') + 1)),
    };
  }

  #url({ name }: Queue): string {
    const { region, accountId } = this.#settings;
    return `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
  }

  #attributes({ arn, createdAt, messages, settings }: Queue): Record<string, string> {
    const now = this.#settings.now();
    const count = (isCounted: (message: Queue['messages'][number]) => boolean) =>
      String(messages.filter(isCounted).length);
    const { maxReceiveCount, deadLetters } = settings;
    return {
      QueueArn: arn,
      ApproximateNumberOfMessages: count(({ hiddenUntil }) => hiddenUntil <= now),
      ApproximateNumberOfMessagesNotVisible: count(
        ({ hiddenUntil, received }) => hiddenUntil > now && received > 0,
      ),
      ApproximateNumberOfMessagesDelayed: count(
        ({ hiddenUntil, received }) => hiddenUntil > now && received === 0,
      ),
      CreatedTimestamp: String(Math.floor(createdAt / 1000)),
      DelaySeconds: String(settings.delaySeconds),
      MaximumMessageSize: String(settings.maximumMessageBytes),
      MessageRetentionPeriod: String(settings.retentionSeconds),
      VisibilityTimeout: String(settings.visibilityTimeout),
      ...(deadLetters && {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
      }),
    };
  }
}

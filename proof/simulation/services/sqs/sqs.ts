import type { AwsAnswer, AwsCall } from '../../../../local/proxy/aws-call.ts';
import { answerJson } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { messageOperations } from './messages.ts';
import type { Message } from './queue.ts';
import { Queues } from './queues.ts';

/** What these errors are called in the older protocol, by which SDKs know some of them still. */
const queryNames: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
};

/** SQS, as far as the system uses it: standard queues. */
export class Sqs {
  readonly #queues: Queues;
  readonly #service;

  constructor(settings: Settings) {
    this.#queues = new Queues(settings);
    this.#service = {
      contentType: 'application/x-amz-json-1.0',
      operations: { ...this.#queues.operations, ...messageOperations(this.#queues.byUrl, settings) },
      errorHeaders: (type: string) => ({ 'x-amzn-query-error': `${queryNames[type] ?? type};Sender` }),
    };
  }

  answer(call: AwsCall): AwsAnswer {
    return answerJson(this.#service, call);
  }

  /** Every message of a queue, hidden and delayed ones too. @throws ServiceError when there is no such queue */
  messages(queue: string): readonly Message[] {
    return this.#queues.byName(queue).messages;
  }

  /** When the next message of a queue can be received; undefined when it has none. @throws ServiceError */
  nextVisibleAt(queue: string): number | undefined {
    return this.#queues.byName(queue).nextVisibleAt;
  }
}

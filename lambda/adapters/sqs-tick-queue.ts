import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { TickMessage } from '../core/entries-records.ts';
import type { TickQueue } from '../ports/ports.ts';
import type { RetryPolicy } from './retry.ts';
import { sendRemaining, standardRetry } from './retry.ts';

/** SQS: a batch holds 10 messages; a delay is in whole seconds, at most 900. */
const maximumMessages = 10;
const maximumDelaySeconds = 900;

/** The delay until `at`, rounded down: who receives a message waits for the rest. What is further away is queued again. */
export function delaySeconds(at: number, now: number): number {
  return Math.min(maximumDelaySeconds, Math.max(0, Math.floor((at - now) / 1000)));
}

export class SqsTickQueue implements TickQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #now: () => number;
  readonly #retry: RetryPolicy;

  constructor(client: SQSClient, queueUrl: string, now: () => number, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#now = now;
    this.#retry = retry;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    for (let start = 0; start < messages.length; start += maximumMessages) {
      await this.#sendBatch(messages.slice(start, start + maximumMessages));
    }
  }

  async #sendBatch(messages: readonly TickMessage[]): Promise<void> {
    const entries = messages.map(
      (message, index): SendMessageBatchRequestEntry => ({
        Id: String(index),
        MessageBody: asciiJson(message),
        DelaySeconds: delaySeconds(message.at, this.#now()),
      }),
    );
    const left = await sendRemaining(entries, (remaining) => this.#sendOnce(remaining), this.#retry);
    if (left.length > 0) throw new Error(`${left.length} ticks could not be queued on ${this.#queueUrl}`);
  }

  async #sendOnce(
    entries: readonly SendMessageBatchRequestEntry[],
  ): Promise<readonly SendMessageBatchRequestEntry[]> {
    const input = { QueueUrl: this.#queueUrl, Entries: [...entries] };
    const { Successful = [] } = await this.#client.send(new SendMessageBatchCommand(input));
    const sent = new Set(Successful.map(({ Id }) => Id));
    return entries.filter(({ Id }) => !sent.has(Id));
  }
}

/**
 * JSON with every character that is not ASCII escaped: SQS takes only characters that XML 1.0 takes, and an id may
 * hold others (U+FFFE, say).
 */
export function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import type { Message, Queue } from './queue.ts';
import { bytesOf, message, newMessage, send } from './sending.ts';

/** SQS API reference, SendMessage, SendMessageBatch and ReceiveMessage. */
const ENTRIES_OF_A_BATCH = 10;
const BYTES_OF_A_BATCH = 1_048_576;

const id = z.string().regex(/^[\w-]{1,80}$/);

function batchOf<Entry extends z.ZodType>(entry: Entry) {
  return z.strictObject({ QueueUrl: z.string(), Entries: z.array(entry) });
}

const names = z.array(z.string()).default([]);

/** Requests: made once, and not with each account. */
const schemas = {
  SendMessage: z.strictObject({ QueueUrl: z.string(), ...message }),
  SendMessageBatch: batchOf(z.strictObject({ Id: id, ...message })),
  ReceiveMessage: z.strictObject({
    QueueUrl: z.string(),
    MaxNumberOfMessages: z.int().min(1).max(10).default(1),
    /** An answer comes at once always: the caller decides when it is delivered. */
    WaitTimeSeconds: z.int().min(0).max(20).optional(),
    VisibilityTimeout: z.int().min(0).max(43_200).optional(),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  }),
  DeleteMessage: z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() }),
  DeleteMessageBatch: batchOf(z.strictObject({ Id: id, ReceiptHandle: z.string() })),
};

export function messageOperations(
  find: (url: string) => Queue,
  { accountId }: Settings,
): Record<string, Operation> {
  return {
    SendMessage: operation(schemas.SendMessage, (input, call) => {
      const { messageId, md5 } = send(find(input.QueueUrl), input, call);
      return { MessageId: messageId, MD5OfMessageBody: md5 };
    }),
    SendMessageBatch: operation(schemas.SendMessageBatch, ({ QueueUrl, Entries }, call) => {
      const queue = find(QueueUrl);
      checkBatch(Entries);
      const bytes = Entries.reduce((sum, entry) => sum + bytesOf(newMessage(entry, call)), 0);
      if (bytes > BYTES_OF_A_BATCH) {
        throw new ServiceError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${BYTES_OF_A_BATCH} bytes.`,
        );
      }
      return batchAnswer(Entries, (entry) => {
        const { messageId, md5 } = send(queue, entry, call);
        return { MessageId: messageId, MD5OfMessageBody: md5 };
      });
    }),
    ReceiveMessage: operation(schemas.ReceiveMessage, (input) => {
      const queue = find(input.QueueUrl);
      const wanted = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      const received = queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
      if (received.length === 0) return {};
      const isWithAttributes = input.MessageAttributeNames.length > 0;
      return { Messages: received.map((each) => messageJson(each, wanted, isWithAttributes, accountId)) };
    }),
    DeleteMessage: operation(schemas.DeleteMessage, ({ QueueUrl, ReceiptHandle }) => {
      remove(find(QueueUrl), ReceiptHandle);
      return {};
    }),
    DeleteMessageBatch: operation(schemas.DeleteMessageBatch, ({ QueueUrl, Entries }) => {
      const queue = find(QueueUrl);
      checkBatch(Entries);
      return batchAnswer(Entries, ({ ReceiptHandle }) => {
        remove(queue, ReceiptHandle);
        return {};
      });
    }),
  };
}

/** @throws ServiceError */
function remove(queue: Queue, receipt: string): void {
  if (queue.delete(receipt)) return;
  throw new ServiceError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${receipt}" is not a valid receipt handle.`,
  );
}

/** @throws ServiceError for a batch that is refused as a whole */
function checkBatch(entries: readonly { readonly Id: string }[]): void {
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > ENTRIES_OF_A_BATCH) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${ENTRIES_OF_A_BATCH}.`,
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
}

/** Each entry stands alone. */
function batchAnswer<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  take: (entry: Entry) => object,
): object {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    const { Id } = entry;
    try {
      Successful.push({ Id, ...take(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id, Code: error.type, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

function messageJson(
  each: Message,
  wanted: readonly string[],
  isWithAttributes: boolean,
  accountId: string,
): object {
  const system = {
    SenderId: accountId,
    SentTimestamp: String(each.sentAt),
    ApproximateReceiveCount: String(each.received),
    ApproximateFirstReceiveTimestamp: String(each.firstReceivedAt),
    ...(each.traceHeader !== undefined && { AWSTraceHeader: each.traceHeader }),
  };
  const asked = Object.entries(system).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return {
    MessageId: each.messageId,
    ReceiptHandle: each.receipt,
    Body: each.body,
    MD5OfBody: each.md5,
    ...(asked.length > 0 && { Attributes: Object.fromEntries(asked) }),
    ...(isWithAttributes && each.attributes && { MessageAttributes: each.attributes }),
  };
}

import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { parseArn } from '../arn.ts';

/** A message that was received and not yet deleted. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  /** X-Ray's header of the call that sent it, where there was one. */
  traceHeader: string | undefined;
  /** As Lambda sends it. */
  record: Record<string, unknown>;
  /** UTF-8 bytes of the record's JSON. */
  bytes: number;
}

/**
 * One message as Lambda sends it (Lambda Developer Guide, "Using Lambda with Amazon SQS").
 * @throws Error when the queue left out the id, the receipt handle or the body, which SQS never does.
 */
export function toReceivedMessage(message: Message, queueArn: string): ReceivedMessage {
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body } = message;
  if (!messageId || !receiptHandle || body === undefined) {
    throw new Error(`A message of ${queueArn} lacks its id, receipt handle or body`);
  }
  const attributes = Object.entries(message.MessageAttributes ?? {});
  const record = {
    messageId,
    receiptHandle,
    body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes.map(([name, value]) => [name, attribute(value)])),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: parseArn(queueArn).region,
  };
  return {
    messageId,
    receiptHandle,
    traceHeader: message.Attributes?.AWSTraceHeader,
    record,
    bytes: Buffer.byteLength(JSON.stringify(record)),
  };
}

function attribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue) {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** How many of the messages fit into a payload; at least one. */
export function fitting(messages: readonly ReceivedMessage[], room: number): number {
  let bytes = 0;
  const tooMany = messages.findIndex((message, index) => {
    bytes += message.bytes + 1; // a comma
    return index > 0 && bytes > room;
  });
  return tooMany === -1 ? messages.length : tooMany;
}

import { z } from 'zod';
import type { AwsCall } from '../../../../local/proxy/aws-call.ts';
import { ServiceError } from '../errors.ts';
import type { Message, NewMessage, Queue } from './queue.ts';

/** SQS API reference, SendMessage. */
const LONGEST_DELAY_SECONDS = 900;

const traceHeader = z.strictObject({ DataType: z.literal('String'), StringValue: z.string() });

export const message = {
  MessageBody: z.string(),
  DelaySeconds: z.int().optional(),
  MessageAttributes: z.record(z.string(), z.unknown()).optional(),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: traceHeader.optional() }).optional(),
};

type MessageJson = z.output<z.ZodObject<typeof message>>;

/** @throws ServiceError */
export function send(queue: Queue, input: MessageJson, call: AwsCall): Message {
  const { DelaySeconds: delay } = input;
  const sent = newMessage(input, call);
  if (sent.body === '')
    throw new ServiceError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (!isAllowed(sent.body)) {
    throw new ServiceError('InvalidMessageContents', 'Invalid characters were found in the message body.');
  }
  if (bytesOf(sent) > queue.settings.maximumMessageBytes) {
    throw invalidParameter(`Message must be shorter than ${queue.settings.maximumMessageBytes} bytes.`);
  }
  if (delay !== undefined && (delay < 0 || delay > LONGEST_DELAY_SECONDS)) {
    throw invalidParameter(`Value ${delay} for parameter DelaySeconds is invalid.`);
  }
  return queue.send(sent, delay);
}

/** What a message names itself goes before the header of its call, which the SDK sends along. */
export function newMessage(
  input: MessageJson,
  { headers: { 'x-amzn-trace-id': fromSdk } }: AwsCall,
): NewMessage {
  const named = input.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  return {
    body: input.MessageBody,
    attributes: input.MessageAttributes,
    traceHeader: named ?? (typeof fromSdk === 'string' ? fromSdk : undefined),
  };
}

/** The trace header does not count (SQS Developer Guide, "Amazon SQS message metadata"). */
export function bytesOf({ body, attributes }: NewMessage): number {
  return (
    Buffer.byteLength(body) + (attributes === undefined ? 0 : Buffer.byteLength(JSON.stringify(attributes)))
  );
}

/** What XML 1.0 takes, and nothing else (API reference, SendMessage). */
function isAllowed(body: string): boolean {
  return /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(body);
}

function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${message}`);
}

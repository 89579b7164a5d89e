import { z } from 'zod';
import type { AwsAnswer, AwsCall, Guard } from '../proxy/aws-call.ts';

/**
 * Keeps the trace header with the messages of a queue, as SQS does and fauxqs does not: what a sender's SDK sends as
 * `X-Amzn-Trace-Id` (or names itself, in MessageSystemAttributes) is the message's system attribute AWSTraceHeader
 * when it is received. In between it is a message attribute, so that it goes everywhere with the message: to the
 * disk, and to the dead-letter queue.
 *
 * The name is one that SQS refuses to senders. Unlike on AWS the header counts into the size of the message, and the
 * answers to calls with one have no MD5OfMessageAttributes, which would not be that of the caller's attributes.
 */
const CARRIER = 'AWS.TraceHeader';

export const keepTraceHeaders: Guard = async (call, forward) => {
  switch (call.operation) {
    case 'SendMessage':
    case 'SendMessageBatch': {
      const sent = withCarriers(call);
      return sent === undefined ? forward() : changed(await forward(sent), sentSchema, withoutDigests);
    }
    case 'ReceiveMessage': {
      const asked = withBody(call, receiveSchema, askForCarrier);
      return changed(await forward(asked), receivedSchema, withHeaders(call));
    }
    default:
      return forward();
  }
};

const attributeSchema = z.looseObject({ StringValue: z.string().optional() });

const messageSchema = z.looseObject({
  MessageAttributes: z.record(z.string(), z.unknown()).optional(),
  MessageSystemAttributes: z.looseObject({ AWSTraceHeader: attributeSchema.optional() }).optional(),
});

const sendSchema = messageSchema.extend({ Entries: z.array(messageSchema).optional() });

const digestSchema = z.looseObject({ MD5OfMessageAttributes: z.string().optional() });

const sentSchema = digestSchema.extend({ Successful: z.array(digestSchema).optional() });

const receiveSchema = z.looseObject({
  MessageAttributeNames: z.array(z.string()).optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
});

const receivedSchema = z.looseObject({
  Messages: z
    .array(
      digestSchema.extend({
        Attributes: z.record(z.string(), z.string()).optional(),
        MessageAttributes: z.record(z.string(), attributeSchema).optional(),
      }),
    )
    .optional(),
});

/** The call with the header in each message; undefined where there is none to keep. */
function withCarriers(call: AwsCall): AwsCall | undefined {
  const { 'x-amzn-trace-id': fromSdk } = call.headers;
  let isKept = false;
  const carry = (message: z.output<typeof messageSchema>) => {
    const header = message.MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? fromSdk;
    if (header === undefined) return message;
    isKept = true;
    const carrier = { DataType: 'String', StringValue: header };
    return { ...message, MessageAttributes: { ...message.MessageAttributes, [CARRIER]: carrier } };
  };
  const sent = withBody(call, sendSchema, (body) =>
    body.Entries === undefined ? carry(body) : { ...body, Entries: body.Entries.map(carry) },
  );
  return isKept ? sent : undefined;
}

function withoutDigests({ Successful, ...answer }: z.output<typeof sentSchema>): object {
  const undigested = ({ MD5OfMessageAttributes: _, ...rest }: z.output<typeof digestSchema>) => rest;
  return { ...undigested(answer), ...(Successful && { Successful: Successful.map(undigested) }) };
}

/** Who names the attributes that are wanted gets no other ones from the engine. */
function askForCarrier(body: z.output<typeof receiveSchema>): object {
  const { MessageAttributeNames: names = [] } = body;
  return names.length === 0 ? body : { ...body, MessageAttributeNames: [...names, CARRIER] };
}

function withHeaders(call: AwsCall): (answer: z.output<typeof receivedSchema>) => object {
  const asked = receiveSchema.safeParse(parsed(call.body)).data;
  const names = [...(asked?.AttributeNames ?? []), ...(asked?.MessageSystemAttributeNames ?? [])];
  const isWanted = names.includes('All') || names.includes('AWSTraceHeader');
  return ({ Messages, ...answer }) => ({
    ...answer,
    ...(Messages && { Messages: Messages.map((message) => withHeader(message, isWanted)) }),
  });
}

type ReceivedMessage = NonNullable<z.output<typeof receivedSchema>['Messages']>[number];

function withHeader(message: ReceivedMessage, isWanted: boolean): object {
  const { MessageAttributes = {}, MD5OfMessageAttributes: _, ...rest } = message;
  const { [CARRIER]: carrier, ...own } = MessageAttributes;
  if (carrier?.StringValue === undefined) return message;
  return {
    ...rest,
    ...(Object.keys(own).length > 0 && { MessageAttributes: own }),
    ...(isWanted && { Attributes: { ...rest.Attributes, AWSTraceHeader: carrier.StringValue } }),
  };
}

/** The call with another body; one that cannot be read stays as it is, for the engine to refuse. */
function withBody<Schema extends z.ZodType>(
  call: AwsCall,
  schema: Schema,
  change: (body: z.output<Schema>) => object,
): AwsCall {
  const body = schema.safeParse(parsed(call.body));
  return body.success ? { ...call, body: Buffer.from(JSON.stringify(change(body.data))) } : call;
}

/** The answer with another body; an error stays as it is. */
function changed<Schema extends z.ZodType>(
  answer: AwsAnswer,
  schema: Schema,
  change: (body: z.output<Schema>) => object,
): AwsAnswer {
  const body = answer.status === 200 ? schema.safeParse(parsed(answer.body)) : undefined;
  return body?.success ? { ...answer, body: Buffer.from(JSON.stringify(change(body.data))) } : answer;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

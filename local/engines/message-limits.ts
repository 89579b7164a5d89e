import { z } from 'zod';
import { type AwsAnswer, errorAnswer, type Guard } from '../proxy/aws-call.ts';

/** SQS API reference, SendMessage. */
const LONGEST_DELAY_SECONDS = 900;

const message = z.looseObject({ MessageBody: z.string(), DelaySeconds: z.number().optional() });
const batch = z.looseObject({ Entries: z.array(message.extend({ Id: z.string() })) });
const batchAnswer = z.looseObject({ Failed: z.array(z.unknown()).default([]) });

type Message = z.output<typeof message>;

interface Refusal {
  readonly Code: string;
  readonly Message: string;
}

/** What SQS refuses in a message and fauxqs takes: a delay of more than 15 minutes, and an entry without a body. */
export const refuseMessages: Guard = async (call, forward) => {
  if (call.operation === 'SendMessage') {
    const { data: sent } = message.safeParse(parsed(call.body));
    const refusal = sent && refusalOf(sent);
    return refusal === undefined ? forward() : refused(refusal);
  }
  const { data: sent } = batch.safeParse(
    call.operation === 'SendMessageBatch' ? parsed(call.body) : undefined,
  );
  const Failed = (sent?.Entries ?? []).flatMap((entry) => {
    const refusal = refusalOf(entry);
    return refusal === undefined ? [] : [{ Id: entry.Id, SenderFault: true, ...refusal }];
  });
  if (sent === undefined || Failed.length === 0) return forward();
  const Entries = sent.Entries.filter((entry) => refusalOf(entry) === undefined);
  if (Entries.length === 0) return json({ Successful: [], Failed });
  const answer = await forward({ ...call, body: Buffer.from(JSON.stringify({ ...sent, Entries })) });
  const { data: taken } = batchAnswer.safeParse(answer.status === 200 ? parsed(answer.body) : undefined);
  return taken === undefined ? answer : json({ ...taken, Failed: [...taken.Failed, ...Failed] });
};

function refusalOf({ MessageBody: body, DelaySeconds: delay = 0 }: Message): Refusal | undefined {
  if (body === '') {
    return { Code: 'MissingParameter', Message: 'The request must contain the parameter MessageBody.' };
  }
  if (delay >= 0 && delay <= LONGEST_DELAY_SECONDS) return undefined;
  return {
    Code: 'InvalidParameterValue',
    Message: `Value ${delay} for parameter DelaySeconds is invalid. Reason: it must be from 0 to ${LONGEST_DELAY_SECONDS}.`,
  };
}

function refused({ Code, Message }: Refusal): AwsAnswer {
  const answer = errorAnswer(400, Code, Message);
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${Code};Sender` } };
}

function json(body: object): AwsAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

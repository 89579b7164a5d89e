import type { z } from 'zod';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import type { KafkaOperation } from '../services/kafka/kafka.ts';
import { unwritten, valueIn } from '../services/unwritten.ts';

/** Delivers a call, and its answer; `'disconnect'`: the connection is closed without one. */
export type Send = (call: AwsCall) => Promise<AwsAnswer | 'disconnect'>;

/** As brokers name what they refuse. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

export const isForKafka = ({ service }: Pick<AwsCall, 'service'>): boolean => service === 'kafka';

/** @throws BrokerError when it is refused, or no answer comes: it may have taken effect */
export async function callBroker<Answer extends z.ZodType>(
  { send, caller }: { readonly send: Send; readonly caller: string },
  operation: KafkaOperation,
  request: object,
  answerOf: Answer,
): Promise<z.output<Answer>> {
  const head = { service: 'kafka', operation, caller, method: 'POST', path: '/', headers: {} };
  const answer = await send(unwritten(head, request));
  if (answer === 'disconnect') throw new BrokerError(`${operation}: the connection was closed`);
  const value = valueIn(answer) ?? JSON.parse(answer.body.toString('utf8'));
  if (answer.status !== 200) throw new BrokerError(`${operation}: ${value.__type}`);
  return answerOf.parse(value);
}

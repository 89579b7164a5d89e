import type { z } from 'zod';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import { answers, type KafkaOperation } from '../services/kafka/kafka.ts';
import { unwritten, valueIn } from '../services/unwritten.ts';

/** Delivers a call, and its answer; `'disconnect'`: the connection is closed without one. */
export type Send = (call: AwsCall) => Promise<AwsAnswer | 'disconnect'>;

/** As brokers name what they refuse. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

export const isForKafka = ({ service }: Pick<AwsCall, 'service'>): boolean => service === 'kafka';

/** @throws BrokerError when it is refused, or no answer comes: it may have taken effect */
export async function callBroker<Operation extends KafkaOperation>(
  { send, caller }: { readonly send: Send; readonly caller: string },
  operation: Operation,
  request: object,
): Promise<z.output<(typeof answers)[Operation]>> {
  const head = { service: 'kafka', operation, caller, method: 'POST', path: '/', headers: {} };
  const answer = await send(unwritten(head, request));
  if (answer === 'disconnect') throw new BrokerError(`${operation}: the connection was closed`);
  const value = valueIn(answer) ?? JSON.parse(answer.body.toString('utf8'));
  if (answer.status !== 200) throw new BrokerError(`${operation}: ${value.__type}`);
  return answers[operation].parse(value);
}

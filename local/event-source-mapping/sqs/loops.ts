import { INVOCATIONS_OF_A_CHAIN, invocationsSoFar } from '../../trace-header.ts';
import type { SqsContext } from './consumer.ts';
import type { ReceivedMessage } from './record.ts';

/**
 * The messages that Lambda lets through. One of a chain in which the function was invoked too often is not handed to
 * it, unless the function allows loops: it stays in the queue and comes again, each time received once more, until
 * the redrive policy moves it to the dead-letter queue (documented). What becomes of the others of a batch is not
 * documented: they are delivered.
 */
export function stopLoops(
  messages: readonly ReceivedMessage[],
  { functionName, recursiveLoop, queue, observe }: SqsContext,
): readonly ReceivedMessage[] {
  if (recursiveLoop === 'Allow') return messages;
  const allowed = messages.filter(
    ({ traceHeader }) => invocationsSoFar(traceHeader, functionName) < INVOCATIONS_OF_A_CHAIN,
  );
  const stopped = messages.length - allowed.length;
  if (stopped > 0) observe({ type: 'loopStopped', origin: queue.name, records: stopped });
  return allowed;
}

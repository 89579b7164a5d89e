import { FunctionError } from '../../function-host.ts';
import type { Outcome } from '../response.ts';
import type { KinesisContext } from './context.ts';
import type { PendingRecord } from './record.ts';
import { isoTime, type OpenWindow, type TumblingWindowEvent } from './window.ts';

/** One invocation: what goes in. `early` only with `final`. */
export interface Invocation {
  shardId: string;
  items: readonly PendingRecord[];
  window: OpenWindow | undefined;
  final: boolean;
  early: boolean;
}

/**
 * Invokes the function and reads its response with `read`.
 * Never rejects: a FunctionError is a failure of the function; any other error means that it could not be invoked.
 */
export async function invoke(
  context: KinesisContext,
  invocation: Invocation,
  read: (response: unknown) => Outcome,
): Promise<Outcome> {
  const { host, observe } = context;
  const { shardId, items, window, final, early } = invocation;
  const bounds = window && { window: { start: window.start, end: window.end } };
  observe({ type: 'invoked', origin: shardId, records: items.length, final, early, ...bounds });
  const outcome = await host.invoke(payload(context, invocation)).then(read, failure);
  if (outcome.type === 'failure') {
    const error = outcome.error === undefined ? {} : { error: outcome.error };
    observe({ type: 'failed', origin: shardId, records: items.length, reason: outcome.reason, ...error });
  }
  return outcome;
}

function payload(
  { settings, streamArn }: KinesisContext,
  { shardId, items, window, final, early }: Invocation,
): TumblingWindowEvent | Pick<TumblingWindowEvent, 'Records'> {
  const Records = items.map((item) => item.record);
  if (!window) return { Records };
  return {
    Records,
    window: { start: isoTime(window.start), end: isoTime(window.end) },
    state: window.state,
    shardId,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: final && (!early || settings.earlyTerminationIsFinal),
    isWindowTerminatedEarly: early,
  };
}

function failure(error: unknown): Outcome {
  const counted = error instanceof FunctionError;
  return { type: 'failure', reason: error instanceof Error ? error.message : String(error), counted, error };
}

import type { Channel } from '../../client/expectations.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import type { Evidence } from './evidence.ts';

const channels: readonly Channel[] = ['lottery', 'user'];

/** Each record that was put is on its stream: what becomes of those that are there, the oracle says. */
export function everyPutIsThere({ inputs, put }: Evidence): string[] {
  return channels.flatMap((channel) => {
    const there = new Set(
      inputs[channel].map(({ shardId, sequenceNumber }) => `${shardId}:${sequenceNumber}`),
    );
    return put[channel].flatMap((id) =>
      there.has(id) ? [] : [`${channel} event ${id} was put and is not on its stream`],
    );
  });
}

/** Nothing was given up. */
export function nothingWasGivenUp({ failedBatches }: Evidence): string[] {
  return failedBatches.map((key) => `a failed batch is in the artifacts bucket: ${key}`);
}

type Of<Type extends OutputEvent['type']> = Extract<OutputEvent, { type: Type }>;

export function ofType<Type extends OutputEvent['type']>(
  events: readonly OutputEvent[],
  type: Type,
): Of<Type>[] {
  return events.filter((event): event is Of<Type> => event.type === type);
}

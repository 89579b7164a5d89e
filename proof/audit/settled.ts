import type { OutputEvent } from '../../client/output-events.ts';
import { recordIdOfOutcome } from '../../client/output-events.ts';
import {
  type Decoded,
  decodeLotteryRecord,
  decodeUserRecord,
  type InputRecord,
  isDecoded,
  type SourcedEvent,
} from '../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../lambda/core/events.ts';
import { compareSequenceNumbers, recordIdOf } from '../../lambda/core/ids.ts';
import type { Evidence } from './evidence.ts';

/** A record of an input stream, read as the functions read it, with what became of it. */
export interface Settled<Event> {
  id: string;
  decoded: Decoded<Event>;
  outcome: OutputEvent;
}

/** An event that was valid, with what became of it. */
export interface SettledEvent<Event> extends Settled<Event> {
  decoded: SourcedEvent<Event>;
}

/** All records of both streams in the order of their sequence numbers. Those without an outcome are left out. */
export interface Settlement {
  lottery: readonly Settled<LotteryEvent>[];
  user: readonly Settled<UserEvent>[];
}

export function settlementOf({ inputs, outputs }: Evidence): Settlement {
  return {
    lottery: settledOf(inputs.lottery, outputs.lottery, decodeLotteryRecord),
    user: settledOf(inputs.user, outputs.user, decodeUserRecord),
  };
}

function settledOf<Event>(
  inputs: readonly InputRecord[],
  outputs: readonly OutputEvent[],
  decode: (record: InputRecord) => Decoded<Event>,
): Settled<Event>[] {
  const outcomes = new Map(outputs.map((event) => [recordIdOfOutcome(event), event]));
  return inputs
    .toSorted((a, b) => compareSequenceNumbers(a.source.sequenceNumber, b.source.sequenceNumber))
    .flatMap((record) => {
      const id = recordIdOf(record.source);
      const outcome = outcomes.get(id);
      return outcome ? [{ id, decoded: decode(record), outcome }] : [];
    });
}

/** Whether the record is an event of the key that it was put under: any other is rejected and changes nothing. */
export function isEventOf<Event>(
  settled: Settled<Event>,
  keyOf: (event: Event) => string,
): settled is SettledEvent<Event> {
  const { decoded } = settled;
  return isDecoded(decoded) && keyOf(decoded.event) === decoded.record.partitionKey;
}

/** The valid events by key, each list in the order of its sequence numbers. */
export function byKey<Event>(
  settled: readonly Settled<Event>[],
  keyOf: (event: Event) => string,
): Map<string, SettledEvent<Event>[]> {
  const events = settled.filter((one) => isEventOf(one, keyOf));
  return Map.groupBy(events, ({ decoded }) => keyOf(decoded.event));
}

export const userOf = ({ userId }: UserEvent): string => userId;
export const lotteryOf = ({ lotteryId }: LotteryEvent): string => lotteryId;

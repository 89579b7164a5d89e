import type { OutputEvent } from '../../client/output-events.ts';
import type { Evidence } from './evidence.ts';

type Of<Type extends OutputEvent['type']> = Extract<OutputEvent, { type: Type }>;

/** Where an entry went from a draw that it came too late for: another draw, or back to the user. */
export type Exit = { kind: 'moved'; drawId: string } | { kind: 'refunded' };

/** The user outputs, arranged for look-ups. Each list holds distinct events. */
export interface Ledger {
  receipts: readonly Of<'ClickAcceptedEvent'>[];
  moves: readonly Of<'EntryMovedEvent'>[];
  refunds: readonly Of<'CouponRefundedEvent'>[];
  winners: readonly Of<'LotteryWinnerEvent'>[];
  /** By `placeKey`. */
  exits: ReadonlyMap<string, readonly Exit[]>;
  /** Entries that left a draw, by its id. */
  lateByDraw: ReadonlyMap<string, readonly string[]>;
}

/** An entry in one draw. */
export const placeKey = (entryId: string, drawId: string): string => `${entryId} in ${drawId}`;

export function ledgerOf({ outputs }: Evidence): Ledger {
  const moves = ofType(outputs.user, 'EntryMovedEvent');
  const refunds = ofType(outputs.user, 'CouponRefundedEvent');
  const exits = new Map<string, Exit[]>();
  const lateByDraw = new Map<string, string[]>();
  const leave = (entryId: string, drawId: string, exit: Exit) => {
    append(exits, placeKey(entryId, drawId), exit);
    append(lateByDraw, drawId, entryId);
  };
  for (const { entryId, fromDrawId, drawId } of moves) leave(entryId, fromDrawId, { kind: 'moved', drawId });
  for (const { entryId, drawId } of refunds) leave(entryId, drawId, { kind: 'refunded' });
  return {
    receipts: ofType(outputs.user, 'ClickAcceptedEvent'),
    moves,
    refunds,
    winners: ofType(outputs.lottery, 'LotteryWinnerEvent'),
    exits,
    lateByDraw,
  };
}

export function ofType<Type extends OutputEvent['type']>(
  events: readonly OutputEvent[],
  type: Type,
): Of<Type>[] {
  return events.filter((event): event is Of<Type> => event.type === type);
}

export function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

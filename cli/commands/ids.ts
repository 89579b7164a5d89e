import { idToWire, innerIdSchema } from '../../lambda/core/ids.ts';
import { UsageError } from '../exit-codes.ts';

/** An id as it is inside, a text, and as events have it: what reads as a whole number is one. */
export interface Id {
  readonly text: string;
  readonly wire: number | string;
}

/** @param what it is of, for the message @throws UsageError for what can be no id */
export function idOf(what: 'lottery' | 'user', text: string): Id {
  if (!text.isWellFormed()) throw new UsageError(`The id of a ${what} cannot have half of a character in it`);
  if (!innerIdSchema.safeParse(text).success)
    throw new UsageError(`The id of a ${what} has 1 to 128 characters, this one ${text.length}`);
  return { text, wire: idToWire(text) };
}

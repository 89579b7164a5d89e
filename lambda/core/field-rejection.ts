import type * as z from 'zod/mini';
import type { LotteryEvent, UserEvent } from './events.ts';
import { maximumPrizeBytes, maximumPrizes } from './events.ts';
import type { Rejection } from './reasons.ts';
import { maximumCoupons } from './user.ts';
import { latestTime } from './window.ts';

/** What is wrong with a field, in a sender's words: the field, what it must be, and what was given. */

type FieldOf<Event> = Event extends unknown ? keyof Event : never;
type FieldName = Exclude<FieldOf<UserEvent | LotteryEvent>, 'type'>;

const id = `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or a string of 1 to 128 characters of well-formed Unicode`;

const requirements: Readonly<Record<FieldName, string>> = {
  lotteryId: id,
  userId: id,
  eventId: id,
  timestamp: `a whole number of milliseconds since 1970, from 0 to ${latestTime}`,
  purchasedCoupons: `a whole number from 1 to ${maximumCoupons}`,
  prizes: `a list of 1 to ${maximumPrizes} strings of well-formed Unicode, at most ${maximumPrizeBytes} bytes in all`,
  drawId: 'the id of a draw of the lottery, "<lotteryId>@<windowStart>" or "<lotteryId>@<windowStart>#<run>"',
  entryId: '"<shardId>:<sequenceNumber>" or "<shardId>:<sequenceNumber>:<index>"',
  grantId: 'a string of 1 to 128 characters of well-formed Unicode',
};

/** Of a field that is a list: what each of its elements must be. */
const elementRequirements: Readonly<Partial<Record<FieldName, string>>> = {
  prizes: 'a string of well-formed Unicode',
};

/** @param original the event as it was sent */
export function invalidField(error: z.core.$ZodError, original: object): Rejection {
  const path = error.issues[0]?.path ?? [];
  const field = path.map(String).join('.');
  const rule = `must be ${requirementOf(path)}`;
  const value = valueAt(original, path);
  const verdict = value === undefined ? `is missing, ${rule}` : `${rule}, was ${given(value)}`;
  return { reason: 'INVALID_FIELD', message: `Invalid field '${field}': ${verdict}`, field };
}

function requirementOf([field, ...inside]: readonly PropertyKey[]): string {
  if (!isFieldName(field)) return 'as docs/events.md says';
  return (inside.length > 0 ? elementRequirements[field] : undefined) ?? requirements[field];
}

function isFieldName(field: PropertyKey | undefined): field is FieldName {
  return field !== undefined && Object.hasOwn(requirements, field);
}

function valueAt(original: object, path: readonly PropertyKey[]): unknown {
  let value: unknown = original;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

const longestQuote = 64;

/** A value in few words, however large it is. */
export function given(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return listOf(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function quoted(text: string): string {
  const quote = JSON.stringify(text.slice(0, longestQuote));
  return text.length <= longestQuote ? quote : `${quote}… (${text.length} characters)`;
}

function listOf(values: readonly unknown[]): string {
  const bytes = values.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? Buffer.byteLength(value) : 0),
    0,
  );
  return `a list of ${values.length} (${bytes} bytes of text)`;
}

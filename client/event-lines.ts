import { lotteryEventSchemas, userEventSchemas } from '../lambda/core/events.ts';
import { idSchema } from '../lambda/core/ids.ts';

/** One line of an events file, on its way to a stream. */
export interface EventLine extends Route {
  /** Counted from 1. */
  number: number;
  /** The line's bytes as they are: what is no event goes to the pipeline untouched. */
  data: Uint8Array;
}

/** Where a line goes, and what decides when. */
export interface Route {
  stream: 'lottery' | 'user';
  partitionKey: string;
  /** The lottery that a lottery event or a click names; absent where it names none, or not with an id. */
  lotteryId?: string;
  /** The event's, whatever it is; absent where the line has none. */
  type?: string;
  /** Of a click, or of the start of a lottery, ms; absent where the line is none that the pipeline can read. */
  timestamp?: number;
}

/** Partition key of what names no lottery or user. */
const NO_ID = 'no-id';

/**
 * A lottery event, by its type, goes to the lottery stream; everything else, what is no event included, to the user
 * stream.
 */
export function route(text: string): Route {
  const fields = fieldsOf(text);
  const { type, lotteryId: lottery, userId } = fields;
  const lotteryId = idOf(lottery);
  const named = lotteryId === undefined ? {} : { lotteryId };
  if (typeof type === 'string' && Object.hasOwn(lotteryEventSchemas, type)) {
    return { stream: 'lottery', type, partitionKey: lotteryId ?? NO_ID, ...named, ...timeOf(type, fields) };
  }
  const click = type === 'UserClickEvent' ? named : {};
  const typed = typeof type === 'string' ? { type } : {};
  return { stream: 'user', partitionKey: idOf(userId) ?? NO_ID, ...typed, ...click, ...timeOf(type, fields) };
}

function timeOf(type: unknown, fields: object): Pick<Route, 'timestamp'> {
  if (type === 'UserClickEvent') return timestampIn(userEventSchemas.UserClickEvent.safeParse(fields).data);
  if (type !== 'LotteryStartEvent') return {};
  return timestampIn(lotteryEventSchemas.LotteryStartEvent.safeParse(fields).data);
}

function timestampIn({ timestamp }: { timestamp?: number | undefined } = {}): Pick<Route, 'timestamp'> {
  return timestamp === undefined ? {} : { timestamp };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function idOf(value: unknown): string | undefined {
  return value === undefined ? undefined : idSchema.safeParse(value).data;
}

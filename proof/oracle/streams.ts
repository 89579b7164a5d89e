import { isAggregate } from './aggregates.ts';

/** What lies on the streams, read as docs/events.md says. */
export type Channel = 'lottery' | 'user';
export type Json = Readonly<Record<string, unknown>>;
type Texts = Record<'type' | 'userId' | 'lotteryId' | 'drawId' | 'entryId', string>;

export type InputRecord = Record<'shardId' | 'sequenceNumber' | 'partitionKey', string> & {
  /** ms since the epoch. */
  arrival: number;
  data: Uint8Array;
  /** Its place in an aggregated record. */
  index?: number;
  /** Why it is rejected, whatever is in it. */
  refused?: string;
};

/** An input event; what its type does not have is empty, or not there. */
export type Event = Texts & {
  eventId: string;
  grantId: string;
  purchasedCoupons: number;
  timestamp: number;
  time?: number;
  prizes?: string[];
};

export const latestTime = Date.UTC(2099, 11, 31, 23, 59, 59, 999);
const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER) =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isId = (value: unknown) => isWhole(value, 0) || (isText(value) && isWhole(value.length, 1, 128));
const isTime = (most: number) => (value: unknown) => isWhole(value, 0, most);
/** What is neither, a list of lists say, is no text. */
export const textOf = (value: unknown) => (['string', 'number'].includes(typeof value) ? `${value}` : '');

const isRight: Readonly<Record<string, (value: unknown, event: Json) => boolean>> = {
  ...{ userId: isId, lotteryId: isId, eventId: isId },
  grantId: (value) => isText(value) && isId(value),
  ...{ timestamp: isTime(latestTime), time: isTime(2 * latestTime) },
  prizes: (all) =>
    Array.isArray(all) &&
    isWhole(all.length, 1, 1_000) &&
    all.every(isText) &&
    Buffer.byteLength(all.join('')) <= 65_536,
  purchasedCoupons: (value) => isWhole(value, -Number.MAX_SAFE_INTEGER),
  drawId: (value, { lotteryId }) => typeof value === 'string' && !!drawOf(textOf(lotteryId), value),
  entryId: (value) =>
    typeof value === 'string' && /^[\w.-]{0,127}[\w-]:\d{1,60}(:(0|[1-9]\d{0,6}))?$/.test(value),
};
const fieldsOf: Readonly<Record<Channel, ReadonlyMap<string, string>>> = {
  lottery: new Map([
    ['LotteryStartEvent', 'lotteryId timestamp? prizes? eventId?'],
    ['LotteryStopEvent', 'lotteryId timestamp? eventId?'],
    ['Heartbeat', 'time?'],
  ]),
  user: new Map([
    ['UserBuyCouponEvent', 'userId purchasedCoupons eventId?'],
    ['UserClickEvent', 'timestamp userId lotteryId eventId?'],
    ['CouponRefundEvent', 'userId lotteryId drawId entryId'],
    ['CouponGrantEvent', 'userId grantId'],
    ['Heartbeat', 'time?'],
  ]),
};

/** @returns the event; or the reason to reject it, and the fields of which one is to blame */
export function readInput(channel: Channel, data: Uint8Array): Event | { reason: string; wrong: string[] } {
  const json = objectIn(data);
  if (!json) return { reason: reasonOf(data), wrong: [] };
  const type = textOf(json.type);
  const fields = fieldsOf[channel].get(type)?.split(' ');
  if (!fields) return { reason: 'UNKNOWN_TYPE', wrong: ['type'] };
  const event: Record<string, unknown> = { type };
  const wrong = fields.flatMap((field) => {
    const name = field.replace('?', '');
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    event[name] = name.endsWith('Id') ? textOf(value) : value;
    return (value === undefined && name !== field) || isRight[name]?.(value, json) ? [] : [name];
  });
  return wrong.length > 0 ? { reason: 'INVALID_FIELD', wrong } : (event as Event);
}

/** Why bytes that are no JSON object are none. */
function reasonOf(data: Uint8Array): string {
  if (isAggregate(data)) return 'INVALID_AGGREGATE';
  return data[0] === 0x1f && data[1] === 0x8b ? 'COMPRESSED' : 'INVALID_JSON';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); // To make one costs more than to use it.
export function objectIn(data: Uint8Array | string): Json | undefined {
  try {
    const value: unknown = JSON.parse(typeof data === 'string' ? data : utf8.decode(data));
    return typeof value === 'object' && value && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** What a rejection sends back: the event, or its bytes where they are none, many, or deeply nested. */
export function echoOf(data: Uint8Array): object {
  const bytes = Buffer.from(data);
  const raw = bytes.subarray(0, 65_536).toString('base64');
  if (bytes.length > 65_536) return { raw, rawBytes: bytes.length };
  const event = objectIn(data);
  return event && bytes.toString().split(/[[{]/).length <= 257 ? { event } : { raw };
}

/** An output event: what is looked at one by one, the whole, when it first came, and when what it answers had come. */
export type Said = Texts &
  Record<'recordId' | 'reason' | 'seed' | 'windowSeed' | 'seedCommitment', string> &
  Record<'run' | 'windowMs' | 'graceMs' | 'lastWindowStart' | 'at' | 'arrival', number> & {
    prizes?: string[];
    firstWindowStart?: number;
    field?: string;
    json: Json;
  };
export const drawIdOf = (lotteryId: string, run: number, windowStart: number): string =>
  `${lotteryId}@${windowStart}${run === 1 ? '' : `#${run}`}`;

/** The window and run in a draw's id. A lottery's id may hold any sign, and is cut off by its length. */
export function drawOf(lotteryId: string, drawId: string): { windowStart: number; run: number } | undefined {
  const rest = drawId.startsWith(lotteryId) ? drawId.slice(lotteryId.length) : '';
  const [, start, run = '1'] = /^@(0|[1-9]\d{0,15})(?:#([2-9]|[1-9]\d{1,15}))?$/.exec(rest) ?? [];
  return start === undefined ? undefined : { windowStart: Number(start), run: Number(run) };
}

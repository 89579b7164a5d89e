/** What lies on the streams, read as docs/events.md says. */
export type Channel = 'lottery' | 'user';

type Name = 'type' | 'userId' | 'lotteryId' | 'eventId' | 'drawId' | 'entryId';
/** An input event; what its type does not have is empty. */
export type Event = Record<Name, string> & {
  purchasedCoupons: number;
  timestamp?: number;
  prizes?: string[];
};
type Json = Readonly<Record<string, unknown>>;

const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isId = (value: unknown) =>
  isWhole(value, 0) || (isText(value) && value.length > 0 && value.length <= 128);
const isPrizes = (value: unknown) =>
  Array.isArray(value) && isWhole(value.length, 1, 1_000) && value.every(isText) && bytesOf(value) <= 65_536;
const bytesOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** What else there is, a list of lists say, is no text. */
const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

const isRight: Readonly<Record<string, (value: unknown, event: Json) => boolean>> = {
  ...{ userId: isId, lotteryId: isId, eventId: isId, prizes: isPrizes },
  timestamp: (value) => isWhole(value, 0, Date.UTC(9999, 11, 31, 23, 59, 59, 999)),
  purchasedCoupons: (value) => isWhole(value, -Number.MAX_SAFE_INTEGER),
  drawId: (value, { lotteryId }) => typeof value === 'string' && !!drawOf(textOf(lotteryId), value),
  entryId: (value) => typeof value === 'string' && /^[\w-]{1,64}:\d{1,60}$/.test(value),
};
const fieldsOf: Readonly<Record<Channel, ReadonlyMap<unknown, string>>> = {
  lottery: new Map([
    ['LotteryStartEvent', 'lotteryId timestamp? prizes? eventId?'],
    ['LotteryStopEvent', 'lotteryId eventId?'],
  ]),
  user: new Map([
    ['UserBuyCouponEvent', 'userId purchasedCoupons eventId?'],
    ['UserClickEvent', 'timestamp userId lotteryId eventId?'],
    ['CouponRefundEvent', 'userId lotteryId drawId entryId'],
  ]),
};

/** @returns the event; or the reason to reject it, and the fields of which one is to blame */
export function readInput(channel: Channel, data: Uint8Array): Event | { reason: string; wrong: string[] } {
  const json = objectIn(data);
  if (!json) return { reason: 'INVALID_JSON', wrong: [] };
  const fields = fieldsOf[channel].get(json.type)?.split(' ');
  if (!fields) return { reason: 'UNKNOWN_TYPE', wrong: ['type'] };
  const event: Record<string, unknown> = { type: json.type };
  const wrong = fields.flatMap((field) => {
    const name = field.replace('?', '');
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    event[name] = name.endsWith('Id') ? textOf(value) : value;
    return (value === undefined && name !== field) || isRight[name]?.(value, json) ? [] : [name];
  });
  return wrong.length > 0 ? { reason: 'INVALID_FIELD', wrong } : (event as Event);
}

function objectIn(data: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data),
    );
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

/** An output event: its fields that are looked at one by one, all of it, and when it came first, ms. */
export type Said = Record<Name | 'recordId' | 'fromDrawId' | 'reason' | 'seed' | 'seedCommitment', string> &
  Record<'run' | 'windowStart' | 'entries', number> & {
    windowSeed: string;
    field?: string;
    message?: string;
    json: Json;
    at: number;
  };

export function readOutput(text: string, at: number): Said | undefined {
  const json = objectIn(Buffer.from(text));
  const names = ['type', 'userId', 'lotteryId', 'drawId', 'entryId', 'recordId', 'fromDrawId', 'reason'];
  const texts = [...names, 'seed', 'windowSeed', 'seedCommitment'].map((name) => [
    name,
    textOf(json?.[name]),
  ]);
  return json && ({ ...json, ...Object.fromEntries(texts), json, at } as Said);
}

/** Whether an output event says this and nothing else, in whatever order. What is undefined must not be there. */
export function says({ json }: Said, expected: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).filter(isThere).sort(byName));
  return sorted(json) === sorted(expected);
}

const isThere = ([, value]: [string, unknown]) => value !== undefined;
const byName = ([left]: [string, unknown], [right]: [string, unknown]) => (left < right ? -1 : 1);

/** An id as it goes out: a number where it reads as one. */
export const wire = (id: string): string | number =>
  /^(?:0|[1-9]\d{0,15})$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;

export const drawIdOf = (lotteryId: string, run: number, windowStart: number): string =>
  `${lotteryId}@${windowStart}${run === 1 ? '' : `#${run}`}`;

/** The window and the run in a draw's id. A lottery's id may hold any sign, and is cut off by its length. */
export function drawOf(lotteryId: string, drawId: string): { windowStart: number; run: number } | undefined {
  const rest = drawId.startsWith(lotteryId) ? drawId.slice(lotteryId.length) : '';
  const [, start, run = '1'] = /^@(0|[1-9]\d{0,15})(?:#([2-9]|[1-9]\d{1,15}))?$/.exec(rest) ?? [];
  return start === undefined ? undefined : { windowStart: Number(start), run: Number(run) };
}

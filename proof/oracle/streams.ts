/** What lies on the streams, read as docs/events.md says. */
export type Channel = 'lottery' | 'user';
export type Json = Readonly<Record<string, unknown>>;
type Texts = Record<'type' | 'userId' | 'lotteryId' | 'drawId' | 'entryId', string>;

export type InputRecord = Record<'shardId' | 'sequenceNumber' | 'partitionKey', string> & {
  /** ms since the epoch. */
  arrival: number;
  data: Uint8Array;
};

/** An input event; what its type does not have is empty, or not there. */
export type Event = Texts & {
  eventId: string;
  purchasedCoupons: number;
  timestamp: number;
  prizes?: string[];
};

const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER) =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isId = (value: unknown) => isWhole(value, 0) || (isText(value) && isWhole(value.length, 1, 128));
/** What is neither, a list of lists say, is no text. */
const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

const isRight: Readonly<Record<string, (value: unknown, event: Json) => boolean>> = {
  ...{ userId: isId, lotteryId: isId, eventId: isId },
  prizes: (all) =>
    Array.isArray(all) &&
    isWhole(all.length, 1, 1_000) &&
    all.every(isText) &&
    Buffer.byteLength(all.join('')) <= 65_536,
  timestamp: (value) => isWhole(value, 0, Date.UTC(9999, 11, 31, 23, 59, 59, 999)),
  purchasedCoupons: (value) => isWhole(value, -Number.MAX_SAFE_INTEGER),
  drawId: (value, { lotteryId }) => typeof value === 'string' && !!drawOf(textOf(lotteryId), value),
  entryId: (value) => typeof value === 'string' && /^[\w-]{1,64}:\d{1,60}$/.test(value),
};
const fieldsOf: ReadonlyMap<string, string> = new Map([
  ['lottery LotteryStartEvent', 'lotteryId timestamp? prizes? eventId?'],
  ['lottery LotteryStopEvent', 'lotteryId eventId?'],
  ['user UserBuyCouponEvent', 'userId purchasedCoupons eventId?'],
  ['user UserClickEvent', 'timestamp userId lotteryId eventId?'],
  ['user CouponRefundEvent', 'userId lotteryId drawId entryId'],
]);

/** @returns the event; or the reason to reject it, and the fields of which one is to blame */
export function readInput(channel: Channel, data: Uint8Array, json = objectIn(data)) {
  if (!json) return { reason: 'INVALID_JSON', wrong: [] };
  const type = textOf(json.type);
  const fields = fieldsOf.get(`${channel} ${type}`)?.split(' ');
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
export function echoOf(data: Uint8Array, event: Json | undefined): Json {
  const raw = Buffer.from(data.subarray(0, 65_536)).toString('base64');
  if (data.length > 65_536) return { raw, rawBytes: data.length };
  const isNested = data.length > 256 && data.filter((byte) => byte === 0x5b || byte === 0x7b).length > 256;
  return event && !isNested ? { event } : { raw };
}

/** An output event: what is looked at one by one, the whole, when it first came, and when what it answers had come. */
export type Said = Texts &
  Record<'recordId' | 'fromDrawId' | 'reason' | 'seed' | 'windowSeed' | 'seedCommitment', string> &
  Record<'run' | 'windowStart' | 'lastWindowStart' | 'entries' | 'at' | 'arrival', number> & {
    prizes?: string[];
    firstWindowStart?: number;
    field?: string;
    json: Json;
  };
const ids = ['type', 'userId', 'lotteryId', 'drawId', 'entryId', 'recordId', 'fromDrawId', 'reason', 'seed'];

export function readOutput(text: string, at: number): Said | undefined {
  const json = objectIn(text);
  const said: Record<string, unknown> = { ...json, json, at, arrival: at };
  for (const name of [...ids, 'windowSeed', 'seedCommitment']) said[name] = textOf(json?.[name]);
  return json && (said as Said);
}

/** Whether an event says this and nothing else. What is undefined must not be there; ids that read as numbers are. */
export function says({ json }: Said, expected: Json): boolean {
  const wire = (id: unknown) => (/^(0|[1-9]\d*)$/.test(`${id}`) && isWhole(Number(id), 0) ? Number(id) : id);
  return isWritten(json, { ...expected, userId: wire(expected.userId), lotteryId: wire(expected.lotteryId) });
}

/** Whether what was read is what JSON makes of a value. */
function isWritten(read: unknown, value: unknown): boolean {
  if (typeof value === 'number') return Object.is(read, Number.isFinite(value) ? value + 0 : null);
  if (typeof value !== 'object' || !value || typeof read !== 'object' || !read) return read === value;
  const all = Object.entries(value).filter(([, each]) => each !== undefined);
  const isThere = ([name, each]: [string, unknown]) =>
    Object.hasOwn(read, name) && isWritten((read as Json)[name], each);
  const isAlike = Array.isArray(read) === Array.isArray(value) && all.length === Object.keys(read).length;
  return isAlike && all.every(isThere);
}

export const drawIdOf = (lotteryId: string, run: number, windowStart: number): string =>
  `${lotteryId}@${windowStart}${run === 1 ? '' : `#${run}`}`;

/** The window and run in a draw's id. A lottery's id may hold any sign, and is cut off by its length. */
export function drawOf(lotteryId: string, drawId: string): { windowStart: number; run: number } | undefined {
  const rest = drawId.startsWith(lotteryId) ? drawId.slice(lotteryId.length) : '';
  const [, start, run = '1'] = /^@(0|[1-9]\d{0,15})(?:#([2-9]|[1-9]\d{1,15}))?$/.exec(rest) ?? [];
  return start === undefined ? undefined : { windowStart: Number(start), run: Number(run) };
}

/**
 * The output events that a draw is checked from, read from lines of JSON. Ids come out as text, because `1` and
 * `"1"` are the same id; times are milliseconds since 1970; hashes are 64 lower case hexadecimal digits.
 */

/** What a draw id says: "<lotteryId>@<windowStart>", with "#<run>" behind it from the second run on. */
export type DrawName = { drawId: string; lotteryId: string; windowStart: number; run: number };

/** Every event keeps the number of the line that it was first seen on. */
type Read<Type extends string, Fields> = { type: Type; line: number } & Fields;
type Entry = { lotteryId: string; userId: string; entryId: string };

export type Receipt = Read<
  'ClickAcceptedEvent',
  Entry & {
    timestamp: number;
    arrival: number;
    draw: DrawName;
    windowStart: number;
    windowEnd: number;
    availableCoupons: number;
  }
>;
export type Refund = Read<'CouponRefundedEvent', Entry & { draw: DrawName }>;
type RunName = { lotteryId: string; run: number };
export type Start = Read<
  'LotteryStartedEvent',
  RunName & {
    commitment: string;
    windowMs: number;
    graceMs: number;
    /** Time is that of the clicks: arrivals count for nothing. */
    replay: boolean;
    prizes?: string[];
    /** Absent where nothing bounds the run from below. */
    firstWindowStart?: number;
  }
>;
export type Stop = Read<'LotteryStoppedEvent', RunName & { lastWindowStart: number }>;
export type Winner = Read<
  'LotteryWinnerEvent',
  Entry & {
    draw: DrawName;
    run: number;
    windowStart: number;
    windowEnd: number;
    entries: number;
    priority: string;
    windowSeed: string;
    prize?: string;
  }
>;
export type End = Read<'LotteryEndedEvent', RunName & { seed: string; commitment: string }>;
export type OutputEvent = Receipt | Refund | Start | Stop | Winner | End;

export type ReadLine =
  | { kind: 'event'; event: OutputEvent }
  /** JSON, but nothing that a draw is checked from. */
  | { kind: 'other' }
  | { kind: 'not-json' }
  /** An event of a known type with a field missing or wrong. */
  | { kind: 'malformed'; type: string; reason: string };

/** Reads one line of a file of output events. Never throws. */
export function readLine(text: string, line: number): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'not-json' };
  }
  if (!isRecord(value)) return { kind: 'other' };
  try {
    const event = readEvent(value, line);
    return event === undefined ? { kind: 'other' } : { kind: 'event', event };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const type = String(value.type);
    return { kind: 'malformed', type, reason: `${type}: ${error.message}` };
  }
}

type Source = Readonly<Record<string, unknown>>;

function readEvent(source: Source, line: number): OutputEvent | undefined {
  const { type } = source;
  switch (type) {
    case 'ClickAcceptedEvent':
      return { type, line, ...entry(source), ...target(source), ...times(source) };
    case 'CouponRefundedEvent':
      return { type, line, ...entry(source), draw: drawName(source, 'drawId') };
    case 'LotteryStartedEvent':
      return { type, line, ...lotteryRun(source), ...commitment(source), ...promises(source) };
    case 'LotteryStoppedEvent':
      return { type, line, ...lotteryRun(source), lastWindowStart: integer(source, 'lastWindowStart') };
    case 'LotteryWinnerEvent':
      return { type, line, ...entry(source), ...target(source), ...result(source) };
    case 'LotteryEndedEvent':
      return { type, line, ...lotteryRun(source), seed: hex(source, 'seed'), ...commitment(source) };
    default:
      return undefined;
  }
}

const entry = (source: Source) => ({
  lotteryId: id(source, 'lotteryId'),
  userId: id(source, 'userId'),
  entryId: text(source, 'entryId'),
});

const target = (source: Source) => ({
  draw: drawName(source, 'drawId'),
  windowStart: integer(source, 'windowStart'),
  windowEnd: integer(source, 'windowEnd'),
});

const times = (source: Source) => ({
  timestamp: integer(source, 'timestamp'),
  arrival: integer(source, 'arrival'),
  availableCoupons: integer(source, 'availableCoupons'),
});

const lotteryRun = (source: Source) => ({ lotteryId: id(source, 'lotteryId'), run: integer(source, 'run') });

const commitment = (source: Source) => ({ commitment: hex(source, 'seedCommitment') });

const promises = (source: Source) => ({
  windowMs: positive(source, 'windowMs'),
  graceMs: integer(source, 'graceMs'),
  replay: source.replay === true,
  ...(source.prizes === undefined ? {} : { prizes: texts(source, 'prizes') }),
  ...(source.firstWindowStart === undefined ? {} : { firstWindowStart: integer(source, 'firstWindowStart') }),
});

const result = (source: Source) => ({
  run: integer(source, 'run'),
  entries: integer(source, 'entries'),
  priority: hex(source, 'priority'),
  windowSeed: hex(source, 'windowSeed'),
  ...(source.prize === undefined ? {} : { prize: text(source, 'prize') }),
});

class FieldError extends Error {}

function isRecord(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function id(source: Source, name: string): string {
  const value = source[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new FieldError(`${name} is not an id`);
}

function integer(source: Source, name: string): number {
  const value = source[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new FieldError(`${name} is not a whole number`);
}

function positive(source: Source, name: string): number {
  const value = integer(source, name);
  if (value > 0) return value;
  throw new FieldError(`${name} is not above 0`);
}

function text(source: Source, name: string): string {
  const value = source[name];
  if (typeof value === 'string') return value;
  throw new FieldError(`${name} is not text`);
}

function texts(source: Source, name: string): string[] {
  const items: unknown = source[name];
  if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  throw new FieldError(`${name} is not a list of texts`);
}

function hex(source: Source, name: string): string {
  const value = text(source, name);
  if (/^[0-9a-f]{64}$/.test(value)) return value;
  throw new FieldError(`${name} is not 64 lower case hexadecimal digits`);
}

/** Read from the end, because a lottery id may itself hold "@" and "#". */
function drawName(source: Source, name: string): DrawName {
  const drawId = text(source, name);
  const [, lotteryId, start, run] = /^(.+)@(0|-?[1-9]\d*)(?:#([2-9]|[1-9]\d+))?$/s.exec(drawId) ?? [];
  if (lotteryId === undefined || start === undefined) {
    throw new FieldError(`${name} ${drawId} is not <lotteryId>@<windowStart>, with #<run> from run 2 on`);
  }
  return { drawId, lotteryId, windowStart: Number(start), run: Number(run ?? 1) };
}

/**
 * The output events that a draw is checked from, read from lines of JSON. Ids come out as text, because `1` and
 * `"1"` are the same id; times are milliseconds since 1970; hashes are 64 lower case hexadecimal digits.
 */
import type { Chain } from './beacon.ts';
import {
  FieldError,
  hex,
  id,
  integer,
  isRecord,
  optional,
  positive,
  record,
  type Source,
  text,
  texts,
} from './fields.ts';
import { type Proof, proof } from './proof.ts';

/** What a draw id says: "<lotteryId>@<windowStart>", with "#<run>" behind it from the second run on. */
export type DrawName = { drawId: string; lotteryId: string; windowStart: number; run: number };

/** Every event keeps the number of the line that it was first seen on. */
type Read<Type extends string, Fields> = { type: Type; line: number } & Fields;
type Entry = { lotteryId: string; userId: string; entryId: string };
type Window = { draw: DrawName; windowStart: number; windowEnd: number };
type RunName = { lotteryId: string; run: number };

export type Accepted = Read<
  'ClickAcceptedEvent',
  Entry & Window & { timestamp: number; arrival: number; availableCoupons: number; proof: Proof | undefined }
>;
export type Refund = Read<'CouponRefundedEvent', Entry & { draw: DrawName }>;
export type Start = Read<
  'LotteryStartedEvent',
  RunName & {
    commitment: string;
    windowMs: number;
    graceMs: number;
    /** Time is that of the clicks: arrivals count for nothing. */
    replay: boolean;
    prizes: string[] | undefined;
    /** Absent where nothing bounds the run from below. */
    firstWindowStart: number | undefined;
    /** Base64 of a SubjectPublicKeyInfo. */
    receiptKey: string | undefined;
    /** Whose rounds draw; 'seed': none do, by the start's own word; undefined: it says neither. */
    beacon: Chain | 'seed' | undefined;
  }
>;
export type Stop = Read<'LotteryStoppedEvent', RunName & { lastWindowStart: number }>;
export type Close = Read<
  'DrawClosedEvent',
  Window & {
    lotteryId: string;
    run: number;
    windowRoot: string;
    blocks: number;
    commitment: string;
    closedAt: number;
    round: number | undefined;
    chainHash: string | undefined;
  }
>;
export type Winner = Read<
  'LotteryWinnerEvent',
  Entry &
    Window & {
      run: number;
      entries: number;
      priority: string;
      windowSeed: string;
      prize: string | undefined;
      windowRoot: string | undefined;
      sheet: string | undefined;
      round: number | undefined;
      beaconSignature: string | undefined;
    }
>;
export type End = Read<'LotteryEndedEvent', RunName & { seed: string; commitment: string }>;
export type OutputEvent = Accepted | Refund | Start | Stop | Close | Winner | End;

export type ReadLine =
  | { kind: 'event'; event: OutputEvent }
  /** JSON, but nothing that a draw is checked from. */
  | { kind: 'other' }
  | { kind: 'not-json' }
  /** An event of a known type with a field missing or wrong. */
  | { kind: 'malformed'; type: string; reason: string };

/** Reads one line of a file of output events. Never throws. */
export function readLine(line: string, number: number): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'not-json' };
  }
  if (!isRecord(value)) return { kind: 'other' };
  try {
    const event = readEvent(value, number);
    return event === undefined ? { kind: 'other' } : { kind: 'event', event };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const type = String(value.type);
    return { kind: 'malformed', type, reason: `${type}: ${error.message}` };
  }
}

function readEvent(source: Source, line: number): OutputEvent | undefined {
  const { type } = source;
  switch (type) {
    case 'ClickAcceptedEvent':
      return accepted(source, line);
    case 'CouponRefundedEvent':
      return { type, line, ...entry(source), draw: drawName(source, 'drawId') };
    case 'LotteryStartedEvent':
      return { type, line, ...lotteryRun(source), ...commitment(source), ...promises(source) };
    case 'LotteryStoppedEvent':
      return { type, line, ...lotteryRun(source), lastWindowStart: integer(source, 'lastWindowStart') };
    case 'DrawClosedEvent':
      together(source, 'round', 'chainHash');
      return { type, line, ...lotteryRun(source), ...window(source), ...closing(source) };
    case 'LotteryWinnerEvent':
      together(source, 'round', 'beaconSignature');
      return { type, line, ...entry(source), ...window(source), ...result(source) };
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

const window = (source: Source) => ({
  draw: drawName(source, 'drawId'),
  windowStart: integer(source, 'windowStart'),
  windowEnd: integer(source, 'windowEnd'),
});

/** The one that a file has a million of: without the objects in between. */
function accepted(source: Source, line: number): Accepted {
  return {
    type: 'ClickAcceptedEvent',
    line,
    lotteryId: id(source, 'lotteryId'),
    userId: id(source, 'userId'),
    entryId: text(source, 'entryId'),
    draw: drawName(source, 'drawId'),
    windowStart: integer(source, 'windowStart'),
    windowEnd: integer(source, 'windowEnd'),
    timestamp: integer(source, 'timestamp'),
    arrival: integer(source, 'arrival'),
    availableCoupons: integer(source, 'availableCoupons'),
    proof: source.receipt === undefined ? undefined : proof(record(source, 'receipt')),
  };
}

const lotteryRun = (source: Source) => ({ lotteryId: id(source, 'lotteryId'), run: integer(source, 'run') });

const commitment = (source: Source) => ({ commitment: hex(source, 'seedCommitment') });

const promises = (source: Source) => ({
  windowMs: positive(source, 'windowMs'),
  graceMs: integer(source, 'graceMs'),
  replay: source.replay === true,
  prizes: optional(texts, source, 'prizes'),
  firstWindowStart: optional(integer, source, 'firstWindowStart'),
  receiptKey: optional(text, source, 'receiptKey'),
  beacon: beacon(source),
});

function beacon(source: Source): Chain | 'seed' | undefined {
  if (source.randomness === 'seed' && source.beacon === undefined) return 'seed';
  if (source.randomness !== undefined)
    throw new FieldError('randomness is not "seed", or has a beacon beside it');
  if (source.beacon === undefined) return undefined;
  const chain = record(source, 'beacon');
  return {
    chainHash: hex(chain, 'chainHash'),
    publicKey: hex(chain, 'publicKey', 192),
    genesisSeconds: integer(chain, 'genesisSeconds'),
    periodSeconds: positive(chain, 'periodSeconds'),
  };
}

const closing = (source: Source) => ({
  windowRoot: hex(source, 'windowRoot'),
  blocks: positive(source, 'blocks'),
  commitment: hex(source, 'windowSeedCommitment'),
  closedAt: integer(source, 'closedAt'),
  round: optional(positive, source, 'round'),
  chainHash: optional(hex, source, 'chainHash'),
});

const result = (source: Source) => ({
  run: integer(source, 'run'),
  entries: integer(source, 'entries'),
  priority: hex(source, 'priority'),
  windowSeed: hex(source, 'windowSeed'),
  prize: optional(text, source, 'prize'),
  windowRoot: optional(hex, source, 'windowRoot'),
  sheet: optional(hex, source, 'sheet'),
  round: optional(positive, source, 'round'),
  beaconSignature: optional(signature, source, 'beaconSignature'),
});

/** @throws FieldError for one without the other */
function together(source: Source, one: string, other: string): void {
  if ((source[one] === undefined) !== (source[other] === undefined))
    throw new FieldError(`${one} and ${other} stand together, or neither`);
}

/** Of a beacon's round: a point of 48 bytes. */
export function signature(source: Source, name: string): string {
  return hex(source, name, 96);
}

/** Receipts of one draw come one after the other. */
let latest: DrawName | undefined;

/** Read from the end, because a lottery id may itself hold "@" and "#". */
export function drawName(source: Source, name: string): DrawName {
  const drawId = text(source, name);
  if (latest?.drawId === drawId) return latest;
  const [, lotteryId, start, run] = /^(.+)@(0|-?[1-9]\d*)(?:#([2-9]|[1-9]\d+))?$/s.exec(drawId) ?? [];
  if (lotteryId === undefined || start === undefined) {
    throw new FieldError(`${name} ${drawId} is not <lotteryId>@<windowStart>, with #<run> from run 2 on`);
  }
  latest = { drawId, lotteryId, windowStart: Number(start), run: Number(run ?? 1) };
  return latest;
}

import { idSchema } from '../../lambda/core/ids.ts';

/** What an export goes by, of an event of an output stream. Ids are as inside: text. */
export interface OutputFields {
  readonly type: string;
  /** The lottery that it is of: its own, or that of the event that was rejected. */
  readonly lotteryId?: string;
  readonly run?: number;
  /** Where it is of a draw: when its window starts, ms. */
  readonly windowStart?: number;
  readonly sheet?: string;
}

/** @returns undefined for what is no event: no JSON object, or none with a type */
export function outputFields(text: string | undefined): OutputFields | undefined {
  const event = text === undefined ? undefined : objectIn(text);
  if (typeof event?.type !== 'string') return undefined;
  const { type, drawId, sheet, run: own } = event;
  const ofDraw = typeof drawId === 'string' ? drawOf(drawId) : undefined;
  const lotteryId = idOf(event.lotteryId) ?? idOf(fieldOf(event.event, 'lotteryId'));
  const run = typeof own === 'number' ? own : ofDraw?.run;
  return {
    type,
    ...(lotteryId !== undefined && { lotteryId }),
    ...(run !== undefined && { run }),
    ...(ofDraw && { windowStart: ofDraw.windowStart }),
    // It becomes the name of a file, and whoever can put on an output stream can name anything.
    ...(typeof sheet === 'string' && /^[0-9a-f]{64}$/.test(sheet) && { sheet }),
  };
}

/** `<lotteryId>@<windowStart>`, from the second run on with `#<run>` behind it (docs/events.md). */
function drawOf(drawId: string): { windowStart: number; run: number } | undefined {
  const [, windowStart, run = '1'] = /@(\d{1,16})(?:#(\d{1,16}))?$/.exec(drawId) ?? [];
  return windowStart === undefined ? undefined : { windowStart: Number(windowStart), run: Number(run) };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const value: unknown = JSON.parse(text);
  return isObject(value) && !Array.isArray(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function idOf(value: unknown): string | undefined {
  return value === undefined ? undefined : idSchema.safeParse(value).data;
}

import * as z from 'zod/mini';
import { beaconChainSchema } from './beacon.ts';
import { idSchema } from './ids.ts';
import { derivedTimeSchema, runOfDraw } from './window.ts';

/** What the output streams say of lotteries, as far as the page shows it. Ids are inner ones. */

const hex = z.string().check(z.regex(/^[0-9a-f]{1,192}$/));
const run = z.int().check(z.positive());
const count = z.int().check(z.nonnegative());
const millis = z.int().check(z.nonnegative());
/** Room for what receipts, entries and prizes may have. */
const text = z.string().check(z.maxLength(65_536));
/** As a stop or the prizes set it: it may lie before the first window, and so before the epoch. */
const lastWindow = z.int();

const ofRun = { lotteryId: idSchema, run };

export const runFactsSchema = z.object({
  windowMs: z.int().check(z.positive()),
  graceMs: millis,
  firstWindowStart: z.optional(derivedTimeSchema),
  prizes: z.optional(z.array(text)),
  beacon: z.optional(beaconChainSchema),
  receiptKey: text,
  seedCommitment: hex,
  replay: z.optional(z.literal(true)),
});

export type RunFacts = z.infer<typeof runFactsSchema>;

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ClickAcceptedEvent'),
    lotteryId: idSchema,
    drawId: text,
    windowStart: derivedTimeSchema,
  }),
  z.object({
    type: z.literal('EventRejectedEvent'),
    reason: z.string().check(z.regex(/^[A-Z_]{1,64}$/)),
    event: z.optional(z.looseObject({ lotteryId: z.optional(z.unknown()) })),
  }),
  z.extend(runFactsSchema, { type: z.literal('LotteryStartedEvent'), ...ofRun }),
  z.object({ type: z.literal('LotteryStoppedEvent'), ...ofRun, lastWindowStart: lastWindow }),
  z.object({
    type: z.literal('DrawClosedEvent'),
    ...ofRun,
    windowStart: derivedTimeSchema,
    windowRoot: hex,
    blocks: count,
    windowSeedCommitment: hex,
    closedAt: millis,
    round: z.optional(count),
  }),
  z.object({
    type: z.literal('LotteryWinnerEvent'),
    ...ofRun,
    windowStart: derivedTimeSchema,
    entries: count,
    userId: idSchema,
    entryId: text,
    priority: hex,
    windowSeed: hex,
    windowRoot: hex,
    sheet: hex,
    round: z.optional(count),
    beaconSignature: z.optional(hex),
    prize: z.optional(text),
  }),
  z.object({ type: z.literal('LotteryEndedEvent'), ...ofRun, seed: hex }),
]);

type Output = z.infer<typeof eventSchema>;

export type LiveEvent =
  | {
      readonly kind: 'accepted';
      readonly lotteryId: string;
      readonly run: number;
      readonly windowStart: number;
    }
  | { readonly kind: 'rejected'; readonly lotteryId: string; readonly reason: string }
  | Of<'started', 'LotteryStartedEvent'>
  | Of<'stopped', 'LotteryStoppedEvent'>
  | Of<'closed', 'DrawClosedEvent'>
  | Of<'drawn', 'LotteryWinnerEvent'>
  | Of<'ended', 'LotteryEndedEvent'>;

type Of<Kind, Type extends Output['type']> = Omit<Extract<Output, { type: Type }>, 'type'> & {
  readonly kind: Kind;
};

const kinds = {
  LotteryStartedEvent: 'started',
  LotteryStoppedEvent: 'stopped',
  DrawClosedEvent: 'closed',
  LotteryWinnerEvent: 'drawn',
  LotteryEndedEvent: 'ended',
} as const;

/**
 * @param data a record of an output stream
 * @returns undefined for what is of no lottery, or cannot be read: whoever put it, the page does without
 */
export function liveEventOf(data: Buffer): LiveEvent | undefined {
  const { data: output } = eventSchema.safeParse(parsed(data.toString('utf8')));
  if (output === undefined) return undefined;
  switch (output.type) {
    case 'ClickAcceptedEvent': {
      const { lotteryId, drawId, windowStart } = output;
      const ofDraw = runOfDraw(lotteryId, drawId);
      return ofDraw === undefined ? undefined : { kind: 'accepted', lotteryId, run: ofDraw, windowStart };
    }
    case 'EventRejectedEvent': {
      const { data: lotteryId } = idSchema.safeParse(output.event?.lotteryId);
      return lotteryId === undefined ? undefined : { kind: 'rejected', lotteryId, reason: output.reason };
    }
    default:
      return withKind(output);
  }
}

function withKind({ type, ...rest }: Exclude<Output, { type: 'ClickAcceptedEvent' | 'EventRejectedEvent' }>) {
  // The pair of the two unions, member by member, which a spread loses.
  return { kind: kinds[type], ...rest } as LiveEvent;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

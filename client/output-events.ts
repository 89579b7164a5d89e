import { z } from 'zod';

/** The output events as far as the command line looks into them; `lambda/core` says what they hold in all. */

const id = z.union([z.string(), z.number()]);

export const outputEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('CouponsBoughtEvent'),
    userId: id,
    purchasedCoupons: z.number(),
    availableCoupons: z.number(),
    recordId: z.string(),
  }),
  z.looseObject({
    type: z.literal('ClickAcceptedEvent'),
    userId: id,
    lotteryId: id,
    entryId: z.string(),
    drawId: z.string(),
    timestamp: z.number(),
    /** When the stream took the click. It and the timestamp decide the window. */
    arrival: z.number(),
    windowStart: z.number(),
    windowEnd: z.number(),
    availableCoupons: z.number(),
  }),
  z.looseObject({
    type: z.literal('CouponRefundedEvent'),
    userId: id,
    lotteryId: id,
    entryId: z.string(),
    drawId: z.string(),
    availableCoupons: z.number(),
    recordId: z.string(),
  }),
  z.looseObject({
    type: z.literal('CouponsGrantedEvent'),
    userId: id,
    grantId: z.string(),
    coupons: z.number(),
    reason: z.string().optional(),
    availableCoupons: z.number(),
    recordId: z.string(),
  }),
  z.looseObject({
    type: z.literal('EventRejectedEvent'),
    reason: z.string(),
    message: z.string(),
    recordId: z.string(),
    /** As it was sent: with anything in it. */
    event: z.looseObject({}).optional(),
  }),
  z.looseObject({
    type: z.literal('LotteryStartedEvent'),
    lotteryId: id,
    run: z.number(),
    seedCommitment: z.string(),
    windowMs: z.number(),
    /** How long after its window's end a click may arrive and be in it. */
    graceMs: z.number(),
    /** What receipts are checked with: SubjectPublicKeyInfo, base64. Absent in runs of before there were any. */
    receiptKey: z.string().optional(),
    /** The chain that draws; absent where a run has none. */
    beacon: z.looseObject({ chainHash: z.string() }).optional(),
    /** Time is that of the clicks, and arrivals count for nothing. */
    replay: z.literal(true).optional(),
    /** Absent where nothing bounds the run from below: in a replay, of a start without a time. */
    firstWindowStart: z.number().optional(),
    prizes: z.array(z.string()).optional(),
    recordId: z.string(),
  }),
  z.looseObject({
    type: z.literal('LotteryStoppedEvent'),
    lotteryId: id,
    run: z.number(),
    lastWindowStart: z.number(),
    recordId: z.string(),
  }),
  z.looseObject({
    type: z.literal('DrawClosedEvent'),
    drawId: z.string(),
    lotteryId: id,
    run: z.number(),
    windowStart: z.number(),
    windowEnd: z.number(),
    windowRoot: z.string(),
    /** How many. */
    blocks: z.number(),
    closedAt: z.number(),
    /** Of the beacon, where there is one. */
    round: z.number().optional(),
  }),
  z.looseObject({
    type: z.literal('LotteryWinnerEvent'),
    drawId: z.string(),
    lotteryId: id,
    userId: id,
    windowStart: z.number(),
    windowEnd: z.number(),
    entries: z.number(),
    entryId: z.string(),
    priority: z.string(),
    windowSeed: z.string(),
    /** Absent where no beacon drew. */
    beaconSignature: z.string().optional(),
    prize: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('LotteryEndedEvent'),
    lotteryId: id,
    run: z.number(),
    seed: z.string(),
  }),
]);

export type OutputEvent = z.output<typeof outputEvent>;

/** Each event of both output streams goes through it: compiled it takes a third of the time that it takes otherwise. */
const compiled = z.compile(outputEvent);

/** The event in a record, or undefined for what is none: anybody with access can put anything on a stream. */
export function parseOutputEvent(data: Uint8Array | string): OutputEvent | undefined {
  try {
    const text = typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    return compiled.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The id of the input record that an output event is the outcome of; undefined for what is no outcome. */
export function recordIdOfOutcome(event: OutputEvent): string | undefined {
  switch (event.type) {
    case 'ClickAcceptedEvent':
      return event.entryId;
    case 'DrawClosedEvent':
    case 'LotteryWinnerEvent':
    case 'LotteryEndedEvent':
      return undefined;
    default:
      return event.recordId;
  }
}

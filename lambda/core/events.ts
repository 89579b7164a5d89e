import * as z from 'zod/mini';
import { entryIdSchema, idSchema, innerIdSchema, wellFormed } from './ids.ts';
import { heartbeatTimeSchema, isDrawOf, timestampSchema } from './window.ts';

/**
 * The events that clients send (docs/events.md). Unknown extra fields are allowed and dropped: nothing that a client adds
 * decides what enters a draw.
 */

const eventIdSchema = z.optional(idSchema);

/** An item of DynamoDB holds 400 KB; the lottery's also holds its cursors, and every batch of clicks reads it. */
export const maximumPrizes = 1_000;
export const maximumPrizeBytes = 64 * 1024;

const prizesSchema = z.array(z.string().check(wellFormed)).check(
  z.minLength(1),
  z.maxLength(maximumPrizes),
  z.refine(
    (prizes) => prizes.reduce((bytes, prize) => bytes + Buffer.byteLength(prize), 0) <= maximumPrizeBytes,
  ),
);

export const lotteryEventSchemas = {
  LotteryStartEvent: z.object({
    type: z.literal('LotteryStartEvent'),
    lotteryId: idSchema,
    timestamp: z.optional(timestampSchema),
    prizes: z.optional(prizesSchema),
    eventId: eventIdSchema,
  }),
  LotteryStopEvent: z.object({
    type: z.literal('LotteryStopEvent'),
    lotteryId: idSchema,
    /** Counts in a replay only: else a stop is of its arrival. */
    timestamp: z.optional(timestampSchema),
    eventId: eventIdSchema,
  }),
} as const;

/** High-volume events are compiled: an event that is right takes 0.1 µs, a tenth of what it takes otherwise. */
export const userEventSchemas = {
  UserBuyCouponEvent: z.compile(
    z.object({
      type: z.literal('UserBuyCouponEvent'),
      userId: idSchema,
      /** Fewer than 1 is a business rejection with a message of its own, not a wrong field. */
      purchasedCoupons: z.int(),
      eventId: eventIdSchema,
    }),
  ),
  UserClickEvent: z.compile(
    z.object({
      type: z.literal('UserClickEvent'),
      timestamp: timestampSchema,
      userId: idSchema,
      lotteryId: idSchema,
      eventId: eventIdSchema,
    }),
  ),
  /**
   * Sent by the draw function alone: it names a refund that the draws table holds. A client may send one too,
   * but cannot invent a refund: what the table does not hold is rejected.
   */
  CouponRefundEvent: z
    .object({
      type: z.literal('CouponRefundEvent'),
      userId: idSchema,
      lotteryId: idSchema,
      drawId: z.string(),
      entryId: entryIdSchema,
    })
    // It is a key of the draws table, which refuses a whole read for one key that cannot be.
    .check(z.refine(({ lotteryId, drawId }) => isDrawOf(lotteryId, drawId), { path: ['drawId'] })),
  /**
   * Sent by operators: it names a grant that the grants table holds, where they alone can put one. So it may come from
   * anybody, as a refund's may.
   */
  CouponGrantEvent: z.object({
    type: z.literal('CouponGrantEvent'),
    userId: idSchema,
    /** A key of the grants table, as it stands there: a number is none. */
    grantId: innerIdSchema,
  }),
} as const;

/**
 * On both input streams, and no event: it has no outcome and no effect but its arrival, which moves the watermark of a
 * shard without events. So a forged one does no more than any record. `time`, ms, counts in a replay only.
 */
export const heartbeatSchema = z.object({
  type: z.literal('Heartbeat'),
  time: z.optional(heartbeatTimeSchema),
});

export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** What clients put on each input stream, by the stream's name without its environment. */
export const clientEventTypes = {
  'lottery-events-input': ['LotteryStartEvent', 'LotteryStopEvent'],
  'user-events-input': ['UserBuyCouponEvent', 'UserClickEvent'],
} as const;

export type InputStream = keyof typeof clientEventTypes;

export type LotteryStartEvent = z.infer<typeof lotteryEventSchemas.LotteryStartEvent>;
export type LotteryStopEvent = z.infer<typeof lotteryEventSchemas.LotteryStopEvent>;
export type LotteryEvent = LotteryStartEvent | LotteryStopEvent;

export type UserBuyCouponEvent = z.infer<typeof userEventSchemas.UserBuyCouponEvent>;
export type UserClickEvent = z.infer<typeof userEventSchemas.UserClickEvent>;
export type CouponRefundEvent = z.infer<typeof userEventSchemas.CouponRefundEvent>;
export type CouponGrantEvent = z.infer<typeof userEventSchemas.CouponGrantEvent>;
export type UserEvent = UserBuyCouponEvent | UserClickEvent | CouponRefundEvent | CouponGrantEvent;

/**
 * The oracle: from the records of the input streams it says what must come out; proof/audit/judge.ts compares. It shares no
 * code with what it judges. A click's window, a draw's entries, their number and who wins are decided by the inputs. What
 * they do not decide is free, within bounds, and read off the outputs that it bounds:
 * 1. *When a record was processed.* Some time between its arrival and its outcome. So a click of a window behind a stop may
 *    be LOTTERY_INACTIVE, or accepted and refunded, as long as the stop can have been unknown: until it is out, and a second
 *    more where the lottery was remembered as active. One that came before its lottery's start was out may be
 *    LOTTERY_INACTIVE. A start or stop near an end may be taken or rejected. Nothing else has two outcomes.
 * 2. *The order of shards.* Events of one key on unrelated shards may be applied in any order that explains all; a shard's
 *    are in their order, and a child's after its parents'.
 * 3. *What an operator redrove*: an entry may be in its draw, or refunded; a click may find its run ended.
 * 4. *When a refund is granted.* Until then a CouponRefundEvent, from whomever, is REFUND_UNKNOWN; after it, once, it is not.
 * 5. *When a grant is made.* It is stored before its operator's event, by another clock: what comes while it is stored finds it, or
 *    is GRANT_UNKNOWN.
 * 6. *How often things are said*, and the order of what is published together.
 * Stamps of two streams may differ by `slackMs`. Windows have no slack: they go by the click's own stamp and timestamp.
 * Not foreseen: settings that change, records that outlive their stream's retention, and seeds that somebody takes away.
 */
export interface Settings extends Record<'windowMs' | 'graceMs', number> {
  /** How far a click's time may be off its arrival; undefined: a replay, in which time is that of the clicks. */
  toleranceMs: number | undefined;
  /** How far the stamps of two streams may be off each other, ms. */
  slackMs: number;
  /** What was due before must be there, ms since the epoch. */
  until: number;
  /** Ids of records of user-events-input that were redriven, themselves or in a batch of entries. None where left out. */
  redriven?: ReadonlySet<string>;
  /** What operators gave, by its id. None where left out. */
  grants?: ReadonlyMap<string, Grant>;
}

/** Coupons that an operator gave; all of it was fixed before anybody could be told. */
export interface Grant extends Record<'userId' | 'reason', string> {
  coupons: number;
  /** When it began to be stored; and when it was, as far as its operator knows, else Infinity. ms. */
  from: number;
  until: number;
}

/**
 * The oracle: from the records of the input streams it says what must come out; proof/audit/judge.ts compares. It shares no
 * code with what it judges. What the inputs do not decide is free, within bounds, and read off the outputs that it bounds:
 * 1. *When a record was processed.* Some time between its arrival and its outcome. So a click near a start, a stop or an
 *    end may be accepted or LOTTERY_INACTIVE, if its lottery can have been that at some instant in between, or up to
 *    a second before where it was remembered as active; and a start or stop near an end may be taken or rejected.
 * 2. *Which entries come late.* An entry that would have won may leave a draw: to a later window that its run had, or
 *    back to its user once no window can be left. Those that would have won but for a better late one lose with it.
 * 3. *The order of shards.* Events of one key on unrelated shards may be applied in any order that explains all; a shard's
 *    are in their order, and a child's after its parents'.
 * 4. *Which refunds are granted.* A CouponRefundEvent, from whomever, may give back what left a draw, once; any other
 *    is REFUND_UNKNOWN. (That all came that were granted, the audit asks of the tables.)
 * 5. *How often things are counted and said:* `entries` of a winner (1 at least), and repetitions of equal records.
 * Not foreseen: records that outlive their stream's retention, and seeds that somebody takes away.
 */
export interface Settings extends Record<'windowMs' | 'graceMs' | 'retentionMs', number> {
  /** How far a click's time may be off its arrival; undefined: as far as it likes. */
  toleranceMs: number | undefined;
  /** Whether a record under another key than its user's or lottery's id is rejected. */
  partitionKeyIsId: boolean;
  /** How far the stamps of two streams may be off each other, ms. */
  slackMs: number;
  /** What was due before must be there, ms since the epoch. */
  until: number;
}

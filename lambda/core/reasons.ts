/**
 * Why an event was rejected. The order is part of the stored format (lambda/core/outcome-codec.ts keeps an
 * index into this list in a few bytes an event): append, never reorder or remove.
 */
export const rejectionReasons = [
  'LOTTERY_ALREADY_STARTED',
  'INVALID_COUPON_AMOUNT',
  'LOTTERY_INACTIVE',
  'NO_COUPON',
  'INVALID_JSON',
  'UNKNOWN_TYPE',
  'INVALID_FIELD',
  'DUPLICATE_EVENT',
  'TIMESTAMP_OUT_OF_RANGE',
  'COUPON_LIMIT_EXCEEDED',
  'REFUND_UNKNOWN',
  'PARTITION_KEY_MISMATCH',
  'GRANT_UNKNOWN',
  'INVALID_AGGREGATE',
  'COMPRESSED',
  'TOO_MANY_IN_RECORD',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

/** What is wrong with an event, before anything was applied. `field` is there where one field is to blame. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly message: string;
  readonly field?: string;
}

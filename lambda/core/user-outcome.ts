import { type Rejected, withRejections } from './rejected.ts';

/** What changed the balance, with the coupons that the user has after it. */
type AppliedOutcome =
  | { readonly kind: 'bought'; readonly availableCoupons: number }
  | {
      readonly kind: 'accepted';
      readonly availableCoupons: number;
      readonly run: number;
      /** The window that the click competes in, ms; absent where it is that of its timestamp. */
      readonly windowStart?: number;
    }
  | { readonly kind: 'refunded'; readonly availableCoupons: number }
  /** `coupons`: how many were given. */
  | { readonly kind: 'granted'; readonly availableCoupons: number; readonly coupons: number };

export type UserOutcome = AppliedOutcome | Rejected;

const boughtCode = 0;
const acceptedCode = 1;
const refundedCode = 2;
const grantedCode = 3;
const acceptedElsewhereCode = 8;

/** How a cursor keeps what became of a user's event. */
export const userOutcomeCodec = withRejections<AppliedOutcome>('user', {
  encode(outcome) {
    const { availableCoupons } = outcome;
    switch (outcome.kind) {
      case 'bought':
        return [boughtCode, availableCoupons, 0];
      case 'accepted':
        return outcome.windowStart === undefined
          ? [acceptedCode, availableCoupons, outcome.run]
          : [acceptedElsewhereCode, availableCoupons, outcome.run, outcome.windowStart];
      case 'refunded':
        return [refundedCode, availableCoupons, 0];
      case 'granted':
        return [grantedCode, availableCoupons, outcome.coupons];
      default:
        return outcome satisfies never;
    }
  },
  decode([code, availableCoupons, second, windowStart = 0]) {
    if (code === boughtCode) return { kind: 'bought', availableCoupons };
    if (code === acceptedCode) return { kind: 'accepted', availableCoupons, run: second };
    if (code === acceptedElsewhereCode)
      return { kind: 'accepted', availableCoupons, run: second, windowStart };
    if (code === grantedCode) return { kind: 'granted', availableCoupons, coupons: second };
    return code === refundedCode ? { kind: 'refunded', availableCoupons } : undefined;
  },
});

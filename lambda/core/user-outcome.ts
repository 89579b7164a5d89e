import { type Rejected, withRejections } from './rejected.ts';

/** What changed the balance, with the coupons that the user has after it. */
type AppliedOutcome =
  | { readonly kind: 'bought'; readonly availableCoupons: number }
  | { readonly kind: 'accepted'; readonly availableCoupons: number; readonly run: number }
  | { readonly kind: 'refunded'; readonly availableCoupons: number };

export type UserOutcome = AppliedOutcome | Rejected;

const boughtCode = 0;
const acceptedCode = 1;
const refundedCode = 2;

/** How a cursor keeps what became of a user's event. */
export const userOutcomeCodec = withRejections<AppliedOutcome>('user', {
  encode(outcome) {
    const { availableCoupons } = outcome;
    switch (outcome.kind) {
      case 'bought':
        return [boughtCode, availableCoupons, 0];
      case 'accepted':
        return [acceptedCode, availableCoupons, outcome.run];
      case 'refunded':
        return [refundedCode, availableCoupons, 0];
      default:
        return outcome satisfies never;
    }
  },
  decode([code, availableCoupons, run]) {
    if (code === boughtCode) return { kind: 'bought', availableCoupons };
    if (code === acceptedCode) return { kind: 'accepted', availableCoupons, run };
    return code === refundedCode ? { kind: 'refunded', availableCoupons } : undefined;
  },
});

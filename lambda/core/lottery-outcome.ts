import { type Rejected, withRejections } from './rejected.ts';

type AppliedOutcome =
  | { readonly kind: 'started'; readonly run: number }
  | { readonly kind: 'stopped'; readonly run: number; readonly lastWindowStart: number };

export type LotteryOutcome = AppliedOutcome | Rejected;

const startedCode = 0;
const stoppedCode = 1;

/** How a cursor keeps what became of a lottery's event. */
export const lotteryOutcomeCodec = withRejections<AppliedOutcome>('lottery', {
  encode(outcome) {
    switch (outcome.kind) {
      case 'started':
        return [startedCode, outcome.run, 0];
      case 'stopped':
        return [stoppedCode, outcome.run, outcome.lastWindowStart];
      default:
        return outcome satisfies never;
    }
  },
  decode([code, run, lastWindowStart]) {
    if (code === startedCode) return { kind: 'started', run };
    return code === stoppedCode ? { kind: 'stopped', run, lastWindowStart } : undefined;
  },
});

import type { OutcomeCodec, StoredOutcome } from './outcome-codec.ts';
import { type RejectionReason, rejectionReasons } from './reasons.ts';

/** In the words of those who sent it: what its key's item cannot keep (resume.ts). */
export const noRoomMessage =
  'There is no room for what became of it: of its key are too many events in an aggregated record, or on too many shards';

export interface Rejected {
  readonly kind: 'rejected';
  readonly reason: RejectionReason;
}

/** Codes from here on are rejections: this plus the reason's index. */
const firstRejectionCode = 16;

/**
 * Adds rejections to what a codec of the other outcomes knows, whose codes are below 16.
 * @param domain names the outcomes in the error of an unknown code
 */
export function withRejections<Applied extends { readonly kind: string }>(
  domain: string,
  applied: {
    readonly encode: (outcome: Applied) => StoredOutcome;
    readonly decode: (stored: StoredOutcome) => Applied | undefined;
  },
): OutcomeCodec<Applied | Rejected> {
  return {
    encode: (outcome) =>
      isRejected(outcome)
        ? [firstRejectionCode + rejectionReasons.indexOf(outcome.reason), 0, 0]
        : applied.encode(outcome),
    decode(stored) {
      const [code] = stored;
      if (code < firstRejectionCode) {
        const outcome = applied.decode(stored);
        if (outcome !== undefined) return outcome;
      }
      const reason = rejectionReasons[code - firstRejectionCode];
      if (reason === undefined) throw new RangeError(`Stored ${domain} outcome has unknown code ${code}`);
      return { kind: 'rejected', reason };
    },
  };
}

function isRejected(outcome: { readonly kind: string }): outcome is Rejected {
  return outcome.kind === 'rejected';
}

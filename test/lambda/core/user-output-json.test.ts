import { describe, expect, test } from 'vitest';
import { BatchTrees, entryJson } from '../../../lambda/core/batch-trees.ts';
import type { Receipt } from '../../../lambda/core/receipt.ts';
import type { UserOutcome } from '../../../lambda/core/user-outcome.ts';
import { userOutput, userOutputJson } from '../../../lambda/core/user-outputs.ts';
import { anyReceipt, buy, click, outputContext } from '../../support/events.ts';
import { sourced } from '../../support/records.ts';

const accepted: UserOutcome = { kind: 'accepted', availableCoupons: 3, run: 1 };
const oddIds = [7, '7', 'a"b\\c', 'é😀\n\u0000\u2028', '\u007f', '9007199254740993'];

/** Of the second of two entries, in a batch of so many draws. */
function receiptOf(draws: number): Receipt {
  const entries = ['a', 'b'].map((user) => entryJson([`s:${user}`, user]));
  const trees = new BatchTrees(Array.from({ length: draws }, (_, n) => ({ drawId: `1@${n}`, entries })));
  return trees.receiptOf('1@0', 1, '_-'.repeat(43));
}

describe('an outcome that is put as text is that of JSON.stringify', () => {
  const receipts = [anyReceipt, receiptOf(1), receiptOf(2), receiptOf(3)];
  test.each(receipts.map((receipt) => [receipt]))('with the receipt %o', (receipt) => {
    const context = { ...outputContext(), receiptOf: () => receipt };
    for (const userId of oddIds) {
      const event = sourced(1, { ...click(0), userId: String(userId), lotteryId: String(userId) });
      expect(userOutputJson(event, accepted, context)).toBe(
        JSON.stringify(userOutput(event, accepted, context)),
      );
    }
  });

  test('without one, too', () => {
    const bought: UserOutcome = { kind: 'bought', availableCoupons: 3 };
    const rejected: UserOutcome = { kind: 'rejected', reason: 'NO_COUPON' };
    const cases = [[buy(7), bought] as const, [click(0), rejected] as const];
    for (const [event, outcome] of cases)
      expect(userOutputJson(sourced(1, event), outcome, outputContext())).toBe(
        JSON.stringify(userOutput(sourced(1, event), outcome, outputContext())),
      );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rootOf } from '../../../lambda/core/block.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, receiptKey } from '../../support/events.ts';
import { isProven } from '../../support/merkle.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { receiptsOf } from '../../support/receipts.ts';

const events = fc.oneof(
  { weight: 4, arbitrary: fc.record({ user: fc.nat(3), lottery: fc.nat(2), window: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ user: fc.nat(3) }) },
);

/** Where the function dies at its first delivery, and how the second one is cut. */
const crash = fc.record({
  at: fc.integer({ min: 1, max: 12 }),
  when: fc.constantFrom('before' as const, 'after' as const),
  cut: fc.nat(12),
});

test('any batch that dies anywhere, and comes again in other pieces, gives receipts of blocks that go into the draws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { maxLength: 12 }), crash, async (contents, { at, when, cut }) => {
      const pipeline = new Pipeline();
      pipeline.now = 11_000;
      for (const lotteryId of ['0', '1']) pipeline.lotteries.set(activeRun({ lotteryId }));
      const first = Array.from({ length: 3 }, (_, user) => buy(user, 1_000));
      await pipeline.userEvents(pipeline.batch(first));
      const batch = pipeline.batch(
        contents.map((each) =>
          'lottery' in each ? click(each.user, each.window * 10_000, each.lottery) : buy(each.user, 1),
        ),
      );
      pipeline.effects.dieAt({ at, when });
      await pipeline.userEvents(batch).catch(() => {});
      expectProven(pipeline);
      pipeline.effects.dieAt(undefined);
      pipeline.restart();
      for (const Records of [batch.Records.slice(0, cut), batch.Records.slice(cut)])
        if (Records.length > 0) await pipeline.userEvents({ Records });
      expectProven(pipeline);
      const accepted = pipeline.userOutputs.values.filter(({ type }) => type === 'ClickAcceptedEvent');
      expect(receiptsOf(pipeline.userOutputs.values)).toHaveLength(accepted.length);
    }),
    { numRuns: 60 },
  );
});

/** At any time: what is told may be told no more, and must be true already. */
function expectProven(pipeline: Pipeline): void {
  const onEntries = new Set(
    pipeline.entries.values.map(({ lotteryId, windowStart, block }) => {
      return `${lotteryId}@${windowStart} ${rootOf(String(block))}`;
    }),
  );
  for (const each of receiptsOf(pipeline.userOutputs.values)) {
    expect(onEntries).toContain(`${each.drawId} ${each.receipt.root}`);
    expect(isProven(each, receiptKey)).toBe(true);
  }
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordIdOf } from '../../../lambda/core/ids.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun } from '../../support/events.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { sequenceNumber, shardId } from '../../support/records.ts';

/** Records that no event schema takes. Their user is never 1, whose events are the good ones. */
const poison: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((json) => Buffer.from(json)),
  fc
    .integer({ min: 1, max: 5_000 })
    .map((depth) => Buffer.from(`{"type":"UserClickEvent","userId":${'['.repeat(depth)}`)),
  fc
    .integer({ min: 1, max: 5_000 })
    .map((depth) => Buffer.from(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
  fc
    .constantFrom('__proto__', 'constructor', 'toString')
    .map((type) => Buffer.from(`{"type":"${type}","userId":2}`)),
  fc.constant(Buffer.from('{"type":"UserClickEvent","userId":"\\ud800","lotteryId":1,"timestamp":1}')),
  fc.constant(Buffer.from('{"type":"UserBuyCouponEvent","userId":{},"purchasedCoupons":1}')),
  fc.constant(
    Buffer.from('{"type":"CouponRefundEvent","userId":2,"lotteryId":1,"drawId":"../..","entryId":"x"}'),
  ),
);

const good = [buy(1, 2), click(1, 1000)];
const goodResults = ['CouponsBoughtEvent', 'ClickAcceptedEvent'];

const runs = 100;
const perBatch = 100;

describe(`${runs * perBatch} poisoned records through the function`, () => {
  test('have one rejection each, and keep no good record from its result', async () => {
    const batches = fc.array(poison, { minLength: perBatch, maxLength: perBatch });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(perBatch), async (poisoned, at) => {
        const pipeline = new Pipeline();
        pipeline.lotteries.set(activeRun());
        const contents = [...poisoned.slice(0, at), ...good, ...poisoned.slice(at)];
        const answer = await pipeline.userEvents(pipeline.batch(contents));
        expect(answer).toEqual({ batchItemFailures: [] });
        const outcomes = new Map(
          pipeline.userOutputs.values.map(({ recordId, entryId, type }) => [recordId ?? entryId, type]),
        );
        expect(pipeline.userOutputs.values).toHaveLength(contents.length);
        const expected = contents.map((_, index) => {
          const id = recordIdOf({ shardId, sequenceNumber: sequenceNumber(index + 1) });
          return [id, goodResults[index - at] ?? 'EventRejectedEvent'] as const;
        });
        expect(outcomes).toEqual(new Map(expected));
      }),
      { numRuns: runs },
    );
  });
});

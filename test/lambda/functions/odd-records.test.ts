import { beforeEach, describe, expect, test } from 'vitest';
import { tickMessageSchema } from '../../../lambda/core/entries-records.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';
import { drawKeySchema } from '../../../lambda/core/partial-draw.ts';
import { drawIdOf, latestTime } from '../../../lambda/core/window.ts';
import { oddIds } from '../../../proof/simulation/odd-values.ts';
import { buy, start } from '../../support/client-events.ts';
import { activeRun, windowMs } from '../../support/events.ts';
import type { MemoryStream } from '../../support/fakes/memory-streams.ts';
import type { EventType, Json } from '../../support/odd-values.ts';
import { eventTypes, oddEvents, oddPartials, oddTickMessages, oddTicks } from '../../support/odd-values.ts';
import { dueAtOf, partialWith, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { sequenceNumber, shardId } from '../../support/records.ts';

const entryId = recordIdOf({ shardId, sequenceNumber: sequenceNumber(1) });
const refundable = { drawId: '1@0', entryId, lotteryId: 1, userId: 1 };
const bases: Readonly<Record<EventType, Json>> = {
  LotteryStartEvent: { lotteryId: 1, prizes: ['a'] },
  LotteryStopEvent: { lotteryId: 1 },
  UserBuyCouponEvent: { userId: 1, purchasedCoupons: 5 },
  UserClickEvent: { userId: 1, lotteryId: 1, timestamp: 0 },
  CouponRefundEvent: refundable,
  CouponGrantEvent: { userId: 1, grantId: 'given' },
};

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  for (const id of [1, ...oddIds]) pipeline.lotteries.set(activeRun({ lotteryId: String(id) }));
});

/** By record id. */
function outcomes(stream: MemoryStream): Map<unknown, unknown> {
  return new Map(stream.values.map(({ recordId, entryId: id, type }) => [recordId ?? id, type]));
}

describe('an event with an odd value in one field has one outcome, and so has the good one after it', () => {
  const isOfLottery = (type: EventType) => type.startsWith('Lottery');

  test.each(eventTypes.filter(isOfLottery))('%s', async (type) => {
    for (const [index, odd] of oddEvents(type, bases[type]).entries()) {
      const batch = pipeline.batch([odd, start(`good ${index}`)]);
      expect(await pipeline.lotteryEvents(batch)).toEqual({ batchItemFailures: [] });
      const [first, second] = batch.Records.map(({ eventID }) =>
        outcomes(pipeline.lotteryOutputs).get(eventID),
      );
      expect([typeof first, second]).toEqual(['string', 'LotteryStartedEvent']);
      pipeline.takeAnnounced();
    }
  });

  test.each(eventTypes.filter((type) => !isOfLottery(type)))('%s', async (type) => {
    for (const userId of [1, ...oddIds]) {
      await pipeline.userEvents(pipeline.batch([buy(userId, 5)]));
    }
    pipeline.userOutputs.take();
    for (const odd of oddEvents(type, bases[type])) {
      const batch = pipeline.batch([odd, buy('good', 1)]);
      expect(await pipeline.userEvents(batch)).toEqual({ batchItemFailures: [] });
      const [first, second] = batch.Records.map(({ eventID }) => outcomes(pipeline.userOutputs).get(eventID));
      expect([typeof first, second]).toEqual(['string', 'CouponsBoughtEvent']);
      pipeline.userOutputs.take();
    }
  });

  test('a refund that was granted, of any user and lottery', async () => {
    for (const id of oddIds) {
      const text = String(id);
      const drawId = drawIdOf({ lotteryId: text, run: 1, windowStart: 0 });
      await pipeline.refunds.putIfAbsent([
        { drawId, entryId, userId: text, lotteryId: text, run: 1, grantedAt: 0 },
      ]);
      const event = { type: 'CouponRefundEvent', drawId, entryId, userId: id, lotteryId: id };
      await pipeline.userEvents(pipeline.batch([event]));
      expect(pipeline.userOutputs.take()).toMatchObject([
        { type: 'CouponRefundedEvent', userId: id, drawId },
      ]);
    }
  });
});

describe('a record of the entries stream with an odd value fails no invocation', () => {
  const place = { lotteryId: '1', run: 1, windowStart: windowMs };

  /** Two invocations of one window: the records arrive, then all windows are complete. */
  async function play(...values: readonly object[]): Promise<void> {
    const { state } = await pipeline.draw(pipeline.records(values));
    const lotteryIds = new Set(values.flatMap((value) => ('lotteryId' in value ? [value.lotteryId] : [])));
    const ticks = [...lotteryIds].map((lotteryId) => ({
      ...tickOf({ windowStart: 2 * latestTime }),
      lotteryId,
    }));
    await pipeline.draw(pipeline.records(ticks), { state, final: true });
  }

  test('and the good one after it has its draw', async () => {
    const partial = await partialWith(pipeline.blocks, [1], place);
    const odd = [...oddPartials({ ...partial, dueAt: dueAtOf(windowMs) }), ...oddTicks(place)];
    expect(odd.length).toBeGreaterThan(150);
    for (const [index, value] of odd.entries()) {
      const good = { ...place, windowStart: (50 + index) * windowMs };
      await play(value, value, await partialWith(pipeline.blocks, [1], good));
      expect(pipeline.takeAnnounced()).toContainEqual(expect.objectContaining({ drawId: drawIdOf(good) }));
      for (const { tick } of pipeline.queue.take()) expect(drawKeySchema.parse(tick)).toEqual(tick);
    }
  });

  test('though it comes too late for its draw', async () => {
    for (const id of oddIds) {
      const text = String(id);
      const own = { ...place, lotteryId: text };
      for (const n of [8, 9]) await play(await partialWith(pipeline.blocks, [n], own));
      expect(pipeline.userInputs.take()).toMatchObject([{ lotteryId: text, entryId: 'shard:9' }]);
    }
  });
});

describe('a message of the ticks queue with an odd value', () => {
  const messages = oddTickMessages({ lotteryId: '1', run: 1, windowStart: 0 });

  test('that passes its schema is put or queued again; another one is reported, and it alone', async () => {
    pipeline.now = 1_000;
    const { batchItemFailures } = await pipeline.ticks(messages);
    const refused = messages.flatMap((message, index) =>
      tickMessageSchema.safeParse(message).success ? [] : [{ itemIdentifier: String(index) }],
    );
    expect(batchItemFailures).toEqual(refused);
    expect(pipeline.entries.records.length + pipeline.queue.messages.length).toBe(
      messages.length - refused.length,
    );
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { tickMessageSchema } from '../../../lambda/core/entries-records.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';
import { drawIdOf, latestTime } from '../../../lambda/core/window.ts';
import { processTicks } from '../../../lambda/functions/ticks/process.ts';
import { oddIds } from '../../../proof/simulation/odd-values.ts';
import { buy, start } from '../../support/client-events.ts';
import { activeRun, windowMs } from '../../support/events.ts';
import { MemoryStream, MemoryTicks } from '../../support/fakes/memory-streams.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import type { EventType, Json } from '../../support/odd-values.ts';
import {
  eventTypes,
  oddEvents,
  oddPartials,
  oddTickMessages,
  oddTickRecords,
} from '../../support/odd-values.ts';
import { partialWithPriority } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord, sequenceNumber, shardId, sqsEvent, sqsRecord } from '../../support/records.ts';

const entryId = recordIdOf({ shardId, sequenceNumber: sequenceNumber(1) });
const refundable = { drawId: '1@0', entryId, lotteryId: 1, userId: 1 };
const bases: Readonly<Record<EventType, Json>> = {
  LotteryStartEvent: { lotteryId: 1, prizes: ['a'] },
  LotteryStopEvent: { lotteryId: 1 },
  UserBuyCouponEvent: { userId: 1, purchasedCoupons: 5 },
  UserClickEvent: { userId: 1, lotteryId: 1, timestamp: 0 },
  CouponRefundEvent: refundable,
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
      pipeline.lotteryOutputs.take();
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
      await pipeline.draws.putLateEntryIfAbsent({
        ...{ drawId, entryId, userId: text, lotteryId: text, run: 1, settledAt: 0 },
      });
      const event = { type: 'CouponRefundEvent', drawId, entryId, userId: id, lotteryId: id };
      await pipeline.userEvents(pipeline.batch([event]));
      expect(pipeline.userOutputs.take()).toMatchObject([
        { type: 'CouponRefundedEvent', userId: id, drawId },
      ]);
    }
  });
});

describe('a record of the entries stream with an odd value fails no invocation', () => {
  const entry = { entryId, userId: '1', priority: '0'.repeat(64) };
  const partial = { lotteryId: '1', run: 1, windowStart: windowMs, entries: 1 };
  const odd = [
    ...oddPartials(partial, entry),
    ...oddTickRecords({ lotteryId: '1', run: 1, lastWindowStart: latestTime }),
  ];
  /** Long after all that is due. */
  const later = 1_000 * windowMs;

  const record = (n: number, value: object, arrival: number) => kinesisRecord(n, value, { arrival });

  /** Two invocations of one window: the records arrive, then everything is due. */
  async function play(...values: readonly object[]): Promise<void> {
    const { state } = await pipeline.draw(values.map((value, index) => record(index, value, index)));
    await pipeline.draw([record(values.length, { type: 'Tick', lotteryId: '1' }, later)], {
      state,
      final: true,
    });
  }

  test('and the good one after it has its draw', async () => {
    for (const [index, value] of odd.entries()) {
      const good = { lotteryId: '1', run: 1, windowStart: (50 + index) * windowMs };
      await play(value, value, partialWithPriority('1', good));
      expect(pipeline.lotteryOutputs.take()).toContainEqual(
        expect.objectContaining({ drawId: drawIdOf(good) }),
      );
    }
  });

  test.each(['active', 'ended'] as const)(
    'though it comes too late for its draw, and the lottery is %s',
    async (status) => {
      for (const id of oddIds) {
        const text = String(id);
        pipeline.lotteries.set(activeRun({ lotteryId: text, status }));
        await play(partialWithPriority('9', { lotteryId: text }));
        const best = { ...entry, userId: text };
        await play(partialWithPriority('0', { lotteryId: text, best }));
        const told = status === 'active' ? pipeline.userOutputs : pipeline.userInputs;
        expect(told.take()).toMatchObject([{ userId: status === 'active' ? id : text, entryId }]);
      }
    },
  );
});

describe('a message of the ticks queue with an odd value', () => {
  const messages = oddTickMessages({ lotteryId: '1', run: 1, lastWindowStart: 0 });

  test('that passes its schema is put or queued again; another one is reported, and it alone', async () => {
    const ports = {
      ...{ entries: new MemoryStream('entries'), queue: new MemoryTicks(), telemetry: new MemoryTelemetry() },
      now: () => 1_000,
    };
    const event = sqsEvent(messages.map((message, index) => sqsRecord(String(index), message)));
    const { batchItemFailures } = await processTicks(event, ports);
    const refused = messages.flatMap((message, index) =>
      tickMessageSchema.safeParse(message).success ? [] : [{ itemIdentifier: String(index) }],
    );
    expect(batchItemFailures).toEqual(refused);
    expect(ports.entries.records.length + ports.queue.messages.length).toBe(messages.length - refused.length);
  });
});

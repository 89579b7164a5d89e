import type { KinesisStreamEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { Load } from '../../bench/payloads/load.ts';
import { payloadOf } from '../../bench/payloads/payload.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { decodeUserRecord } from '../../lambda/core/decode.ts';
import { recordIdOf } from '../../lambda/core/ids.ts';

const load: Load = { batches: 2, batchSize: 20, users: 30, clicksPerUser: 10, lotteries: 2 };

/** Ids, users and lotteries of the clicks in a batch. */
function clicksOf(first: number, of: Load) {
  const event: KinesisStreamEvent = JSON.parse(payloadOf({ load: of, first }, 1_700_000_000_000));
  return kinesisSource.records(event).map((record) => {
    const decoded = decodeUserRecord(record);
    if (!('event' in decoded) || decoded.event.type !== 'UserClickEvent') throw new Error('This is no click');
    return { id: recordIdOf(record.source), ...decoded.event };
  });
}

it.each([load, { ...load, perRecord: 7 }])(
  'no click comes twice, and users click as often as asked',
  (own) => {
    const batches = [clicksOf(1, own), clicksOf(21, own)];
    expect(new Set(batches.flat().map(({ id }) => id)).size).toBe(40);
    for (const batch of batches) {
      const counts = Map.groupBy(batch, ({ userId }) => userId);
      expect([...counts.values()].map(({ length }) => length)).toEqual([10, 10]);
      expect(new Set(batch.map(({ lotteryId }) => lotteryId))).toEqual(new Set(['1', '2']));
    }
    expect(new Set(batches.flat().map(({ userId }) => userId)).size).toBe(4);
  },
);

it('time goes by with the clicks where it is asked to', () => {
  const [first, second] = clicksOf(1, { ...load, clicksPerSecond: 4 });
  expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(250);
});

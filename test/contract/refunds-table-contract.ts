import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { RefundsTable } from '../../lambda/adapters/refunds-table.ts';
import type { Refund } from '../../lambda/core/draw.ts';
import { refundKey } from '../../lambda/core/refund-key.ts';
import type { StateTables } from './state-tables-contract.ts';

const refund = (fields: Partial<Refund> = {}): Refund => ({
  ...{ entryId: 'shardId-000000000000:7', userId: 'anna', lotteryId: '1', run: 1 },
  ...{ drawId: '1@0', grantedAt: 35_000, ...fields },
});

export function refundsTableContract(tables: StateTables): void {
  describe('refunds', () => {
    let table: DynamoTable;
    let refunds: RefundsTable;

    beforeEach(async () => {
      table = new DynamoTable(tables.client(), await tables.refunds());
      refunds = new RefundsTable(tables.client(), table);
    });

    const first = refund();
    const second = refund({ entryId: 'shardId-000000000000:8' });
    const keyOf = refundKey(first);
    const takenOf = async (keys: readonly Refund[]) =>
      [...(await refunds.granted(keys))].map(([key, { isTaken }]) => [key, isTaken]);

    test('are stored once, and granted as they are stored', async () => {
      expect(await refunds.putIfAbsent([first])).toMatchObject({ stored: [first], isNew: 1 });
      const again = await refunds.putIfAbsent([refund({ grantedAt: 95_000, userId: 'eve' }), second]);
      expect(again).toMatchObject({ stored: [first, second], isNew: 1 });
      expect(await refunds.putIfAbsent([])).toEqual({ stored: [], isNew: 0 });
      const absent = { drawId: '1@0', entryId: 'shardId-000000000000:9' };
      const ofOtherDraw = refund({ drawId: '1@10000' });
      expect(await refunds.granted([first, first, second, absent, ofOtherDraw])).toEqual(
        new Map([first, second].map((each) => [refundKey(each), { ...each, isTaken: false }])),
      );
      expect(await refunds.granted([])).toEqual(new Map());
    });

    test('put at the same time are one', async () => {
      const puts = await Promise.all(
        [1, 2, 3, 4].map((grantedAt) => refunds.putIfAbsent([refund({ grantedAt })])),
      );
      expect(puts.filter(({ isNew }) => isNew === 1)).toHaveLength(1);
      expect(new Set(puts.map(({ stored }) => stored[0]?.grantedAt)).size).toBe(1);
    });

    test('are taken for good, however often, and by several at the same time', async () => {
      await refunds.putIfAbsent([first, second]);
      await refunds.take([keyOf]);
      expect(await takenOf([first, second])).toEqual(
        expect.arrayContaining([
          [keyOf, true],
          [refundKey(second), false],
        ]),
      );
      await Promise.all([refunds.take([keyOf, refundKey(second)]), refunds.take([keyOf, keyOf])]);
      expect(new Set((await takenOf([first, second])).map(([, isTaken]) => isTaken))).toEqual(
        new Set([true]),
      );
      // Who grants it again finds it as it is.
      expect(await refunds.putIfAbsent([first])).toMatchObject({ stored: [first], isNew: 0 });
      expect(await takenOf([first])).toEqual([[keyOf, true]]);
    });

    test('that are not there cannot be taken: nothing is made of them, and others are taken', async () => {
      await refunds.putIfAbsent([second]);
      await refunds.take([keyOf, refundKey(second)]);
      expect(await table.get({ refundId: keyOf })).toBeUndefined();
      expect(await takenOf([first, second])).toEqual([[refundKey(second), true]]);
      // It is granted all the same, and not as taken.
      expect(await refunds.putIfAbsent([first])).toMatchObject({ isNew: 1 });
      expect(await takenOf([first])).toEqual([[keyOf, false]]);
    });

    test('by the hundreds are put, read and taken in one go', async () => {
      const many = Array.from({ length: 230 }, (_, n) => refund({ entryId: `s:${n}` }));
      expect(await refunds.putIfAbsent(many)).toMatchObject({ stored: many, isNew: 230 });
      await refunds.take(many.map(refundKey));
      const taken = await takenOf(many);
      expect([taken.length, taken.every(([, isTaken]) => isTaken)]).toEqual([230, true]);
    });
  });
}

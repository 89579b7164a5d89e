import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { grantItemOf, storeGrant } from '../../client/grants.ts';
import { toAttributes } from '../../lambda/adapters/attribute-values.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { GrantsTable } from '../../lambda/adapters/grants-table.ts';
import type { StateTables } from './state-tables-contract.ts';

const grantOf = (grantId: string, coupons = 5) =>
  grantItemOf({ grantId, userId: 'anna', coupons, reason: 'for the wait' }, 35_000);

export function grantsTableContract(tables: StateTables): void {
  describe('grants', () => {
    let name: string;
    let grants: GrantsTable;

    beforeEach(async () => {
      name = await tables.grants();
      grants = new GrantsTable(tables.client(), new DynamoTable(tables.client(), name));
    });

    const store = (grantId: string, coupons?: number) =>
      storeGrant(tables.client(), name, grantOf(grantId, coupons));
    const takenOf = async (ids: readonly string[]) =>
      [...(await grants.granted(ids))].map(([id, { isTaken }]) => [id, isTaken]);

    test('are stored once, and given as they are stored; the same again is no other', async () => {
      expect(await store('a')).toEqual(grantOf('a'));
      const later = { ...grantOf('a'), grantedAt: 99_000 };
      expect(await storeGrant(tables.client(), name, later)).toEqual(grantOf('a'));
      await expect(store('a', 6)).rejects.toThrow(
        'Grant a is there and gives 5 to user anna ("for the wait"): take another id',
      );
      expect(await grants.granted(['a', 'a', 'b'])).toEqual(new Map([['a', grantOf('a')]]));
      expect(await grants.granted([])).toEqual(new Map());
    });

    test('put at the same time are one', async () => {
      const puts = await Promise.allSettled([1, 2, 3, 4].map((coupons) => store('a', coupons)));
      expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('are taken for good, and known as taken to who makes them again', async () => {
      await store('a');
      await store('b');
      await Promise.all([grants.take(['a']), grants.take(['a', 'c'])]);
      expect((await takenOf(['a', 'b', 'c'])).toSorted()).toEqual([
        ['a', true],
        ['b', false],
      ]);
      expect(await store('a')).toEqual({ ...grantOf('a'), isTaken: true });
    });

    test.each([
      ['too many coupons', { coupons: 2 ** 32 + 1 }],
      ['none', { coupons: 0 }],
      ['a part of one', { coupons: 0.5 }],
      ['a text for a number', { coupons: '5' }],
      ['no reason', { reason: '' }],
      ['no user', { userId: undefined }],
    ])('that somebody put by hand with %s are none, and hold up no others', async (_, fields) => {
      const Item = toAttributes({ ...grantOf('hand'), ...fields });
      await tables.client().send(new PutItemCommand({ TableName: name, Item }));
      await store('a');
      expect([...(await grants.granted(['hand', 'a'])).keys()]).toEqual(['a']);
    });

    test.each([
      ['an attribute of a type that is not used here', { NULL: true }],
      ['a number that cannot be read exactly', { N: '1e30' }],
    ])('that somebody put by hand with %s are none either', async (_, coupons) => {
      const Item = { ...toAttributes(grantOf('hand')), coupons };
      await tables.client().send(new PutItemCommand({ TableName: name, Item }));
      await store('a');
      expect([...(await grants.granted(['hand', 'a'])).keys()]).toEqual(['a']);
      await expect(store('hand')).rejects.toThrow('Grant hand is there and gives something of another form');
    });
  });
}

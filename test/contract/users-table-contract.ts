import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { fromAttributes, toAttributes } from '../../lambda/adapters/attribute-values.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { UsersTable } from '../../lambda/adapters/users-table.ts';
import { decideBatch } from '../../lambda/core/decider.ts';
import type { UserEvent } from '../../lambda/core/events.ts';
import type { UserState } from '../../lambda/core/user.ts';
import { newUser, recentIdLimit, userDecider } from '../../lambda/core/user.ts';
import { activeRun, buy, click, grantOf, refundOf, userContext } from '../support/events.ts';
import { sourced } from '../support/records.ts';
import type { StateTables } from './state-tables-contract.ts';
import { itemSize } from './support/dynamo-item-size.ts';

const arrival = 1_700_000_000_000;

function stateAfter(events: readonly UserEvent[], state: UserState = newUser, first = 1): UserState {
  const batch = events.map((event, index) => sourced(first + index, event, { arrival }));
  const refund = () => ({ userId: '1', lotteryId: '1', isTaken: false });
  const grant = () => ({ userId: '1', coupons: 5, reason: 'for the wait', isTaken: false });
  return decideBatch(userDecider, state, batch, userContext({ now: arrival, refund, grant })).state;
}

/**
 * One whose clicks come by a thousand shards, 10,000 by the first. Their windows are not their own, and the run is a late
 * one, so that each outcome is as long as they come. Made once for all engines.
 */
function makeHostileUser(): { state: UserState; shards: readonly string[] } {
  const context = userContext({ now: arrival, lottery: () => activeRun({ run: 2 ** 50 }) });
  const shards = Array.from({ length: 1_000 }, (_, n) => `shardId-${String(n).padStart(12, '0')}`);
  let state: UserState = { ...newUser, coupons: 2 ** 51 };
  for (const [n, shard] of shards.entries()) {
    const batch = Array.from({ length: n === 0 ? 10_000 : 2 }, (_, at) =>
      sourced(at + 1, click(0), { arrival, shard }),
    );
    const decision = decideBatch(userDecider, state, batch, context);
    expect(decision.applied).toBeGreaterThan(0);
    state = decision.state;
  }
  return { state, shards };
}

let made: ReturnType<typeof makeHostileUser> | undefined;

function hostileUser(): ReturnType<typeof makeHostileUser> {
  made ??= makeHostileUser();
  return made;
}

export function usersTableContract(tables: StateTables): void {
  describe('users', () => {
    let name: string;
    let users: UsersTable;

    beforeEach(async () => {
      name = await tables.users();
      users = new UsersTable(new DynamoTable(tables.client(), name));
    });

    const load = async (key: string) => (await users.load([key], { consistent: true })).get(key);
    const write = async (key: string, state: UserState) => (await users.write([{ key, state }]))[0]?.kind;
    const storedItem = async (userId: string): Promise<Record<string, unknown>> => {
      const command = new GetItemCommand({
        TableName: name,
        Key: toAttributes({ userId }),
        ConsistentRead: true,
      });
      const { Item } = await tables.client().send(command);
      if (Item === undefined) throw new Error(`User ${userId} is not there`);
      return fromAttributes(Item);
    };

    test('come back as they were written, a version higher', async () => {
      const entryId = 'shardId-000000000000:1';
      const state = stateAfter([
        buy(100, '1', 'a'),
        click(arrival),
        refundOf(entryId),
        grantOf('given'),
        click(0, '1', '1', 'b'),
      ]);
      expect(await write('1', state)).toBe('written');
      const stored = await load('1');
      expect(stored).toMatchObject({
        version: 1,
        coupons: 104,
        recentIds: state.recentIds,
        refunds: state.refunds,
        grants: ['given'],
      });
      expect(stored?.recentIds).toHaveLength(2);
      // The cursor too, byte by byte: the same batch has the same outcomes.
      expect(stored && stateAfter([buy(100, '1', 'a'), click(arrival)], stored)).toBe(stored);
    });

    test('lose what their state no longer has', async () => {
      await write('1', stateAfter([buy(1, '1', 'a'), refundOf('shardId-000000000000:1'), grantOf('given')]));
      const loaded = await load('1');
      if (loaded === undefined) throw new Error('The user is not there');
      expect(await write('1', { ...loaded, recentIds: [], refunds: [], grants: [], cursors: {} })).toBe(
        'written',
      );
      expect(await load('1')).toEqual({ ...newUser, version: 2, coupons: 7 });
      expect(Object.keys(await storedItem('1')).toSorted()).toEqual([
        'coupons',
        'cursors',
        'userId',
        'version',
      ]);
    });

    test('may be read as they were before, where no one asks for more', async () => {
      await write('1', stateAfter([buy(1)]));
      expect(await users.load(['1'], { consistent: false })).toEqual(new Map());
      expect(await load('1')).toMatchObject({ coupons: 1 });
    });

    test('that are not there are absent; of several each is found', async () => {
      expect(await users.load(['1', '2'], { consistent: true })).toEqual(new Map());
      expect(await users.load([], { consistent: true })).toEqual(new Map());
      const writes = ['1', '2', 'anna'].map((key, n) => ({ key, state: stateAfter([buy(n + 1, key)]) }));
      await users.write(writes);
      const found = await users.load(['anna', '3', '2', '1'], { consistent: true });
      expect([...found].map(([key, { coupons }]) => [key, coupons]).toSorted()).toEqual([
        ['1', 1],
        ['2', 2],
        ['anna', 3],
      ]);
    });

    test('are written only on the version that was loaded', async () => {
      const fresh = stateAfter([buy(1)]);
      expect(await write('1', fresh)).toBe('written');
      expect(await write('1', fresh)).toBe('conflict');
      const loaded = await load('1');
      if (loaded === undefined) throw new Error('The user is not there');
      expect(await write('1', { ...loaded, coupons: 50 })).toBe('written');
      expect(await write('1', { ...loaded, coupons: 70 })).toBe('conflict');
      expect(await load('1')).toMatchObject({ version: 2, coupons: 50 });
    });

    test('are not written on a version when there is none', async () => {
      expect(await write('1', { ...stateAfter([buy(1)]), version: 3 })).toBe('conflict');
      expect(await load('1')).toBeUndefined();
    });

    test('are written each under its own condition: a conflict of one is none of another', async () => {
      await write('2', stateAfter([buy(1, '2')]));
      const writes = ['1', '2', '3'].map((key) => ({ key, state: stateAfter([buy(9, key)]) }));
      expect((await users.write(writes)).map(({ kind }) => kind)).toEqual(['written', 'conflict', 'written']);
      expect((await load('2'))?.coupons).toBe(1);
    });

    test('by the hundreds take more than one read, and none is lost', async () => {
      const keys = Array.from({ length: 230 }, (_, n) => `user ${n}`);
      const results = await users.write(keys.map((key) => ({ key, state: stateAfter([buy(1, key)]) })));
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['written']));
      expect((await users.load(keys, { consistent: true })).size).toBe(230);
    });

    test('commonly take one write unit: an item of at most 1 KB, with a full list of recent ids', async () => {
      const ids = Array.from({ length: recentIdLimit }, (_, n) => buy(1_000, 'user-12345678', `id ${n}`));
      await write('user-12345678', stateAfter([click(arrival)], stateAfter(ids), 100));
      const item = await storedItem('user-12345678');
      expect(item.recentIds).toHaveLength(8 * recentIdLimit);
      expect(itemSize(item)).toBeLessThanOrEqual(1024);
    });

    test('stay below the 400 KB of an item whatever shards their events come by, with 10,000 in the first', async () => {
      const { state, shards } = hostileUser();
      expect(Object.keys(state.cursors)).toEqual(shards);
      expect(await write('1', state)).toBe('written');
      expect(itemSize(await storedItem('1'))).toBeLessThan(400 * 1024);
    });

    test('with as many events in one batch as are taken at once stay below 10 KB, and come back whole', async () => {
      const events = [buy(1_000_000), ...Array.from({ length: 9_999 }, () => click(arrival))];
      const state = stateAfter(events);
      const taken = events.slice(0, 1 + 1_000_000 - state.coupons);
      expect(taken.length).toBeGreaterThan(600);
      expect(await write('1', state)).toBe('written');
      expect(itemSize(await storedItem('1'))).toBeLessThan(10 * 1024);
      const stored = await load('1');
      expect(stored?.coupons).toBe(state.coupons);
      expect(stored && stateAfter(taken, stored)).toBe(stored);
    });

    test('as version 0.1.0 wrote them, with a map of refunds, are read, and written as of now', async () => {
      const refunds = { 'shardId-000000000000:1': 1_700_000_000_000 };
      const Item = toAttributes({ userId: '1', version: 3, coupons: 2, cursors: {}, refunds });
      await tables.client().send(new PutItemCommand({ TableName: name, Item }));
      const old = await load('1');
      expect(old).toEqual({ ...newUser, version: 3, coupons: 2 });
      expect(await write('1', stateAfter([buy(1)], old))).toBe('written');
      expect(await storedItem('1')).not.toHaveProperty('refunds');
      expect(await load('1')).toMatchObject({ version: 4, coupons: 3, refunds: [] });
    });
  });
}

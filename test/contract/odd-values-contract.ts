import { describe, expect, test } from 'vitest';
import { ClosedDraws } from '../../lambda/adapters/closed-draws.ts';
import { ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { DrawsTable } from '../../lambda/adapters/draws-table.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { LotteriesTable } from '../../lambda/adapters/lotteries-table.ts';
import { OpenDrawsTable } from '../../lambda/adapters/open-draws-table.ts';
import { RefundsTable } from '../../lambda/adapters/refunds-table.ts';
import { UsersTable } from '../../lambda/adapters/users-table.ts';
import { quicknet } from '../../lambda/contract/quicknet.ts';
import { refundKey } from '../../lambda/core/refund-key.ts';
import { newUser } from '../../lambda/core/user.ts';
import { drawIdOf, latestTime } from '../../lambda/core/window.ts';
import { oddIds } from '../../proof/simulation/odd-values.ts';
import { wholeDraw } from '../support/draws.ts';
import { activeRun, seededRun } from '../support/events.ts';
import type { StateTables } from './state-tables-contract.ts';

const ids = [...new Set(oddIds.map(String))];
const prizes = ['', '\u0000', '__proto__', '🎟'.repeat(1_000)];

/** What a schema takes can be a key, a name and a number of an item: each engine must take it, and give it back. */
export function oddValuesContract(tables: StateTables): void {
  describe('odd values', () => {
    test('are ids of users', async () => {
      const users = new UsersTable(new DynamoTable(tables.client(), await tables.users()));
      const state = { ...newUser, coupons: 2 ** 52 };
      const written = await users.write(ids.map((key) => ({ key, state })));
      expect(written.map(({ kind }) => kind)).toEqual(ids.map(() => 'written'));
      const stored = await users.load(ids, { consistent: true });
      expect(ids.map((id) => stored.get(id)?.coupons)).toEqual(ids.map(() => 2 ** 52));
    });

    test('are ids, prizes and times of lotteries', async () => {
      const lotteries = new LotteriesTable(tables.client(), await tables.lotteries());
      const runOf = (lotteryId: string) =>
        activeRun({ lotteryId, prizes, firstWindowStart: 0, lastWindowStart: latestTime });
      const written = await lotteries.write(
        ids.map((id) => ({ key: id, state: { version: 0, cursors: {}, run: runOf(id) } })),
      );
      expect(written.map(({ kind }) => kind)).toEqual(ids.map(() => 'written'));
      const stored = await lotteries.load(ids);
      expect(ids.map((id) => stored.get(id)?.run)).toEqual(ids.map(runOf));
    });

    test('are in draws, in their refunds, and in what waits for a tick', async () => {
      const table = new DynamoTable(tables.client(), await tables.draws());
      const lists = new ContentBucket(await tables.bucket(), 'draws', 'lists');
      const draws = new DrawsTable(table, new LongTexts(lists));
      const closedDraws = new ClosedDraws(table, new LongTexts(lists));
      const openDraws = new OpenDrawsTable(table, lists);
      const refunds = new RefundsTable(
        tables.client(),
        new DynamoTable(tables.client(), await tables.refunds()),
      );
      for (const id of ids) {
        const place = { lotteryId: id, run: Number.MAX_SAFE_INTEGER, windowStart: 0 };
        const entryId = `${'s'.repeat(64)}:${'9'.repeat(60)}`;
        const { draw, closed } = wholeDraw(seededRun({ ...place, prizes, beacon: quicknet }), 0, [
          [[entryId, id]],
        ]);
        expect((await draws.putDrawIfAbsent(draw)).stored).toEqual(draw);
        expect(await draws.drawOf(drawIdOf(place))).toEqual(draw);
        expect(await closedDraws.closeIfAbsent(closed)).toEqual(closed);
        expect(await closedDraws.closedOf(drawIdOf(place))).toEqual(closed);
        const { lotteryId, run } = place;
        const refund = {
          entryId: '__proto__:0',
          userId: id,
          lotteryId,
          run,
          drawId: drawIdOf(place),
          grantedAt: 9,
        };
        expect((await refunds.putIfAbsent([refund])).stored).toMatchObject([refund]);
        await refunds.take([refundKey(refund)]);
        expect((await refunds.granted([refund])).get(refundKey(refund))).toEqual({
          ...refund,
          isTaken: true,
        });
        const open = {
          [drawIdOf(place)]: { ...place, dueAt: 2 * latestTime, blocks: [...draw.blocks], round: 0 },
        };
        await openDraws.change(place, () => open);
        expect(await openDraws.open(place)).toEqual(open);
      }
    });
  });
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAggregate } from '../../../lambda/core/kpl.ts';
import { type LotteryEnvironment, patience } from './environment.ts';

/** Records as somebody else made them. */
export function putTests(the: () => LotteryEnvironment): void {
  describe('lottery put', () => {
    it('puts records as they are, and says what became of each event in them', async () => {
      const buy = (userId: number) => ({ type: 'UserBuyCouponEvent', userId, purchasedCoupons: 1 });
      const inner = (userId: number, event: object) => ({
        partitionKey: String(userId),
        data: Buffer.from(JSON.stringify(event)),
      });
      const events = [
        inner(21, buy(21)),
        inner(22, { type: 'Heartbeat' }),
        inner(22, buy(23)),
        inner(21, buy(21)),
      ];
      const whole = writeAggregate(events).toString('base64');
      const file = join(the().directory, 'records');
      await writeFile(file, `${whole}\n\n${whole.slice(0, 80)}\n`);
      const { code, stdout, stderr } = await the().lottery(['put', '--base64', '--json', file, ...patience]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '4 events were put\n' });
      const came: { recordId: string; availableCoupons?: number; reason?: string }[] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const ofKind = (pattern: RegExp) =>
        came
          .filter(({ recordId }) => pattern.test(recordId))
          .map(({ recordId, availableCoupons, reason }) => [recordId.at(-1), availableCoupons ?? reason])
          .sort();
      expect(ofKind(/:\d+:\d$/)).toEqual([
        ['0', 1],
        ['2', 'PARTITION_KEY_MISMATCH'],
        ['3', 2],
      ]);
      expect(came.find(({ reason }) => reason === 'INVALID_AGGREGATE')?.recordId).toMatch(/^[\w-]+:\d+$/);
      expect(came).toHaveLength(4);
      await writeFile(file, `${JSON.stringify(buy(21))}\n`);
      const one = await the().lottery(['put', file, ...patience]);
      expect(one).toMatchObject({
        ...{ code: 0, stdout: 'user 21 bought 1 coupon, has 3\n', stderr: '1 event was put\n' },
      });
      // As where what made them has failed: `make-records | lottery put`.
      await writeFile(file, '');
      expect(await the().lottery(['put', file])).toMatchObject({
        ...{ code: 1, stdout: '', stderr: `There is no record in ${file}\n` },
      });
    });
  });
}

import { describe, expect, it } from 'vitest';
import { type LotteryEnvironment, patience } from './environment.ts';

/** Players, and what becomes of the lottery that they play in, however that ends. */
export function loadTests(the: () => LotteryEnvironment): void {
  describe('lottery load', () => {
    it('puts what was asked for at more than a call can take, and has an outcome for all', async () => {
      const { lotteryId, buys, clicks } = await the().json(
        ...['load', '--rate', '700', '--users', '50', '--seconds', '1', ...patience],
      );
      const done = { asked: 700, rejected: {}, failed: {}, withoutOutcome: 0, isCut: false };
      expect(buys).toMatchObject({ due: 50, put: 50, accepted: 50, ...done });
      expect(clicks).toMatchObject({ due: 700, put: 700, accepted: 700, ...done });
      expect(clicks.latency.p99).toBeGreaterThan(0);
      await expect.poll(() => the().json('status', lotteryId)).toMatchObject({ state: 'ended' });
    });

    it.each([
      [
        ['--rate', '0'],
        2,
        /^error: option '--rate <number>' argument '0' is invalid\. A whole number from 1 to 10000\.\n$/,
      ],
      [['--users', '1e3'], 2, /^error: option '--users <number>' argument '1e3' is invalid\./],
      [['--lottery', ''], 2, /^The id of a lottery has 1 to 128 characters, this one 0\n$/],
      [['--lottery', 'nobody'], 1, /^No lottery nobody was ever started in dev\n$/],
      [['--lottery', 'promo'], 1, /^Lottery promo takes no clicks now: ended\n$/],
    ])('%j: says what is wrong before anybody buys', async (argv, code, stderr) => {
      const ran = await the().lottery(['load', ...argv]);
      expect(ran.stderr).toMatch(stderr);
      expect(ran).toMatchObject({ code, stdout: '' });
    });

    it('says what was done when it is interrupted, and stops its lottery', async () => {
      const ending = new AbortController();
      const argv = ['load', '--rate', '20', '--users', '2', '--seconds', '3600', '--json', ...patience];
      const loading = the().lottery(argv, ending.signal);
      await expect.poll(() => openLoad(the())).toBeDefined();
      const lotteryId = String(await openLoad(the()));
      // It clicks: until then the load waits for the start.
      const coupons = async () => (await the().json('user', `${lotteryId}-0`)).availableCoupons;
      await expect.poll(coupons).toBeLessThan(36_000);
      ending.abort();
      const { code, stdout } = await loading;
      expect(code).toBe(130);
      const { buys, clicks } = JSON.parse(stdout);
      expect(buys).toMatchObject({ put: 2 });
      expect(clicks.due).toBeLessThan(72_000);
      await expect.poll(() => the().json('status', lotteryId)).toMatchObject({ state: 'ended' });
    });

    it('stops its lottery where that starts too late for it', async () => {
      await the().json('pause', 'lottery-events', ...patience);
      const argv = ['load', '--rate', '20', '--users', '2', '--seconds', '1', '--timeout', '1'];
      const { code, stderr } = await the().lottery(argv);
      const [, lotteryId = ''] = /^Lottery (load-\w+) has not started within 1 s$/m.exec(stderr) ?? [];
      expect({ lotteryId, code }).toEqual({ lotteryId: expect.stringMatching(/^load-/), code: 1 });
      await the().json('resume', 'lottery-events', ...patience);
      await expect
        .poll(async () => (await the().lottery(['status', lotteryId, '--json'])).stdout)
        .toMatch(/"state": "ended"/);
    });
  });
}

/** The id of the lottery of a load that is open. */
async function openLoad(the: LotteryEnvironment): Promise<string | undefined> {
  const { lotteries } = await the.json('ls');
  const open = lotteries.find(
    ({ lotteryId, state }: { lotteryId: unknown; state: string }) =>
      String(lotteryId).startsWith('load-') && state === 'open',
  );
  return open?.lotteryId;
}

import { describe, expect, it } from 'vitest';
import { type LotteryEnvironment, patience } from './environment.ts';

/** The environment is stopped here: nothing comes after this. */
export function goneTests(the: () => LotteryEnvironment): void {
  describe('lottery, on an environment that goes away', () => {
    it('load and tail end with a line each', async () => {
      const load = ['load', '--rate', '20', '--users', '2', '--seconds', '3600', ...patience];
      const running = Promise.all([the().lottery(load), the().lottery(['tail', '--winners'])]);
      await expect
        .poll(async () => (await the().lottery(['status', '--json'])).stdout)
        .toMatch(/"lotteryId": "load-\w+",\s+"run": 1,\s+"state": "open"/);
      await the().runtime.stop();
      for (const { code, stderr } of await running) {
        expect(stderr).toMatch(/^(?:2 users, named .*\n)?[^\n]*ECONNREFUSED[^\n]*\n$/);
        expect(code).toBe(3);
      }
    });
  });
}

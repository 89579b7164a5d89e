import { expect, it } from 'vitest';
import { MissedRuns } from '../../../lambda/adapters/missed-runs.ts';
import { type RunKey, runKey } from '../../../lambda/core/window.ts';
import { activeRun } from '../../support/events.ts';

it('looks for a run that is not there once a minute, and for others as ever', async () => {
  let now = 0;
  const asked: string[][] = [];
  const there = activeRun({ lotteryId: 'there' });
  const runs = new MissedRuns(
    {
      async byRun(keys: readonly RunKey[]) {
        asked.push(keys.map(runKey));
        return new Map(keys.some(({ lotteryId }) => lotteryId === 'there') ? [[runKey(there), there]] : []);
      },
    },
    () => now,
  );
  const both = [there, { lotteryId: 'gone', run: 1 }];
  for (now of [0, 59_999, 60_000]) expect([...(await runs.byRun(both)).values()]).toEqual([there]);
  expect(asked).toEqual([['there#1', 'gone#1'], ['there#1'], ['there#1', 'gone#1']]);
  await runs.byRun([{ lotteryId: 'gone', run: 1 }]);
  expect(asked).toHaveLength(3);
});

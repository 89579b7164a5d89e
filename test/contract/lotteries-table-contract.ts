import { beforeEach, describe, expect, test } from 'vitest';
import { LotteriesTable } from '../../lambda/adapters/lotteries-table.ts';
import type { LotteryRun, LotteryState } from '../../lambda/core/lottery.ts';
import { runKey } from '../../lambda/core/window.ts';
import { activeRun, beacon, secondRun } from '../support/events.ts';
import { sequenceNumber, shardId } from '../support/records.ts';
import type { StateTables } from './state-tables-contract.ts';

const cursors = {
  [shardId]: { sequenceNumber: sequenceNumber(1), arrival: 5, outcomes: Uint8Array.of(0, 1, 255) },
};

export function lotteriesTableContract(tables: StateTables): void {
  describe('lotteries', () => {
    let lotteries: LotteriesTable;

    beforeEach(async () => {
      lotteries = new LotteriesTable(tables.client(), await tables.lotteries());
    });

    const load = async (): Promise<LotteryState> => {
      const state = (await lotteries.load(['1'])).get('1');
      if (state === undefined) throw new Error('The lottery is not there');
      return state;
    };
    const write = async (state: LotteryState) => (await lotteries.write([{ key: '1', state }]))[0]?.kind;
    const start = (run: LotteryRun = activeRun()) => write({ version: 0, cursors, run });
    /** Ends the run of now and puts the second in its place. */
    const restart = async () => {
      await lotteries.end({ lotteryId: '1', run: 1 });
      return write({ ...(await load()), run: secondRun() });
    };

    test('come back as they were written, a version higher', async () => {
      const bounds = { firstWindowStart: 0, lastWindowStart: 10_000 };
      const run = activeRun({ prizes: ['bike', 'Häuschen'], beacon, ...bounds });
      expect(await start(run)).toBe('written');
      const state = await load();
      expect({ version: state.version, run: state.run }).toEqual({ version: 1, run });
      expect(state.cursors[shardId]).toMatchObject({ sequenceNumber: sequenceNumber(1), arrival: 5 });
      expect(Buffer.from(state.cursors[shardId]?.outcomes ?? [])).toEqual(Buffer.of(0, 1, 255));
    });

    test('of a replay say so', async () => {
      await start(activeRun({ replay: true, windowMs: 5_000, graceMs: 0 }));
      expect((await load()).run).toEqual(activeRun({ replay: true, windowMs: 5_000, graceMs: 0 }));
    });

    test('that only had rejected events have cursors and no run', async () => {
      await write({ version: 0, cursors });
      expect(await load()).not.toHaveProperty('run');
      expect(await lotteries.current(['1'])).toEqual(new Map());
    });

    test('are written only on the version that was loaded', async () => {
      expect(await start()).toBe('written');
      expect(await start()).toBe('conflict');
      const state = await load();
      expect(await write(state)).toBe('written');
      expect(await write(state)).toBe('conflict');
    });

    test('are found by lottery and by run', async () => {
      await start();
      await lotteries.write([
        { key: '2', state: { version: 0, cursors, run: activeRun({ lotteryId: '2' }) } },
      ]);
      expect([...(await lotteries.current(['1', '2', '3'])).keys()].toSorted()).toEqual(['1', '2']);
      const keys = [
        { lotteryId: '1', run: 1 },
        { lotteryId: '1', run: 1 },
        { lotteryId: '1', run: 7 },
        { lotteryId: '3', run: 1 },
      ];
      expect(await lotteries.byRun(keys)).toEqual(new Map([['1#1', activeRun()]]));
      expect(await lotteries.byRun([])).toEqual(new Map());
    });

    test('end once, with nothing else changed, and a second time in vain', async () => {
      await start();
      await lotteries.end({ lotteryId: '1', run: 1 });
      const ended = await load();
      expect(ended.run).toEqual(activeRun({ status: 'ended' }));
      expect(ended.version).toBe(2);
      expect(ended.cursors).not.toEqual({});
      await lotteries.end({ lotteryId: '1', run: 1 });
      expect((await load()).version).toBe(2);
    });

    test('an end between load and write is a conflict: it must not be undone', async () => {
      await start();
      const loaded = await load();
      await lotteries.end({ lotteryId: '1', run: 1 });
      expect(await write(loaded)).toBe('conflict');
    });

    test('another run’s end, and that of an unknown lottery, do nothing', async () => {
      await start();
      await lotteries.end({ lotteryId: '1', run: 2 });
      await lotteries.end({ lotteryId: '9', run: 1 });
      expect((await load()).run?.status).toBe('active');
      expect(await lotteries.current(['9'])).toEqual(new Map());
    });

    test('a restart puts the ended run away, where it stays readable', async () => {
      await start();
      expect(await restart()).toBe('written');
      expect((await lotteries.current(['1'])).get('1')).toEqual(secondRun());
      const runs = await lotteries.byRun([1, 2].map((run) => ({ lotteryId: '1', run })));
      expect(runs.get(runKey({ lotteryId: '1', run: 1 }))).toEqual(activeRun({ status: 'ended' }));
      expect(runs.get(runKey({ lotteryId: '1', run: 2 }))).toEqual(secondRun());
    });

    test('a late end of the old run does not touch the new one', async () => {
      await start();
      await restart();
      await lotteries.end({ lotteryId: '1', run: 1 });
      expect((await load()).run).toEqual(secondRun());
    });

    test('later writes of the second run leave the first as it was put away', async () => {
      await start();
      await restart();
      const state = await load();
      await write({ ...state, run: secondRun({ status: 'stopped' }) });
      expect((await lotteries.byRun([{ lotteryId: '1', run: 1 }])).get('1#1')).toEqual(
        activeRun({ status: 'ended' }),
      );
    });
  });
}

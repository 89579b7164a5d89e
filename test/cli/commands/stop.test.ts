import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { command } from '../../../cli/commands/stop.ts';
import { environmentOf, run, streams } from './support.ts';

const stopped = {
  ...{ lotteryId: 'promo', run: 1, status: 'stopped', seedCommitment: 'a', receiptKey: 'b' },
  ...{ windowMs: 1_000, graceMs: 500, firstWindowStart: 0, lastWindowStart: 1_000 },
  prizes: ['car', 'bike', 'pen'],
};

/** @param looks how often the run is seen before it has ended */
function environment(looks: number) {
  let left = looks;
  const send = async (sent: object) => {
    if (!(sent instanceof BatchGetCommand)) throw new TypeError('Not known here');
    const [table = ''] = Object.keys(sent.input.RequestItems ?? {});
    if (table === 'draws') return { Responses: { draws: [] } };
    left -= 1;
    return { Responses: { [table]: [{ current: left < 0 ? { ...stopped, status: 'ended' } : stopped }] } };
  };
  const { kinesis, put } = streams({
    outcomeOf: ({ lotteryId }) => ({
      type: 'LotteryStoppedEvent',
      lotteryId,
      run: 1,
      lastWindowStart: 1_000,
    }),
  });
  const opened = environmentOf({ kinesis, dynamodb: { send } as unknown as DynamoDBDocumentClient });
  const outputs = { ...opened.outputs, LotteriesTableName: 'lotteries', DrawsTableName: 'draws' };
  return { put, opened: { ...opened, outputs } };
}

it('waits until the run has ended, and says what came of its prizes', async () => {
  const { opened, put } = environment(5);
  const { printed, noted } = await run(command, opened, 'promo');
  expect(put).toEqual(['LotteryStopEvent']);
  expect(noted).toEqual([expect.stringMatching(/^Its last window is over in \d s, at 00:00:02 UTC$/)]);
  expect(printed).toEqual([
    'Lottery promo has ended: run 1, 0 draws; prizes that are left: pen; nobody clicked for car, bike',
  ]);
});

it('says after its time, which counts from the last window, that the run has not ended', async () => {
  await expect(run(command, environment(1_000).opened, 'promo', '--timeout', '3')).rejects.toThrow(
    'Lottery promo is stopped and has not ended 3 s after its last window: lottery status says what is behind',
  );
});

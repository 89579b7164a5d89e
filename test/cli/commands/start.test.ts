import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { command } from '../../../cli/commands/start.ts';
import { environmentOf, run, streams } from './support.ts';

/** A lottery that may be there, with prizes. @param isRepeated whether a put comes twice, as its first answer was lost */
function environment({ isStarted = false, isRepeated = false, prizes = ['car'] }) {
  let isThere = isStarted;
  const { kinesis, put } = streams({
    outcomeOf({ lotteryId }) {
      if (isThere) return { type: 'EventRejectedEvent', reason: 'LOTTERY_ALREADY_STARTED', message: 'It is' };
      isThere = true;
      const times = { windowMs: 1_000, graceMs: 0, firstWindowStart: 0 };
      return { type: 'LotteryStartedEvent', lotteryId, run: 1, seedCommitment: 'a', ...times, prizes };
    },
  });
  const send = async (sent: PutRecordsCommand) => {
    if (isRepeated && sent instanceof PutRecordsCommand) await kinesis.send(sent);
    return kinesis.send(sent);
  };
  return { put, opened: environmentOf({ kinesis: { send } as unknown as KinesisClient }) };
}

const open = 'Lottery promo is open: run 1, a draw every 1 s, 1 prize, until 00:00:01 UTC';

it.each([false, true])(
  'says that it is open, whether or not the SDK has repeated the put: %s',
  async (isRepeated) => {
    const { opened, put } = environment({ isRepeated });
    expect((await run(command, opened, 'promo', '--prize', 'car')).printed).toEqual([open]);
    expect(put).toHaveLength(isRepeated ? 2 : 1);
  },
);

it.each([
  ['it was open before', { isStarted: true, isRepeated: true }],
  ["somebody else's start, of other prizes, came before", { isRepeated: true, prizes: ['bike'] }],
])('is rejected where %s', async (_, how) => {
  const { opened } = environment(how);
  await expect(run(command, opened, 'promo', '--prize', 'car')).rejects.toThrow('LOTTERY_ALREADY_STARTED');
});

import { GetRecordsCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../../cli/commands/context.ts';
import { command } from '../../../cli/commands/load.ts';
import type { Environment } from '../../../client/environment/open.ts';

const names = ['LotteryEventsInput', 'UserEventsInput', 'LotteryEventsOutput', 'UserEventsOutput'];
const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
};

/** Users' events are answered, lotteries' are not. @param read what a read of the outputs does first */
function environment(read: (put: readonly string[]) => void) {
  const put: string[] = [];
  let outcomes: object[] = [];
  const send = async (sent: object) => {
    if (sent instanceof GetRecordsCommand) {
      read(put);
      const isUsers = sent.input.ShardIterator === 'UserEventsOutput';
      const Records = isUsers ? outcomes : [];
      if (isUsers) outcomes = [];
      return { Records, NextShardIterator: sent.input.ShardIterator, MillisBehindLatest: 0 };
    }
    if (!(sent instanceof PutRecordsCommand)) {
      const { StreamName } = (sent as GetRecordsCommand & { input: { StreamName: string } }).input;
      return { Shards: [shard], ShardIterator: StreamName };
    }
    const Records = (sent.input.Records ?? []).map(({ Data = new Uint8Array() }) => {
      const event = JSON.parse(Buffer.from(Data).toString());
      const SequenceNumber = String(put.push(event.type));
      const recordId = `${shard.ShardId}:${SequenceNumber}`;
      const bought = { type: 'CouponsBoughtEvent', availableCoupons: 1, ...event, recordId };
      if (event.type === 'UserBuyCouponEvent')
        outcomes.push({ SequenceNumber, PartitionKey: '7', Data: Buffer.from(JSON.stringify(bought)) });
      return { ShardId: shard.ShardId, SequenceNumber };
    });
    return { Records };
  };
  const opened: Environment = {
    ...{ name: 'dev', isLocal: true, region: 'us-east-1', close: () => {} },
    outputs: Object.fromEntries(names.map((name) => [`${name}StreamName`, name])),
    clients: { kinesis: { send } as unknown as KinesisClient } as Environment['clients'],
  };
  return { opened, put };
}

async function load(opened: Environment): Promise<void> {
  let now = 1_000;
  const context: CommandContext = {
    ...{ signal: new AbortController().signal, isTerminal: false, open: async () => opened },
    clock: {
      now: () => now,
      async sleep(ms) {
        now += Math.min(ms, 100);
        await new Promise(setImmediate);
      },
    },
    ...{ print() {}, printJson() {}, note() {}, clear() {} },
  };
  const program = new Command().addCommand(command(context).name('load').exitOverride());
  const options = ['--rate', '1', '--users', '1', '--seconds', '1', '--timeout', '1'];
  await program.parseAsync(['load', ...options], { from: 'user' });
}

it('stops the lottery whose start has no outcome in time: it may start yet, and would go on for ever', async () => {
  const { opened, put } = environment(() => {});
  await expect(load(opened)).rejects.toThrow(/^Lottery load-\w+ has not started within 1 s$/);
  expect(put).toEqual(['UserBuyCouponEvent', 'LotteryStartEvent', 'LotteryStopEvent']);
});

it('stops its lottery where what comes out can be read no more', async () => {
  const { opened, put } = environment((types) => {
    if (types.includes('LotteryStartEvent')) throw new Error('You may not read this stream');
  });
  await expect(load(opened)).rejects.toThrow('You may not read this stream');
  expect(put).toEqual(['UserBuyCouponEvent', 'LotteryStartEvent', 'LotteryStopEvent']);
});

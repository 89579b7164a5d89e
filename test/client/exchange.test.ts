import { GetRecordsCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { type ExchangeOptions, putAndWait } from '../../client/exchange.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import { systemClock } from '../../local/clock.ts';

const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
};

/** A stream of one shard, of which all can be done but reading. */
function unreadable(put: object[]): ExchangeOptions {
  const send = async (command: object) => {
    if (command instanceof GetRecordsCommand) throw new Error('You may not read this stream');
    if (!(command instanceof PutRecordsCommand)) return { Shards: [shard], ShardIterator: 'i' };
    put.push(...(command.input.Records ?? []));
    return { Records: [{ ShardId: shard.ShardId, SequenceNumber: '1' }] };
  };
  const outputs = ['LotteryEventsInput', 'UserEventsInput', 'UserEventsOutput'];
  return {
    environment: {
      ...{ name: 'dev', isLocal: true, region: 'us-east-1', close: () => {} },
      outputs: Object.fromEntries(outputs.map((name) => [`${name}StreamName`, name])),
      clients: {} as ExchangeOptions['environment']['clients'],
      streams: new KinesisStreams({ send } as unknown as KinesisClient),
    },
    clock: systemClock,
    signal: new AbortController().signal,
  };
}

it('whoever may put and not read is told so, and does not wait for ever', async () => {
  const put: object[] = [];
  const event = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 1 };
  const what = { channel: 'user', partitionKey: '1', event, timeoutMs: 600_000 } as const;
  await expect(putAndWait(unreadable(put), what)).rejects.toThrow('You may not read this stream');
});

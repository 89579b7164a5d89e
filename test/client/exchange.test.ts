import {
  GetRecordsCommand,
  type KinesisClient,
  ProvisionedThroughputExceededException,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { type ExchangeOptions, NothingCame, putAndWait } from '../../client/exchange.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import { systemClock } from '../../local/clock.ts';

const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
};

interface HttpOptions {
  abortSignal?: AbortSignal;
}

/** A stream of one shard, of which all can be done but reading. */
function unreadable(put: object[], read: (options: HttpOptions) => Promise<never>): ExchangeOptions {
  const send = async (command: object, options: HttpOptions = {}) => {
    if (command instanceof GetRecordsCommand) return read(options);
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

const event = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 1 };
const buy = { channel: 'user', partitionKey: '1', event } as const;

it('whoever may put and not read is told so, and does not wait for ever', async () => {
  const refused = unreadable([], async () => {
    throw new Error('You may not read this stream');
  });
  await expect(putAndWait(refused, { ...buy, timeoutMs: 600_000 })).rejects.toThrow(
    'You may not read this stream',
  );
});

it.each([
  [
    'throttled again and again',
    async () => {
      throw new ProvisionedThroughputExceededException({ message: 'Rate exceeded', $metadata: {} });
    },
  ],
  [
    'not answered',
    ({ abortSignal }: HttpOptions) =>
      new Promise<never>((_, reject) =>
        abortSignal?.addEventListener('abort', () => reject(abortSignal.reason), { once: true }),
      ),
  ],
])('where reads are %s the wait ends when it should', async (_, read) => {
  const put: object[] = [];
  const waiting = putAndWait(unreadable(put, read), { ...buy, timeoutMs: 50 });
  await expect(waiting).rejects.toThrow(NothingCame);
  expect(put).toHaveLength(1);
});

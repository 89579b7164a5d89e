import {
  ExpiredIteratorException,
  type GetRecordsCommandOutput,
  type GetShardIteratorCommandInput,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { afterEach, expect, test } from 'vitest';
import { ShardReader } from '../../../local/event-source-mapping/kinesis/reader.ts';
import { clientSettings } from './support/engine.ts';

const clients: KinesisClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

type Answer = Partial<Pick<GetRecordsCommandOutput, 'NextShardIterator'>> & { records?: string[] };

/** A reader of a Kinesis that answers each iterator as told, and keeps what it was asked. */
function readerOf(answers: Record<string, () => Answer>, after?: string) {
  const client = new KinesisClient({ ...clientSettings, endpoint: 'http://127.0.0.1:1' });
  clients.push(client);
  const asked: string[] = [];
  client.middlewareStack.add(
    () => async (args) => {
      const input = args.input as Partial<GetShardIteratorCommandInput> & { ShardIterator?: string };
      if (input.ShardIterator === undefined) {
        const iterator = `${input.ShardIteratorType} ${input.StartingSequenceNumber ?? ''}`.trim();
        return { response: {}, output: { ShardIterator: iterator, $metadata: {} } } as never;
      }
      asked.push(input.ShardIterator);
      const { records = [], ...rest } = answers[input.ShardIterator]?.() ?? {};
      const Records = records.map((SequenceNumber) => ({ SequenceNumber }));
      return { response: {}, output: { ...rest, Records, $metadata: {} } } as never;
    },
    { step: 'initialize', priority: 'high' },
  );
  const reader = new ShardReader(client, {
    stream: 'stream',
    shardId: 'shardId-000000000000',
    after,
    limit: 100,
  });
  const poll = async () => {
    const { records, ended } = await reader.poll(new AbortController().signal);
    return { records: records.map(({ SequenceNumber }) => SequenceNumber), ended };
  };
  return { poll, asked };
}

test('until the first record, each poll asks for the oldest one: an iterator made by time may lie behind it', async () => {
  let oldest: Answer = { NextShardIterator: 'by-time' };
  const { poll, asked } = readerOf({
    TRIM_HORIZON: () => oldest,
    'by-time': () => ({ NextShardIterator: 'by-time-2' }),
    'after-1': () => ({ records: ['2'], NextShardIterator: 'after-2' }),
  });
  expect(await poll()).toEqual({ records: [], ended: false });
  expect(await poll()).toEqual({ records: [], ended: false });
  oldest = { records: ['1'], NextShardIterator: 'after-1' };
  expect(await poll()).toEqual({ records: ['1'], ended: false });
  expect(await poll()).toEqual({ records: ['2'], ended: false });
  expect(asked.filter((iterator) => iterator === 'TRIM_HORIZON')).toHaveLength(3);
  expect(asked.at(-1)).toBe('after-1');
});

test('a shard without a record has ended when the later iterator ends and the oldest one still finds nothing', async () => {
  let oldest: Answer = { NextShardIterator: 'by-time' };
  const { poll } = readerOf({ TRIM_HORIZON: () => oldest, 'by-time': () => ({}), 'after-1': () => ({}) });
  expect(await poll()).toEqual({ records: [], ended: false });
  // Put just before the shard was closed, behind the iterator that says so.
  oldest = { records: ['1'], NextShardIterator: 'after-1' };
  expect(await poll()).toEqual({ records: ['1'], ended: false });
  expect(await poll()).toEqual({ records: [], ended: true });

  const empty = readerOf({ TRIM_HORIZON: () => ({ NextShardIterator: 'by-time' }), 'by-time': () => ({}) });
  expect(await empty.poll()).toEqual({ records: [], ended: false });
  expect(await empty.poll()).toEqual({ records: [], ended: true });
});

test('the last records of a closed shard may come with its end', async () => {
  const { poll } = readerOf({ 'AFTER_SEQUENCE_NUMBER 7': () => ({ records: ['8'] }) }, '7');
  expect(await poll()).toEqual({ records: ['8'], ended: true });
});

test('an expired iterator is replaced by one after the last record that was read', async () => {
  let expired = true;
  const { poll, asked } = readerOf(
    {
      'AFTER_SEQUENCE_NUMBER 7': () => ({ records: ['8'], NextShardIterator: 'next' }),
      next: () => {
        if (expired) throw new ExpiredIteratorException({ message: 'five minutes', $metadata: {} });
        return { NextShardIterator: 'next' };
      },
      'AFTER_SEQUENCE_NUMBER 8': () => ({ NextShardIterator: 'next' }),
    },
    '7',
  );
  await poll();
  await expect(poll()).rejects.toThrow('five minutes');
  expired = false;
  expect(await poll()).toEqual({ records: [], ended: false });
  expect(asked).toEqual(['AFTER_SEQUENCE_NUMBER 7', 'next', 'AFTER_SEQUENCE_NUMBER 8']);
});

import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Engine, type StreamWrites, startEngine } from '../../../local/engines/engine.ts';

let engine: Engine;
let kinesis: KinesisClient;
const told: StreamWrites[] = [];

beforeAll(async () => {
  engine = await startEngine('kinesalite', {
    ...{ port: 0, region: 'us-east-1', accountId: '000000000000' },
    onStreamWrite: (records) => told.push(records),
    onFailure: (error) => {
      throw error;
    },
  });
  kinesis = new KinesisClient({
    ...{ endpoint: engine.endpoint, region: 'us-east-1' },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  for (const StreamName of ['a', 'b'])
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});

afterAll(async () => {
  kinesis.destroy();
  await engine.stop();
});

const total = (stream: string) => told.reduce((sum, { [stream]: records = 0 }) => sum + records, 0);

it('says how many records each stream took, with each answer', async () => {
  const Data = Buffer.from('{}');
  const record = { PartitionKey: 'key', Data };
  await kinesis.send(new PutRecordCommand({ StreamName: 'a', ...record }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'a', Records: [record, record] }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'b', Records: [record, record, record] }));
  await expect.poll(() => [total('a'), total('b')]).toEqual([3, 3]);
  expect(told).toHaveLength(3);
});

it('counts none where nothing was taken, and tells of a split', async () => {
  const before = told.length;
  const put = kinesis.send(
    new PutRecordCommand({ StreamName: 'none', PartitionKey: 'key', Data: Buffer.of(1) }),
  );
  await expect(put).rejects.toThrow('not found');
  await kinesis.send(
    new SplitShardCommand({
      ...{ StreamName: 'a', ShardToSplit: 'shardId-000000000000' },
      NewStartingHashKey: String(2n ** 127n),
    }),
  );
  await expect.poll(() => told.length).toBeGreaterThan(before + 1);
  expect([total('a'), total('b'), total('none')]).toEqual([3, 3, 0]);
});

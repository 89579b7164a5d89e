import { GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import type { ServiceCall } from '../../../../proof/simulation/services/index.ts';
import { directClients } from '../../../../proof/simulation/services/index.ts';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';
import { TestStream } from '../../../contract/support/test-stream.ts';

it.each([
  ['as they are', (call: ServiceCall) => call],
  ['as copies, which have bodies alone', (call: ServiceCall) => ({ ...call })],
])('calls that come %s take the same effect and have the same answers', async (_, changed) => {
  const { services, clients, advance } = inMemoryServices();
  const stream = await TestStream.create(clients.kinesis, async (ms) => advance(ms), 1);
  const { kinesis } = directClients({
    ...{ region: 'us-east-1', caller: 'local' },
    send: async (call) => services.handle(changed(call)),
  });
  const Records = [{ Data: Buffer.from('é"'), PartitionKey: 'a"b' }];
  const put = await kinesis.send(new PutRecordsCommand({ StreamName: stream.name, Records }));
  const alone = await kinesis.send(
    new PutRecordCommand({ StreamName: stream.name, Data: Buffer.from([0, 255]), PartitionKey: 'c' }),
  );
  const ShardIterator = await stream.iterator('shardId-000000000000', { ShardIteratorType: 'TRIM_HORIZON' });
  const { Records: read = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  expect(read).toEqual([
    {
      ...{ Data: Buffer.from('é"'), PartitionKey: 'a"b', ApproximateArrivalTimestamp: expect.any(Date) },
      SequenceNumber: put.Records?.[0]?.SequenceNumber,
    },
    {
      ...{ Data: Buffer.from([0, 255]), PartitionKey: 'c', ApproximateArrivalTimestamp: expect.any(Date) },
      SequenceNumber: alone.SequenceNumber,
    },
  ]);
});

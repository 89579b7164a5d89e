import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { redrive } from '../../../client/redrive/redrive.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../../support/records.ts';
import { resourcesOf } from './support.ts';

it.each(['archive', 'live'])('gives a batch of %s to its function again, and removes it', async (name) => {
  const memory = inMemoryServices();
  const { s3 } = memory.clients;
  const Records = [kinesisRecord(1, { a: 1 }), kinesisRecord(2, 'no JSON')];
  const arn = `arn:aws:lambda:us-east-1:000000000000:function:dev-${name}`;
  const failed = {
    requestContext: { functionArn: arn, condition: 'RetryAttemptsExhausted' },
    KinesisBatchInfo: {
      ...{ shardId, streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/out' },
      ...{ startSequenceNumber: sequenceNumber(1), endSequenceNumber: sequenceNumber(2) },
    },
    payload: JSON.stringify({ Records }),
  };
  const [Bucket, Key] = ['artifacts', 'aws/lambda/one'];
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(failed) }));
  const given: unknown[] = [];
  const functions = {
    variablesOf: async () => ({}),
    invoke: async (functionName: string, event: object) => {
      given.push([functionName, event]);
      return { batchItemFailures: [] };
    },
  };
  const said: string[] = [];
  const result = await redrive({
    ...{ resources: { ...resourcesOf(memory), functions }, bucket: Bucket, dryRun: false },
    say: (line) => said.push(line),
  });
  expect(said).toEqual([expect.stringMatching(/2 records \(2 given again\): redriven$/)]);
  expect(result).toMatchObject({ batches: 1, removed: 1, left: 0 });
  expect(given).toEqual([[`dev-${name}`, { Records }]]);
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});

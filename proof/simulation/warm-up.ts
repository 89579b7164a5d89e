import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { errorAnswer } from '../../local/proxy/aws-call.ts';
import { simulatedClients } from './services/index.ts';

let isWarm: Promise<void> | undefined;

/**
 * What the SDK loads at the first call of a process it reads from files: in a simulation nothing may wait for that, so
 * that it is loaded before.
 */
export function warmUp(): Promise<void> {
  isWarm ??= callEachService();
  return isWarm;
}

async function callEachService(): Promise<void> {
  const { kinesis, dynamodb, sqs, s3, kms } = simulatedClients({
    ...{ region: 'us-east-1', caller: 'warm-up' },
    send: async () => errorAnswer(400, 'ValidationException', 'Nobody is asked'),
  });
  await Promise.allSettled([
    kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'none' })),
    dynamodb.send(new DescribeTableCommand({ TableName: 'none' })),
    sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })),
    s3.send(new ListObjectsV2Command({ Bucket: 'none' })),
    kms.send(new GetPublicKeyCommand({ KeyId: 'none' })),
  ]);
}

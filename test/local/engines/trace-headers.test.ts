import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestQueues } from '../event-source-mapping/support/queues.ts';

const header =
  'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1';

let queues: TestQueues;

beforeAll(async () => {
  queues = await TestQueues.start();
});

afterAll(() => queues.stop());

describe('the trace header of a message', () => {
  it('is what the SDK sends in a function; the message has no other attribute for it', async () => {
    await queues.createQueue('sdk');
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'probe');
    vi.stubEnv('_X_AMZN_TRACE_ID', header);
    await queues.send('sdk', ['a', 'b']).finally(() => vi.unstubAllEnvs());
    const received = await queues.receive('sdk', {
      ...{ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] },
      MaxNumberOfMessages: 2,
    });
    expect(received).toHaveLength(2);
    for (const { Attributes, MessageAttributes } of received) {
      expect(Attributes).toMatchObject({ AWSTraceHeader: header, ApproximateReceiveCount: '1' });
      expect(Object.keys(MessageAttributes ?? {})).toEqual(['origin']);
    }
  });

  it('is what the sender names, and is there for who asks for it alone', async () => {
    await queues.createQueue('named', { VisibilityTimeout: '0' });
    await queues.sendOn('named', 'a', header);
    const asking = await queues.receive('named', {
      MessageSystemAttributeNames: ['AWSTraceHeader'],
      MessageAttributeNames: ['origin'],
    });
    expect(asking.map(({ Attributes }) => Attributes)).toEqual([{ AWSTraceHeader: header }]);
    const [quiet] = await queues.receive('named');
    expect(quiet).toMatchObject({ Body: 'a' });
    expect(quiet).not.toHaveProperty('Attributes');
    expect(quiet).not.toHaveProperty('MessageAttributes');
  });

  it('is not there for a message of somebody who has none', async () => {
    await queues.createQueue('plain');
    await queues.send('plain', ['a']);
    const [message] = await queues.receive('plain', { MessageSystemAttributeNames: ['All'] });
    expect(message?.Attributes).not.toHaveProperty('AWSTraceHeader');
    expect(message?.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  });

  it('leaves it to the queue to refuse what it refuses', async () => {
    const url = 'http://127.0.0.1/000000000000/none';
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: 'a' }] });
    await expect(queues.sqs.send(command)).rejects.toThrow(/does not exist/);
  });
});

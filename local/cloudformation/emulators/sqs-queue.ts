import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueNameExists,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Clients } from '../../clients.ts';
import { defineEmulator, generatedName } from '../emulator.ts';

export const sqsQueue = defineEmulator({
  properties: z.object({
    QueueName: z.string().optional(),
    ContentBasedDeduplication: z.boolean().optional(),
    DelaySeconds: z.int().optional(),
    FifoQueue: z.boolean().optional(),
    MaximumMessageSize: z.int().optional(),
    MessageRetentionPeriod: z.int().optional(),
    ReceiveMessageWaitTimeSeconds: z.int().optional(),
    RedrivePolicy: z.looseObject({}).optional(),
    VisibilityTimeout: z.int().optional(),
  }),
  irrelevant: [
    'KmsDataKeyReusePeriodSeconds',
    'KmsMasterKeyId',
    'RedriveAllowPolicy',
    'SqsManagedSseEnabled',
    'Tags',
  ],
  async create({ QueueName, ...settings }, request, { clients: { sqs }, endpoints }) {
    const name = QueueName ?? generatedName(request);
    const attributes = Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
    const created = await createQueue(sqs, name, Object.fromEntries(attributes));
    // The SDK sends to the URL's own host, and the engine's host name (sqs.<region>.localhost) is not always known.
    const url = new URL(new URL(created).pathname, endpoints.sqs).href;
    const { Attributes: found } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return { ref: url, attributes: { Arn: found?.QueueArn ?? '', QueueName: name, QueueUrl: url } };
  },
});

async function createQueue(
  sqs: Clients['sqs'],
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  try {
    const { QueueUrl: url } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    return url ?? '';
  } catch (error) {
    if (!(error instanceof QueueNameExists)) throw error;
    const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return url ?? '';
  }
}

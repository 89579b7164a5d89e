import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { BucketSheets } from '../../../lambda/adapters/content-bucket.ts';

test.each([
  [10, 5_001],
  [4_000_000, 7_000],
])('a sheet of %d bytes may take %d ms to put', async (bytes, timeout) => {
  const timeouts: unknown[] = [];
  const client = new S3Client({ region: 'eu-west-1' });
  client.middlewareStack.add(
    () => async () => {
      throw new Error('Not sent');
    },
    { step: 'initialize' },
  );
  const send = client.send.bind(client);
  Object.assign(client, {
    send(command: Parameters<typeof send>[0], options: { readonly requestTimeout?: number } = {}) {
      timeouts.push(options.requestTimeout);
      return send(command);
    },
  });
  await expect(new BucketSheets(client, 'draws').put([Buffer.alloc(bytes)])).rejects.toThrow('Not sent');
  expect(timeouts).toEqual([timeout]);
});

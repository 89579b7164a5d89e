import { describe, expect, test } from 'vitest';
import { KinesisInputs } from '../../../lambda/adapters/kinesis-inputs.ts';
import { kinesisAnswering, noWaiting } from '../../support/sdk-clients.ts';

describe('heartbeats that a shard has no room for', () => {
  test('are tried once, and told: who waits for the window would wait for them too', async () => {
    const calls: (string | undefined)[] = [];
    const client = kinesisAnswering(({ StreamName, Records = [] }) => {
      calls.push(StreamName);
      return { Records: Records.map(() => ({ ErrorCode: 'ProvisionedThroughputExceededException' })) };
    });
    const retry = noWaiting();
    const inputs = new KinesisInputs(client, { user: 'users' }, retry);
    const shard = { input: 'user', shardId: 'shardId-000000000000', target: '0' } as const;
    await expect(inputs.send([shard], { type: 'Heartbeat' })).rejects.toThrow('users');
    expect([calls, retry.pauses]).toEqual([['users'], []]);
  });
});

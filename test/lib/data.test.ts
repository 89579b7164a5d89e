import { describe, expect, it } from 'vitest';
import { functionVariables } from '../../lambda/contract/variables.ts';
import { environments } from '../../lib/environments.ts';
import { resource, resources, synthesize } from './synthesize.ts';

/** Partition key, sort key: what cannot be changed once there is an item. */
const tableKeys: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
  users: [['userId', 'S']],
  lotteries: [
    ['lotteryId', 'S'],
    ['run', 'N'],
  ],
  seeds: [['seedCommitment', 'S']],
  draws: [['drawId', 'S']],
  watermarks: [['shardId', 'S']],
};

/** Those of clicks have the capacity of the clicks; a lottery has a few records a window. */
const streamCapacity = {
  'lottery-events-input': 'lotteryShards',
  'lottery-events-output': 'lotteryShards',
  'user-events-input': 'shards',
  'user-events-output': 'shards',
  entries: 'shards',
} as const;

describe.each(Object.entries(environments))('data of %s', (environment, settings) => {
  const { stateful } = synthesize(environment);

  it.each(Object.entries(streamCapacity))('the stream %s has its capacity and its retention', (name, of) => {
    const { Properties } = resource(stateful, 'AWS::Kinesis::Stream', 'Name', `${environment}-${name}`);
    const shards = settings[of];
    expect(Properties).toMatchObject({
      RetentionPeriodHours: settings.retentionHours,
      StreamModeDetails: { StreamMode: shards === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED' },
    });
    expect(Properties.ShardCount).toBe(shards === 'on-demand' ? undefined : shards);
  });

  it.each(Object.entries(tableKeys))('the table %s has its key', (name, keys) => {
    const { Properties } = resource(stateful, 'AWS::DynamoDB::Table', 'TableName', `${environment}-${name}`);
    expect(Properties.AttributeDefinitions).toEqual(
      keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    );
    const types = ['HASH', 'RANGE'];
    expect(Properties.KeySchema).toEqual(
      keys.map(([AttributeName], index) => ({ AttributeName, KeyType: types[index] })),
    );
  });

  it('each function has a log, kept for as long as the settings say', () => {
    const logs = Object.values(resources(stateful, 'AWS::Logs::LogGroup')).map(({ Properties }) => [
      Properties.LogGroupName,
      Properties.RetentionInDays,
    ]);
    const names = Object.keys(functionVariables)
      .filter((name) => name !== 'live' || settings.livePage === 'on')
      .map((name) => `/aws/lambda/${environment}-${name}`);
    expect(logs.sort()).toEqual(names.map((name) => [name, settings.logRetentionDays]).sort());
  });
});

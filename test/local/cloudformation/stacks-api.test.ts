import { createServer } from 'node:http';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployedStack } from '../../../local/cloudformation/deploy.ts';
import { stacksApi } from '../../../local/cloudformation/stacks-api.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';

const odd = `<&"'>\n\u0001é😀`;

const stacks: DeployedStack[] = [
  { name: 'dev-first', outputs: { Name: 'rain', Odd: odd } },
  { name: 'dev-second', outputs: {} },
];

let api: RunningEngine;
let client: CloudFormationClient;

beforeAll(async () => {
  const context = { region: 'us-east-1', accountId: '000000000000', stacks, createdAt: 1_000 };
  api = await listen(createServer(stacksApi(context)), 0);
  client = new CloudFormationClient({
    ...{ region: 'us-east-1', endpoint: `http://127.0.0.1:${api.port}`, maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  client.destroy();
  await api.close();
});

async function described(StackName?: string) {
  const { Stacks = [] } = await client.send(
    new DescribeStacksCommand(StackName === undefined ? {} : { StackName }),
  );
  return Stacks.map(({ StackName: name, StackStatus, CreationTime, Outputs = [] }) => ({
    ...{ name, StackStatus, at: CreationTime?.getTime() },
    outputs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue])),
  }));
}

describe("CloudFormation's API", () => {
  it.each(['dev-first', 'arn:aws:cloudformation:us-east-1:000000000000:stack/dev-first/local'])(
    'tells the outputs of %s, whatever is in them',
    async (name) => {
      expect(await described(name)).toEqual([
        {
          ...{ name: 'dev-first', StackStatus: 'CREATE_COMPLETE', at: 1_000 },
          outputs: { Name: 'rain', Odd: odd.replace('\u0001', '\ufffd') },
        },
      ]);
    },
  );

  it('tells of all stacks where none is named', async () => {
    expect((await described()).map(({ name }) => name)).toEqual(['dev-first', 'dev-second']);
  });

  it('refuses a stack that is not there as AWS does, and what is not played here', async () => {
    await expect(described('dev-third')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id dev-third does not exist',
    });
    await expect(client.send(new ListStacksCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  });
});

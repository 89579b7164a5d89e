import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createClients } from '../../local/clients.ts';
import { deploy } from '../../local/cloudformation/deploy.ts';
import { parseTemplate } from '../../local/cloudformation/template.ts';
import { synthesize } from '../lib/synthesize.ts';
import { dynaliteEngine } from '../support/dynamo-engine.ts';

/** Of what is in the same stack, that which is on DynamoDB. */
const onDynamoDb = /^AWS::(?:DynamoDB|ApplicationAutoScaling)::/;

it('a provisioned table is created as the app describes it, scaling and all, and works', async () => {
  const { Resources } = synthesize('dev', { 'dev:tableCapacity': '1-10' }).stateful.toJSON();
  const tables = Object.entries<{ Type: string }>(Resources).filter(([, { Type }]) => onDynamoDb.test(Type));
  const template = parseTemplate('stateful', { Resources: Object.fromEntries(tables) });
  const { client, endpoint, stop } = await dynaliteEngine();
  const endpoints = { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint };
  const warnings: string[] = [];
  try {
    await deploy([{ name: 'stateful', region: 'us-east-1', template }], {
      ...{ region: 'us-east-1', accountId: '000000000000', endpoints },
      clients: createClients(endpoints, 'us-east-1'),
      assetPath: () => undefined,
      createFunction: () => {},
      createMapping: () => {},
      askFunction: () => Promise.reject(new Error('There is no function')),
      warn: (message) => warnings.push(message),
    });
    const key = { userId: { S: 'a' } };
    await client.send(new PutItemCommand({ TableName: 'dev-users', Item: key }));
    const { Item } = await client.send(new GetItemCommand({ TableName: 'dev-users', Key: key }));
    expect(Item).toEqual(key);
    expect(warnings).toEqual([]);
  } finally {
    await stop();
  }
});

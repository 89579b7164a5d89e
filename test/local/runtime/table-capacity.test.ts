import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { parseTemplate } from '../../../local/cloudformation/template.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { RuntimeEvent } from '../../../local/runtime-options.ts';
import { synthesize } from '../../cdk/synthesize.ts';

it('a provisioned table is created as the app describes it, scaling and all, and works', async () => {
  const { stateful } = synthesize('dev', { 'dev:tableCapacity': '1-10' });
  const template = parseTemplate('stateful', stateful.toJSON());
  const events: RuntimeEvent[] = [];
  const { clients, stop } = await startRuntime({
    environment: 'dev',
    assembly: {
      stacks: [{ name: 'stateful', region: 'us-east-1', template }],
      assetPath: () => undefined,
      remove: async () => {},
    },
    observer: (event) => events.push(event),
  });
  try {
    const key = { userId: { S: 'a' } };
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'dev-users', Item: key }));
    const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName: 'dev-users', Key: key }));
    expect(Item).toEqual(key);
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  } finally {
    await stop();
  }
});

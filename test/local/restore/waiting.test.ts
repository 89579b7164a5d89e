import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { restore } from '../../../local/restore/restore.ts';
import { stubLambda } from './support.ts';

/** DynamoDB with empty tables, whose copies are whole after they were looked at so many times. @returns its calls */
function stubDynamo(looks: Record<string, number>) {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const calls: string[] = [];
  const answer = (command: string, table: string) => {
    if (command !== 'DescribeTable') calls.push(`${command} ${table}`);
    if (command === 'Scan') return { Items: [] };
    const left = looks[table] ?? 0;
    looks[table] = left - 1;
    return { Table: { TableName: table, TableStatus: left > 0 ? 'CREATING' : 'ACTIVE', KeySchema: [] } };
  };
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => {
        const table =
          'TargetTableName' in input ? input.TargetTableName : 'TableName' in input && input.TableName;
        const command = commandName.replace(/Command$/, '');
        if (command === 'Scan' && (looks[String(table)] ?? 0) >= 0 && String(table).endsWith('-restoring'))
          throw new Error(`${String(table)} was read before it was whole`);
        return { response: {}, output: { $metadata: {}, ...answer(command, String(table)) } };
      },
    { step: 'initialize' },
  );
  return { client, calls };
}

it('touches no table before every copy is whole, and no copy before every table is restored', async () => {
  const { client: dynamodb, calls } = stubDynamo({ 'dev-draws-restoring': 1, 'dev-users-restoring': 3 });
  const steps = ['dev-draws', 'dev-users'].map((table) => ({
    ...{ table, copy: `${table}-restoring`, isCopyThere: false },
  }));
  const environment = { name: 'dev', tables: [], retentionHours: 24, timeouts: new Map() };
  const source = { kind: 'time', at: new Date('2026-05-01T12:00:00Z') } as const;
  await restore(
    { environment, plan: { steps, refusals: [], lines: [] } },
    { source, disableMappings: false, acceptLostEvents: false },
    {
      clients: { dynamodb, lambda: stubLambda({}).client },
      ...{ say: () => undefined, sleep: async () => undefined, now: () => new Date() },
    },
  );
  const replaced = (table: string) => [`Scan ${table}`, `Scan ${table}-restoring`, `Scan ${table}`];
  expect(calls).toEqual([
    'RestoreTableToPointInTime dev-draws-restoring',
    'RestoreTableToPointInTime dev-users-restoring',
    ...replaced('dev-draws'),
    ...replaced('dev-users'),
    'DeleteTable dev-draws-restoring',
    'DeleteTable dev-users-restoring',
  ]);
});

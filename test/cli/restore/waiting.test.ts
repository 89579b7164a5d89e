import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { restore } from '../../../cli/restore/restore.ts';
import { takeBackup } from '../../../cli/restore/take-backup.ts';
import { stubLambda } from './support.ts';

interface Stub {
  /** How often a copy is looked at before it is whole, by its name. */
  looks?: Record<string, number>;
  /** Of the copies that are not being made. */
  status?: string;
  /** Copies that cannot be deleted, by their names. */
  undeletable?: Record<string, Error>;
}

/** DynamoDB with empty tables. @returns its calls */
function stubDynamo({ looks = {}, status = 'ACTIVE', undeletable = {} }: Stub) {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const calls: string[] = [];
  const answer = (command: string, table: string) => {
    const error = command === 'DeleteTable' ? undeletable[table] : undefined;
    if (command !== 'DescribeTable') calls.push(`${command} ${table}`);
    if (error) throw error;
    if (command !== 'DescribeTable') return { Items: [] };
    const left = looks[table] ?? 0;
    looks[table] = left - 1;
    return { Table: { TableName: table, TableStatus: left > 0 ? 'CREATING' : status, KeySchema: [] } };
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

const TABLES = ['dev-draws', 'dev-lotteries', 'dev-users'];

/** Restores the tables. @returns what was said, by the minute, and how it failed */
async function restored(dynamodb: DynamoDBClient): Promise<{ said: string[]; error: unknown }> {
  const said: string[] = [];
  let now = Date.parse('2026-05-01T13:00:00Z');
  const steps = TABLES.map((table) => ({ table, copy: `${table}-restoring`, isCopyThere: false }));
  const environment = { name: 'dev', tables: [], retentionHours: 24, timeouts: new Map() };
  const source = { kind: 'time', at: new Date('2026-05-01T12:00:00Z') } as const;
  const context = {
    clients: { dynamodb, lambda: stubLambda({}).client },
    say: (line: string) => said.push(line),
    now: () => new Date(now),
    async sleep(ms: number) {
      now += ms;
    },
  };
  const prepared = { environment, plan: { steps, refusals: [], lines: [] } };
  const choices = { source, disableMappings: false, acceptLostEvents: false };
  const error: unknown = await restore(prepared, choices, context).catch((thrown: unknown) => thrown);
  return { said, error };
}

it('touches no table before every copy is whole, and no copy before every table is restored', async () => {
  const { client, calls } = stubDynamo({ looks: { 'dev-draws-restoring': 1, 'dev-users-restoring': 3 } });
  expect(await restored(client)).toMatchObject({ error: undefined });
  expect(calls).toEqual([
    ...TABLES.map((table) => `RestoreTableToPointInTime ${table}-restoring`),
    ...TABLES.flatMap((table) => [`Scan ${table}`, `Scan ${table}-restoring`, `Scan ${table}`]),
    ...TABLES.map((table) => `DeleteTable ${table}-restoring`),
  ]);
});

it('says every minute what it waits for', async () => {
  const { client } = stubDynamo({ looks: { 'dev-draws-restoring': 61 } });
  const { said, error } = await restored(client);
  expect(error).toBeUndefined();
  expect(said.filter((line) => line.includes('still'))).toEqual([
    'dev-draws-restoring is still CREATING',
    'dev-draws-restoring is still CREATING',
  ]);
});

it.each(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'DELETING'])(
  'does not wait for a copy that is %s, and empties nothing',
  async (status) => {
    const { client, calls } = stubDynamo({ status });
    expect(await restored(client)).toMatchObject({
      error: new Error(
        `dev-draws-restoring is ${status}: see to it that it is ACTIVE or gone, and run it again`,
      ),
    });
    expect(calls.filter((call) => !call.startsWith('RestoreTable'))).toEqual([]);
  },
);

it('deletes every copy that can be deleted, and names all others with the command', async () => {
  const gone = new ResourceNotFoundException({ message: 'Gone', $metadata: {} });
  const { client, calls } = stubDynamo({
    undeletable: {
      'dev-draws-restoring': new Error('Denied'),
      'dev-lotteries-restoring': gone,
      'dev-users-restoring': new Error('Protected'),
    },
  });
  const { said, error } = await restored(client);
  expect(calls.filter((call) => call.startsWith('Delete'))).toHaveLength(TABLES.length);
  expect(said.at(-1)).toBe('All tables are restored, their copies are needed no more');
  expect(error).toEqual(
    new Error(
      'All tables are restored, their copies are needed no more. Delete what is left of them: ' +
        'aws dynamodb delete-table --table-name dev-draws-restoring (Denied); ' +
        'aws dynamodb delete-table --table-name dev-users-restoring (Protected)',
    ),
  );
});

it('hands out no set of backups of which one failed', async () => {
  const functions = ['lottery-events', 'user-events', 'draw', 'ticks', 'archive'].map(
    (name) => `dev-${name}`,
  );
  const variables = { USERS_TABLE: 'dev-users', STREAM_RETENTION_HOURS: '24' };
  const { client: lambda } = stubLambda(Object.fromEntries(functions.map((name) => [name, variables])));
  const { client: dynamodb } = stubDynamo({});
  const context = {
    clients: { dynamodb, lambda },
    ...{ say: () => undefined, sleep: async () => undefined, now: () => new Date('2026-05-01T12:00:00Z') },
  };
  await expect(takeBackup('dev', { disableMappings: false }, context)).rejects.toThrow(
    'The backup paused-20260501T120000Z of dev-users is gone: do not use the others of that name',
  );
});

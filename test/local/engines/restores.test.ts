import { expect, it, vi } from 'vitest';
import { openHistory } from '../../../local/engines/backups/history-file.ts';
import { Restores } from '../../../local/engines/backups/restores.ts';
import type { CallEngine } from '../../../local/engines/dynamodb-front.ts';

const definition = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [],
};
const summary = { SourceTableArn: 'arn:source', RestoreDateTime: 1 };
const request = { target: 'copy', definition, items: [{ id: { S: 'one' } }], summary };
const Table = { TableName: 'copy', TableArn: 'arn:copy', TableId: 'copy', TableStatus: 'ACTIVE' };
const described = { status: 200, body: { Table } };

/** An engine without tables, that puts no item before it may. */
function engine() {
  const tables = new Set<unknown>();
  const { promise: mayPut, resolve: letPut } = Promise.withResolvers<void>();
  const call: CallEngine = async (operation, input) => {
    const name = 'TableName' in input ? input.TableName : undefined;
    if (operation === 'CreateTable') tables.add(name);
    if (operation === 'DescribeTable') return tables.has(name) ? described : { status: 400, body: {} };
    if (operation === 'BatchWriteItem') await mayPut;
    return { status: 200, body: {} };
  };
  return { call, letPut };
}

it('lets nobody read, or delete, or restore again a table that is not whole', async () => {
  const restores = new Restores(openHistory(undefined));
  const { call, letPut } = engine();
  const started = [restores.start(request, call), restores.start(request, call)];
  await expect(started[1]).rejects.toMatchObject({ type: 'TableInUseException' });
  const creating = { TableStatus: 'CREATING', RestoreSummary: { ...summary, RestoreInProgress: true } };
  expect(await started[0]).toMatchObject({ TableDescription: creating });
  expect(restores.describe(described)).toMatchObject({ body: { Table: creating } });
  for (const input of [{ TableName: 'copy' }, { RequestItems: { copy: [] } }]) {
    expect(() => restores.refuse('Scan', input)).toThrow('Requested resource not found');
    expect(() => restores.refuse('Scan', { TableName: 'another' })).not.toThrow();
  }
  expect(() => restores.refuse('DeleteTable', { TableName: 'copy' })).toThrow('Table is being created: copy');
  letPut();
  await vi.waitFor(() => expect(restores.underWay).toBe(false));
  expect(() => restores.refuse('Scan', { TableName: 'copy' })).not.toThrow();
  const restored = { TableStatus: 'ACTIVE', RestoreSummary: { ...summary, RestoreInProgress: false } };
  expect(restores.describe(described)).toMatchObject({ body: { Table: restored } });
  await expect(restores.start(request, call)).rejects.toMatchObject({ type: 'TableAlreadyExistsException' });
});

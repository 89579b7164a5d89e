import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWithCalls } from '../../../local/engines/dynalite-calls.ts';
import { executeBatch } from '../../../local/engines/partiql/batch.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';

const table = {
  TableName: 'items',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};

describe("dynalite's operations without HTTP", () => {
  const { server, call } = startWithCalls({ createTableMs: 0 });
  let engine: RunningEngine;

  beforeAll(async () => {
    engine = await listen(server, 0);
    expect(await call('CreateTable', table)).toMatchObject({ status: 200 });
  });
  afterAll(() => engine.close());

  const typeOf = async (operation: string, input: object) => {
    const { status, body } = await call(operation, input);
    return [status, Object(body).__type?.split('#')[1]];
  };

  it.each([
    ['NoOperation', {}, 'UnknownOperationException'],
    ['PutItem', { TableName: 'absent', Item: { id: { S: 'a' } } }, 'ResourceNotFoundException'],
    ['PutItem', { TableName: 'items', Item: { id: { N: '1' } } }, 'ValidationException'],
    ['PutItem', { TableName: 'items', Item: 5 }, 'SerializationException'],
    ['PutItem', { TableName: 'items', Item: { id: null } }, 'SerializationException'],
    ['BatchWriteItem', { RequestItems: { items: [null] } }, 'SerializationException'],
    ['PutItem', [], 'ValidationException'],
  ])('answers %s of %j as the API does, with %s', async (operation, input, type) => {
    expect(await typeOf(operation, input)).toEqual([400, type]);
  });

  it('answers a statement whose parameters are no values, and carries out the others', async () => {
    const Statement = `INSERT INTO "items" VALUE {'id':?,'n':?}`;
    const batch = [{ N: 1 }, { B: 'YW' }, null, { N: '1' }].map((value, index) => ({
      Statement,
      Parameters: [{ S: `item-${index}` }, { M: { value } }],
    }));
    const { Responses } = await executeBatch({ Statements: batch }, call);
    expect(Responses.map(({ Error: error }) => error && [error.Code, error.Message !== ''])).toEqual([
      ['ValidationError', true],
      ['ValidationError', true],
      ['ValidationError', true],
      undefined,
    ]);
  });

  it('does not let a call wait whose store is closed', async () => {
    const closed = startWithCalls({});
    await (await listen(closed.server, 0)).close();
    await expect(closed.call('DescribeTable', { TableName: 'items' })).rejects.toThrow('closed');
  });
});

import { z } from 'zod';
import type { Statement } from '../../../../local/engines/partiql/statement.ts';
import { parseStatement } from '../../../../local/engines/partiql/statement.ts';
import { THROTTLED } from '../../../../local/limits/shard-limits.ts';
import { invalid, ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Attribute, Item } from './attributes.ts';
import { attributeOf, isSame, parseAttribute, withAttribute } from './attributes.ts';
import { noRoom } from './partitions.ts';
import { remember } from './remember.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** DynamoDB API reference, BatchExecuteStatement and BatchStatementRequest. */
const STATEMENTS_OF_A_CALL = 25;
const CHARACTERS_OF_A_STATEMENT = 8_192;

const schema = z.strictObject({
  Statements: z
    .array(
      z.strictObject({
        Statement: z.string().min(1).max(CHARACTERS_OF_A_STATEMENT),
        Parameters: z.array(z.unknown()).default([]),
      }),
    )
    .min(1)
    .max(STATEMENTS_OF_A_CALL),
});

/** What is wrong with one statement; the others go on. `code` is DynamoDB's (BatchStatementError). */
interface StatementError {
  readonly Error: { readonly Code: string; readonly Message: string };
}

interface Write {
  readonly table: Table;
  readonly identity: string;
  /** @throws ServiceError when the item grows too large */
  execute(): StatementError | undefined;
}

const statementOf = remember(parseStatement);

export function statementOperations(tables: Tables): Record<string, Operation> {
  return {
    BatchExecuteStatement: operation(schema, ({ Statements }) => {
      const writes = Statements.map(({ Statement, Parameters }) =>
        writeOf(statementOf(Statement), Parameters, tables),
      );
      const items = writes.flatMap((write) =>
        'table' in write ? [`${write.table.name}/${write.identity}`] : [],
      );
      if (new Set(items).size < items.length) throw invalid('Provided list of item keys contains duplicates');
      return { Responses: writes.map((write) => ('table' in write ? answer(write) : write)) };
    }),
  };
}

function answer({ table, execute }: Write) {
  return { TableName: table.name, ...refusable(execute) };
}

function writeOf(
  statement: Statement,
  parameters: readonly unknown[],
  tables: Tables,
): Write | StatementError {
  const table = tables.get(statement.table);
  if (table === undefined) return error('ResourceNotFound', 'Cannot do operations on a non-existent table');
  const write = refusable(() => {
    const expected =
      statement.kind === 'INSERT' ? statement.names.length : statement.set.length + statement.where.length;
    if (parameters.length !== expected) {
      throw invalid("Number of parameters in request and statement don't match.");
    }
    const values = parameters.map((value) => parseAttribute(value));
    return statement.kind === 'INSERT' ? insert(statement, values, table) : update(statement, values, table);
  });
  return write ?? error('InternalServerError', 'Nothing to do');
}

function insert(
  { names }: Statement & { kind: 'INSERT' },
  values: readonly Attribute[],
  table: Table,
): Write {
  const item = itemOf(names, values);
  const identity = table.key.identityOf(item);
  return {
    ...{ table, identity },
    execute() {
      if (!table.partitions.takesWrite(identity)) throw noRoom();
      if (table.get(identity) !== undefined) {
        table.refused(identity);
        return error('DuplicateItem', 'Duplicate primary key exists in table');
      }
      table.set(identity, item);
      return undefined;
    },
  };
}

/** UPDATE changes an item that is there and meets WHERE; unlike UpdateItem it makes none. */
function update(
  { set, remove, where }: Statement & { kind: 'UPDATE' },
  values: readonly Attribute[],
  table: Table,
): Write {
  const required = itemOf(where, values.slice(set.length));
  const identity = table.key.identityOf(required, () =>
    invalid('Where clause does not contain a mandatory equality on all key attributes'),
  );
  const changed = itemOf(set, values);
  const key = [...set, ...remove].find((name) => table.key.isKey(name));
  if (key !== undefined) throw invalid(`Cannot update attribute ${key}. This attribute is part of the key`);
  return {
    ...{ table, identity },
    execute() {
      if (!table.partitions.takesWrite(identity)) throw noRoom();
      const before = table.get(identity);
      if (before === undefined || !where.every((name) => isEqual(before, required, name))) {
        table.refused(identity);
        return error('ConditionalCheckFailed', 'The conditional request failed');
      }
      table.set(
        identity,
        remove.reduce((item, name) => withAttribute(item, name, undefined), { ...before, ...changed }),
      );
      return undefined;
    },
  };
}

function isEqual(item: Item, required: Item, name: string): boolean {
  const [value, expected] = [attributeOf(item, name), attributeOf(required, name)];
  return value !== undefined && expected !== undefined && isSame(value, expected);
}

/** @throws ServiceError when an attribute is named twice */
function itemOf(names: readonly string[], values: readonly Attribute[]): Item {
  const item = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  if (Object.keys(item).length < names.length) throw invalid('An attribute is named twice');
  return item as Item;
}

function error(Code: string, Message: string): StatementError {
  return { Error: { Code, Message } };
}

/** What exceptions of calls are called in the answer to a statement. */
const codes: Readonly<Record<string, string>> = { [THROTTLED]: 'ProvisionedThroughputExceeded' };

/** A statement that is refused is answered, beside the others. */
function refusable<Result>(run: () => Result): Result | StatementError {
  try {
    return run();
  } catch (refused) {
    if (!(refused instanceof ServiceError)) throw refused;
    return error(codes[refused.type] ?? 'ValidationError', refused.message);
  }
}

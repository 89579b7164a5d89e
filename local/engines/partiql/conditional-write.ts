import type { InsertStatement, Statement, UpdateStatement } from './statement.ts';

/** JSON of the DynamoDB API: `{"S":"text"}` and so on. */
export type AttributeJson = Readonly<Record<string, unknown>>;

/**
 * A call of the API that does what a statement says: with the older parameters `Expected` and `AttributeUpdates`, for which the
 * engine parses no expression. It took a quarter of its time.
 */
export interface ConditionalWrite {
  readonly operation: 'PutItem' | 'UpdateItem';
  readonly input: Readonly<Record<string, unknown>>;
  /** Identity of the item: no two statements of a batch may have the same. */
  readonly item: string;
  /** What a statement's answer calls a condition that failed. */
  readonly conditionError: 'DuplicateItem' | 'ConditionalCheckFailed';
}

/** What is wrong with one statement of a batch; the others go on. `code` is DynamoDB's (BatchStatementError). */
export class StatementRefusedError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StatementRefusedError';
    this.code = code;
  }
}

/**
 * @param keyNames the table's key attributes
 * @throws StatementRefusedError as DynamoDB refuses it, when the parameters or the key do not fit
 */
export function conditionalWrite(
  statement: Statement,
  parameters: readonly AttributeJson[],
  keyNames: readonly string[],
): ConditionalWrite {
  const expected =
    statement.kind === 'INSERT' ? statement.names.length : statement.set.length + statement.where.length;
  if (expected !== parameters.length) {
    throw invalid("Number of parameters in request and statement don't match.");
  }
  return statement.kind === 'INSERT'
    ? insert(statement, parameters, keyNames)
    : update(statement, parameters, keyNames);
}

/** INSERT never replaces an item. */
function insert(
  { table, names }: InsertStatement,
  parameters: readonly AttributeJson[],
  keyNames: readonly string[],
): ConditionalWrite {
  const attributes = zip(names, parameters);
  const key = pick(attributes, keyNames, 'The provided key element does not match the schema');
  return {
    operation: 'PutItem',
    input: {
      TableName: table,
      Item: Object.fromEntries(attributes),
      Expected: { [keyNames[0] ?? '']: { Exists: false } },
    },
    item: itemOf(table, key),
    conditionError: 'DuplicateItem',
  };
}

/** UPDATE changes an item that is there and meets WHERE; unlike UpdateItem it makes none. */
function update(
  { table, set, remove, where }: UpdateStatement,
  parameters: readonly AttributeJson[],
  keyNames: readonly string[],
): ConditionalWrite {
  const required = zip(where, parameters.slice(set.length));
  const key = pick(
    required,
    keyNames,
    'Where clause does not contain a mandatory equality on all key attributes',
  );
  const changes = new Map<string, object>();
  for (const [name, Value] of zip(set, parameters)) changes.set(name, { Action: 'PUT', Value });
  for (const name of remove) {
    if (changes.has(name)) throw invalid(`Attribute ${name} is named twice`);
    changes.set(name, { Action: 'DELETE' });
  }
  // Not as `AttributeValueList`, whose values the engine neither checks nor brings into its own form: 1.0 would not be 1.
  const conditions = [...required]
    .filter(([name]) => !keyNames.includes(name))
    .map(([name, Value]) => [name, { Value }]);
  return {
    operation: 'UpdateItem',
    input: {
      TableName: table,
      Key: Object.fromEntries(key),
      AttributeUpdates: Object.fromEntries(changes),
      Expected: {
        [keyNames[0] ?? '']: { ComparisonOperator: 'NOT_NULL' },
        ...Object.fromEntries(conditions),
      },
    },
    item: itemOf(table, key),
    conditionError: 'ConditionalCheckFailed',
  };
}

function zip(names: readonly string[], values: readonly AttributeJson[]): Map<string, AttributeJson> {
  const attributes = new Map<string, AttributeJson>();
  names.forEach((name, index) => {
    const value = values[index];
    if (attributes.has(name)) throw invalid(`Attribute ${name} is named twice`);
    if (value !== undefined) attributes.set(name, value);
  });
  return attributes;
}

function pick(
  attributes: ReadonlyMap<string, AttributeJson>,
  keyNames: readonly string[],
  complaint: string,
): [string, AttributeJson][] {
  return keyNames.map((name) => {
    const value = attributes.get(name);
    if (value === undefined) throw invalid(complaint);
    return [name, value];
  });
}

function itemOf(table: string, key: readonly [string, AttributeJson][]): string {
  return JSON.stringify([table, key]);
}

function invalid(message: string): StatementRefusedError {
  return new StatementRefusedError('ValidationError', message);
}

import { parseStatement, type Statement } from '../../local/engines/partiql/statement.ts';
import type { Attributes, KeptItems } from './kept-items.ts';

type Value = Readonly<Record<string, unknown>>;

interface StatementResult {
  readonly answer: object;
  /** What was written, or would have been: units are paid for either. */
  readonly item: Attributes;
}

/** They repeat: a statement names attributes, and has no values. */
const parsed = new Map<string, Statement>();

/** Runs one on the items that are kept, under its condition. */
export function execute(text: string, values: readonly Value[], items: KeptItems): StatementResult {
  const statement = parsed.get(text) ?? parseStatement(text);
  parsed.set(text, statement);
  if (!items.has(statement.table)) throw new Error(`The stub keeps no table ${statement.table}`);
  return statement.kind === 'INSERT'
    ? insert(statement.table, named(statement.names, values), items)
    : update(statement, values, items);
}

function insert(table: string, item: Attributes, items: KeptItems): StatementResult {
  if (items.get(table, item) !== undefined) return { answer: { Error: { Code: 'DuplicateItem' } }, item };
  items.set(table, item);
  return { answer: { TableName: table }, item };
}

function update(
  { table, set, remove, where }: Extract<Statement, { kind: 'UPDATE' }>,
  values: readonly Value[],
  items: KeptItems,
): StatementResult {
  const condition = named(where, values.slice(set.length));
  const before = items.get(table, condition) ?? {};
  const item: Record<string, Value> = { ...before, ...named(set, values) };
  for (const name of remove) delete item[name];
  const holds = where.every((name) => JSON.stringify(before[name]) === JSON.stringify(condition[name]));
  if (!holds) return { answer: { Error: { Code: 'ConditionalCheckFailed' } }, item };
  items.set(table, item);
  return { answer: { TableName: table }, item };
}

function named(names: readonly string[], values: readonly Value[]): Attributes {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? {}]));
}

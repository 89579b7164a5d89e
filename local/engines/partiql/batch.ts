import { z } from 'zod';
import { type CallEngine, RefusedError } from '../dynamodb-front.ts';
import type { AttributeJson, ConditionalWrite } from './conditional-write.ts';
import { conditionalWrite, StatementRefusedError } from './conditional-write.ts';
import type { Statement } from './statement.ts';
import { parseStatement, UnknownStatementError } from './statement.ts';

/** A batch that is refused as a whole. */
class BatchRefusedError extends RefusedError {
  constructor(message: string) {
    super('com.amazon.coral.validate#ValidationException', message);
    this.name = 'BatchRefusedError';
  }
}

/** DynamoDB API reference, BatchExecuteStatement and BatchStatementRequest. */
const maximumStatements = 25;
const maximumCharacters = 8_192;

const batchSchema = z.object({
  Statements: z
    .array(
      z.object({
        Statement: z.string().min(1).max(maximumCharacters),
        Parameters: z.array(z.record(z.string(), z.unknown())).default([]),
      }),
    )
    .min(1)
    .max(maximumStatements),
});

const tableSchema = z.object({
  Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }),
});

/** Of values of another type, as numbers that are no texts, the engine says so with a capital letter. */
const errorSchema = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

interface Request {
  readonly statement: Statement;
  readonly parameters: readonly AttributeJson[];
}

/** The answer to one statement, as on the wire. */
type Answer = { TableName?: string; Error?: { Code: string; Message: string } };

/** Does what BatchExecuteStatement does, with one conditional write of the engine for each statement. */
export async function executeBatch(body: unknown, call: CallEngine): Promise<{ Responses: Answer[] }> {
  const requests = parseBatch(body);
  const keys = await keyNames(new Set(requests.map(({ statement }) => statement.table)), call);
  const writes = requests.map((request) => writeOf(request, keys));
  refuseDuplicates(writes.flatMap((write) => ('item' in write ? [write.item] : [])));
  const responses = writes.map((write, index) => {
    const table = requests[index]?.statement.table;
    return 'item' in write ? execute(write, table, call) : { Error: write };
  });
  return { Responses: await Promise.all(responses) };
}

/** A form that is not known here refuses the whole batch: nobody should take it for DynamoDB's own answer. */
function parseBatch(body: unknown): Request[] {
  const batch = batchSchema.safeParse(body);
  if (!batch.success) {
    throw new BatchRefusedError(
      `The local DynamoDB takes 1 to ${maximumStatements} statements of up to ${maximumCharacters} characters: ${z.prettifyError(batch.error)}`,
    );
  }
  // A batch has most often one statement, with the parameters of many items.
  const parsed = new Map<string, Statement>();
  try {
    return batch.data.Statements.map(({ Statement: text, Parameters: parameters }) => {
      const statement = parsed.get(text) ?? parseStatement(text);
      parsed.set(text, statement);
      return { statement, parameters };
    });
  } catch (error) {
    if (error instanceof UnknownStatementError) throw new BatchRefusedError(error.message);
    throw error;
  }
}

/** The key attributes of each table; tables that are not there are absent. */
async function keyNames(tables: ReadonlySet<string>, call: CallEngine): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const table of tables) {
    const { status, body } = await call('DescribeTable', { TableName: table });
    if (status !== 200) continue;
    const { KeySchema } = tableSchema.parse(body).Table;
    found.set(
      table,
      KeySchema.map(({ AttributeName }) => AttributeName),
    );
  }
  return found;
}

function writeOf(
  { statement, parameters }: Request,
  keys: ReadonlyMap<string, readonly string[]>,
): ConditionalWrite | { Code: string; Message: string } {
  try {
    const names = keys.get(statement.table);
    if (names === undefined) {
      throw new StatementRefusedError('ResourceNotFound', 'Cannot do operations on a non-existent table');
    }
    return conditionalWrite(statement, parameters, names);
  } catch (error) {
    if (error instanceof StatementRefusedError) return { Code: error.code, Message: error.message };
    throw error;
  }
}

function refuseDuplicates(items: readonly string[]): void {
  if (new Set(items).size < items.length) {
    throw new BatchRefusedError('Provided list of item keys contains duplicates');
  }
}

async function execute(
  write: ConditionalWrite,
  table: string | undefined,
  call: CallEngine,
): Promise<Answer> {
  const { status, body } = await call(write.operation, write.input);
  const named = table === undefined ? {} : { TableName: table };
  if (status === 200) return named;
  const { __type: type, Message = '', message = Message } = errorSchema.parse(body);
  const exception = type.slice(type.lastIndexOf('#') + 1);
  return { ...named, Error: errorOf(exception, message, write) };
}

function errorOf(
  exception: string,
  message: string,
  { conditionError }: ConditionalWrite,
): { Code: string; Message: string } {
  if (exception !== 'ConditionalCheckFailedException') {
    return { Code: codes[exception] ?? 'InternalServerError', Message: message };
  }
  const isDuplicate = conditionError === 'DuplicateItem';
  return { Code: conditionError, Message: isDuplicate ? 'Duplicate primary key exists in table' : message };
}

/** What the exceptions of single calls are called in the answer to a statement. */
const codes: Readonly<Record<string, string>> = {
  ValidationException: 'ValidationError',
  SerializationException: 'ValidationError',
  ResourceNotFoundException: 'ResourceNotFound',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  ThrottlingException: 'ThrottlingError',
};

import type { AttributeValue, BatchStatementError, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { mapBounded } from '../batch/map-bounded.ts';
import type { WriteResult } from '../ports/ports.ts';
import type { RetryPolicy } from './retry.ts';
import { sendRemaining } from './retry.ts';

/** A PartiQL statement that writes one item under a condition, with a `?` for each parameter. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly AttributeValue[];
}

/** BatchExecuteStatement takes 25 statements a call (DynamoDB API reference), each on an item of its own. */
const maximumStatements = 25;
/** 200 writes under way at a time: enough to wait for nothing but the last of them, few enough for 64 sockets. */
const callsInFlight = 8;

/** A statement that did not take place: `code` is DynamoDB's (API reference, BatchStatementError). */
export class StatementError extends Error {
  readonly code: string;

  constructor({ Code, Message = '' }: BatchStatementError) {
    const code: string = Code ?? 'Unknown';
    super(`${code}: ${Message}`);
    this.name = 'StatementError';
    this.code = code;
  }
}

interface Attempt {
  readonly statement: Statement;
  result: WriteResult;
}

const unanswered: WriteResult = { kind: 'failed', error: new StatementError({ Message: 'No answer' }) };

/**
 * Writes items with up to 25 statements a call. Each stands alone: its condition fails, or it is throttled,
 * without the others; one that is throttled is sent again, alone.
 *
 * A response that is lost after its writes took place makes the next attempt find them in place: they are
 * conflicts then, and whoever loads again finds its own work done.
 */
export async function writeStatements(
  client: DynamoDBClient,
  statements: Iterable<Statement>,
  retry: RetryPolicy,
): Promise<WriteResult[]> {
  const progress = { done: 0 };
  const written = await mapBounded(callsInFlight, inCalls(statements), async (call) => {
    await sendRemaining(call, (remaining) => execute(client, remaining), retry, progress);
    return call.map(({ result }) => result);
  });
  return written.flat();
}

function* inCalls(statements: Iterable<Statement>): Generator<Attempt[]> {
  let call: Attempt[] = [];
  for (const statement of statements) {
    call.push({ statement, result: unanswered });
    if (call.length < maximumStatements) continue;
    yield call;
    call = [];
  }
  if (call.length > 0) yield call;
}

/** @returns what has to be sent again */
async function execute(client: DynamoDBClient, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  const command = new BatchExecuteStatementCommand({
    Statements: attempts.map(({ statement: { text, parameters } }) => ({
      Statement: text,
      Parameters: [...parameters],
    })),
  });
  try {
    const { Responses = [] } = await client.send(command);
    return attempts.filter((attempt, index) => {
      const response = Responses[index];
      attempt.result = response === undefined ? unanswered : resultOf(response.Error);
      return response === undefined || isTransient(response.Error);
    });
  } catch (error) {
    // The call as a whole, after the SDK's own attempts: what it wrote, if anything, is not known.
    for (const attempt of attempts) attempt.result = { kind: 'failed', error };
    return [];
  }
}

function resultOf(error: BatchStatementError | undefined): WriteResult {
  if (error === undefined) return { kind: 'written' };
  return isConflict(error) ? { kind: 'conflict' } : { kind: 'failed', error: new StatementError(error) };
}

/** The version is another one, or the item is not there (UPDATE); or it is there already (INSERT). */
function isConflict({ Code }: BatchStatementError): boolean {
  return Code === 'ConditionalCheckFailed' || Code === 'DuplicateItem';
}

/** Whether the error may be gone at the next attempt. */
function isTransient(error: BatchStatementError | undefined): boolean {
  switch (error?.Code) {
    case 'ThrottlingError':
    case 'RequestLimitExceeded':
    case 'ProvisionedThroughputExceeded':
    case 'InternalServerError':
    case 'TransactionConflict':
      return true;
    default:
      return false;
  }
}

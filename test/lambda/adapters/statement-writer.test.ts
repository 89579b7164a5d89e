import type { BatchExecuteStatementCommandOutput, BatchStatementResponse } from '@aws-sdk/client-dynamodb';
import { BatchExecuteStatementCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import type { RetryPolicy } from '../../../lambda/adapters/retry.ts';
import type { Statement } from '../../../lambda/adapters/statement-writer.ts';
import { StatementError, writeStatements } from '../../../lambda/adapters/statement-writer.ts';

const policy: RetryPolicy = { attempts: 3, firstPauseMs: 1, sleep: async () => {}, random: () => 0 };

const statements = (count: number): Statement[] =>
  Array.from({ length: count }, (_, index) => ({ text: `statement ${index}`, parameters: [] }));

type Answer = (texts: readonly string[]) => (BatchStatementResponse | undefined)[];

/** A client that answers each call by its statements' texts, and remembers them. */
function clientThat(answer: Answer): { client: DynamoDBClient; calls: string[][] } {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const calls: string[][] = [];
  vi.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
    if (!(command instanceof BatchExecuteStatementCommand)) throw new Error('Another command');
    const texts = (command.input.Statements ?? []).map(({ Statement: text }) => text ?? '');
    calls.push(texts);
    const output = { $metadata: {}, Responses: answer(texts) };
    return output as BatchExecuteStatementCommandOutput;
  });
  return { client, calls };
}

const failed = (Code: NonNullable<BatchStatementResponse['Error']>['Code']): BatchStatementResponse => ({
  Error: { Code, Message: 'told so' },
});

describe('batched conditional writes', () => {
  it('sends 25 statements a call, and answers in their order', async () => {
    const { client, calls } = clientThat((texts) =>
      texts.map((text) => (text === 'statement 30' ? failed('ConditionalCheckFailed') : {})),
    );
    const results = await writeStatements(client, statements(60), policy);
    expect(calls.map((call) => call.length)).toEqual([25, 25, 10]);
    expect(results.map(({ kind }) => kind)).toEqual([
      ...Array(30).fill('written'),
      'conflict',
      ...Array(29).fill('written'),
    ]);
  });

  it('makes statements as calls go out, not all at once', async () => {
    let made = 0;
    const madeAtCall: number[] = [];
    const { client } = clientThat((texts) => {
      madeAtCall.push(made);
      return texts.map(() => ({}));
    });
    function* making() {
      for (const statement of statements(1_000)) {
        made += 1;
        yield statement;
      }
    }
    expect(await writeStatements(client, making(), policy)).toHaveLength(1_000);
    // Eight calls are under way at a time.
    for (const [call, count] of madeAtCall.entries()) expect(count).toBeLessThanOrEqual((call + 9) * 25);
  });

  it('sends nothing for nothing', async () => {
    const { client, calls } = clientThat(() => []);
    expect(await writeStatements(client, [], policy)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it.each(['ConditionalCheckFailed', 'DuplicateItem'] as const)('%s is a conflict', async (code) => {
    const { client, calls } = clientThat((texts) => texts.map(() => failed(code)));
    expect(await writeStatements(client, statements(1), policy)).toEqual([{ kind: 'conflict' }]);
    expect(calls).toHaveLength(1);
  });

  it.each([
    'ThrottlingError',
    'RequestLimitExceeded',
    'ProvisionedThroughputExceeded',
    'InternalServerError',
    'TransactionConflict',
  ] as const)('after %s it sends that statement again, alone', async (code) => {
    let attempts = 0;
    const { client, calls } = clientThat((texts) =>
      texts.map((text) => (text === 'statement 1' && attempts++ === 0 ? failed(code) : {})),
    );
    const results = await writeStatements(client, statements(3), policy);
    expect(calls).toEqual([['statement 0', 'statement 1', 'statement 2'], ['statement 1']]);
    expect(results).toEqual(Array(3).fill({ kind: 'written' }));
  });

  it('gives up one that is throttled at every attempt, and says why', async () => {
    const { client, calls } = clientThat((texts) => texts.map(() => failed('ThrottlingError')));
    const [result] = await writeStatements(client, statements(1), policy);
    expect(result).toMatchObject({ kind: 'failed', error: { code: 'ThrottlingError' } });
    expect(calls).toHaveLength(policy.attempts);
  });

  it('takes as many calls as it needs as long as one statement gets through', async () => {
    const { client, calls } = clientThat((texts) =>
      texts.map((_, index) => (index === 0 ? {} : failed('ThrottlingError'))),
    );
    const results = await writeStatements(client, statements(25), policy);
    expect(calls).toHaveLength(25);
    expect(results).toEqual(Array(25).fill({ kind: 'written' }));
  });

  it('does not repeat what cannot succeed', async () => {
    const { client, calls } = clientThat((texts) => texts.map(() => failed('ValidationError')));
    const [result] = await writeStatements(client, statements(1), policy);
    expect(result?.kind === 'failed' && result.error).toBeInstanceOf(StatementError);
    expect(calls).toHaveLength(1);
  });

  it('takes an answer that is missing for no success', async () => {
    const { client, calls } = clientThat(() => [{}]);
    const results = await writeStatements(client, statements(2), policy);
    expect(calls[1]).toEqual(['statement 1']);
    expect(results.map(({ kind }) => kind)).toEqual(['written', 'written']);
  });

  it('a call that fails as a whole fails its statements, not those of others', async () => {
    const { client } = clientThat((texts) => {
      if (texts.includes('statement 0')) throw new Error('time-out');
      return texts.map(() => ({}));
    });
    const results = await writeStatements(client, statements(26), policy);
    expect(results.slice(0, 25).every(({ kind }) => kind === 'failed')).toBe(true);
    expect(results[25]).toEqual({ kind: 'written' });
  });
});

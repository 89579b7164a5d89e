import { z } from 'zod';
import type { AwsAnswer, AwsCall } from '../proxy/aws-call.ts';

/** Calls that carry many entries, each of which can fail alone (API references of DynamoDB, Kinesis and SQS). */
interface BatchOperation {
  /** The entries of a request. */
  entries(request: Body): readonly unknown[];
  /** The request with these entries only. */
  withEntries(request: Body, entries: readonly unknown[]): Body;
  /**
   * The answer as the caller gets it.
   * @param failed by entry of the whole request. @param answer to the entries that were sent.
   */
  merge(request: Body, failed: readonly boolean[], answer: Body, error: EntryError): Body;
  /** Whether entries change something, so that one can take effect and be reported as failed. */
  changes: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** `throttled`: it did not take effect. `failed`: it may have. */
type EntryError = 'throttled' | 'failed';

const list = z.array(z.unknown()).catch([]);
const object = z.record(z.string(), z.unknown()).catch({});
const keysSchema = z.looseObject({ Keys: z.array(z.unknown()) });

/** The answers of the entries that were sent, at the places of those; `failure` at the others. */
function interleave(failed: readonly boolean[], answers: readonly unknown[], failure: object): unknown[] {
  const left = answers.length < failed.length ? [...answers] : answers.filter((_, index) => !failed[index]);
  return failed.map((hasFailed) => (hasFailed ? failure : left.shift()));
}

const operations: Readonly<Record<string, BatchOperation>> = {
  BatchExecuteStatement: {
    changes: true,
    entries: ({ Statements }) => list.parse(Statements),
    withEntries: (request, Statements) => ({ ...request, Statements }),
    merge(_request, failed, { Responses }, error) {
      const Code = error === 'throttled' ? 'ProvisionedThroughputExceeded' : 'InternalServerError';
      const failure = { Error: { Code, Message: 'Injected' } };
      return { Responses: interleave(failed, list.parse(Responses), failure) };
    },
  },
  BatchGetItem: {
    changes: false,
    entries: ({ RequestItems }) => keysOf(RequestItems).keys,
    withEntries(request, Keys) {
      const { table, rest } = keysOf(request.RequestItems);
      return { ...request, RequestItems: { [table]: { ...rest, Keys } } };
    },
    merge(request, failed, answer) {
      const { table, keys, rest } = keysOf(request.RequestItems);
      const Keys = keys.filter((_, index) => failed[index]);
      return {
        Responses: { [table]: [] },
        ...answer,
        UnprocessedKeys: { [table]: { ...rest, Keys } },
      };
    },
  },
  PutRecords: {
    changes: true,
    entries: ({ Records }) => list.parse(Records),
    withEntries: (request, Records) => ({ ...request, Records }),
    merge(_request, failed, { Records }, error) {
      const ErrorCode = error === 'throttled' ? 'ProvisionedThroughputExceededException' : 'InternalFailure';
      const records = interleave(failed, list.parse(Records), { ErrorCode, ErrorMessage: 'Injected' });
      return { FailedRecordCount: failed.filter(Boolean).length, Records: records };
    },
  },
  SendMessageBatch: {
    changes: true,
    entries: ({ Entries }) => list.parse(Entries),
    withEntries: (request, Entries) => ({ ...request, Entries }),
    merge(request, failed, { Successful }, error) {
      const ids = list.parse(request.Entries).map(idOf);
      const failedIds = new Set(ids.filter((_, index) => failed[index]));
      const Code = error === 'throttled' ? 'ThrottlingException' : 'InternalError';
      const Failed = [...failedIds].map((Id) => ({ Id, Code, Message: 'Injected', SenderFault: false }));
      return {
        Successful: list.parse(Successful).filter((entry) => !failedIds.has(idOf(entry))),
        Failed,
      };
    },
  },
};

/** All reads of the functions are of one table a call. */
function keysOf(requestItems: unknown): { table: string; keys: readonly unknown[]; rest: object } {
  const [first] = Object.entries(object.parse(requestItems));
  if (first === undefined) return { table: '', keys: [], rest: {} };
  const { Keys, ...rest } = keysSchema.parse(first[1]);
  return { table: first[0], keys: Keys, rest };
}

function idOf(entry: unknown): unknown {
  return object.parse(entry).Id;
}

const parse = (body: Buffer): Body => object.parse(JSON.parse(body.toString('utf8')));

/** How many entries the call has; 0: it is not a batch, or its entries cannot fail in this way. */
export function batchEntries(call: AwsCall, error: EntryError): number {
  const operation = operations[call.operation];
  if (!operation || (error === 'failed' && !operation.changes)) return 0;
  return operation.entries(parse(call.body)).length;
}

/** Sends the entries that shall not fail and answers for the others. */
export async function throttleEntries(
  call: AwsCall,
  failed: readonly boolean[],
  forward: (changed: AwsCall) => Promise<AwsAnswer>,
): Promise<AwsAnswer> {
  const operation = expectOperation(call);
  const request = parse(call.body);
  const sent = operation.entries(request).filter((_, index) => !failed[index]);
  const body = Buffer.from(JSON.stringify(operation.withEntries(request, sent)));
  const answer = sent.length === 0 ? emptyAnswer : await forward({ ...call, body });
  return merged(answer, (body) => operation.merge(request, failed, body, 'throttled'));
}

/** Sends all entries and reports some as failed. */
export async function failEntriesAfterEffect(
  call: AwsCall,
  failed: readonly boolean[],
  forward: (unchanged: AwsCall) => Promise<AwsAnswer>,
): Promise<AwsAnswer> {
  const operation = expectOperation(call);
  const request = parse(call.body);
  return merged(await forward(call), (body) => operation.merge(request, failed, body, 'failed'));
}

const emptyAnswer: AwsAnswer = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{}'),
};

/** An error of the whole call stays what it is. */
function merged(answer: AwsAnswer, merge: (body: Body) => Body): AwsAnswer {
  if (answer.status !== 200) return answer;
  return { ...answer, body: Buffer.from(JSON.stringify(merge(parse(answer.body)))) };
}

function expectOperation(call: AwsCall): BatchOperation {
  const operation = operations[call.operation];
  if (!operation) throw new Error(`${call.operation} is not a batch`);
  return operation;
}

import type { AwsAnswer, AwsCall, Interceptor } from '../proxy/aws-call.ts';
import { jsonBody } from '../proxy/aws-call.ts';
import type { Authorizer } from './authorizer.ts';
import { isMisdirected, misdirectedAnswer } from './misdirected.ts';
import { type Refusal, refusalAnswer, refusalMessage, unsignedAnswer } from './refusal.ts';
import { statementRights, statementsOf } from './rights/dynamodb.ts';
import { rightsOf } from './rights/index.ts';
import { absenceRight } from './rights/s3.ts';

type Body = Readonly<Record<string, unknown>>;

/** What becomes of a call that is not wholly allowed, or of which only its answer says whether it is. */
export type Guarded =
  | { readonly rest: undefined; complete(): AwsAnswer }
  /** `rest`: what of it is allowed. `complete`: from the answer to that to the answer to the whole. */
  | { readonly rest: AwsCall; complete(answer: AwsAnswer): AwsAnswer };

/**
 * Refuses what the role of the function that calls does not allow, as AWS would, and what nobody has signed. Calls of
 * others go on.
 * @returns undefined where the call goes on as it is
 */
export function guard(authorizer: Authorizer, call: AwsCall): Guarded | undefined {
  if (authorizer.isNobodys(call)) return { rest: undefined, complete: () => unsignedAnswer(call) };
  const functionName = authorizer.callingFunction(call);
  if (functionName === undefined) return undefined;
  if (isMisdirected(call)) return { rest: undefined, complete: () => misdirectedAnswer(call) };
  const body = call.service === 's3' ? {} : jsonBody(call);
  if (call.service === 'dynamodb' && call.operation === 'BatchExecuteStatement') {
    return guardStatements(call, body, (statement) =>
      authorizer.refusalOf(functionName, statementRights(statement, authorizer.scope)),
    );
  }
  const refusal = authorizer.refusalOf(functionName, rightsOf(call, body, authorizer.scope));
  if (refusal !== undefined) return { rest: undefined, complete: () => refusalAnswer(call.service, refusal) };
  return call.service === 's3' ? guardAbsence(authorizer, call, functionName) : undefined;
}

/** Only when the service has answered is it known whether the right is asked for. */
function guardAbsence(authorizer: Authorizer, call: AwsCall, functionName: string): Guarded | undefined {
  const right = absenceRight(call);
  if (right === undefined) return undefined;
  return {
    rest: call,
    complete(answer) {
      if (!saysAbsent(call, answer)) return answer;
      const refusal = authorizer.refusalOf(functionName, [right]);
      return refusal === undefined ? answer : refusalAnswer(call.service, refusal);
    },
  };
}

/** The answer to HEAD has no body that would tell a key from a bucket. */
function saysAbsent({ method }: AwsCall, { status, body }: AwsAnswer): boolean {
  return status === 404 && (method === 'HEAD' || body.includes('<Code>NoSuchKey</Code>'));
}

/**
 * For calls that take their way through a proxy. On AWS the service refuses, which is behind all that may befall a call on
 * its way.
 * @param outer stands before it: fault injection, say
 */
export function guardCalls(authorizer: Authorizer, outer?: Interceptor): Interceptor {
  const guarded = async (call: AwsCall, forward: (call: AwsCall) => Promise<AwsAnswer>) => {
    const found = guard(authorizer, call);
    if (found === undefined) return forward(call);
    return found.rest === undefined ? found.complete() : found.complete(await forward(found.rest));
  };
  if (outer === undefined) return guarded;
  return (call, forward) => outer(call, (changed = call) => guarded(changed, forward));
}

/** For services that answer at once. */
export function guardHandler(
  authorizer: Authorizer,
  handle: (call: AwsCall) => AwsAnswer,
): (call: AwsCall) => AwsAnswer {
  return (call) => {
    const found = guard(authorizer, call);
    if (found === undefined) return handle(call);
    return found.rest === undefined ? found.complete() : found.complete(handle(found.rest));
  };
}

/**
 * Each statement of a batch is refused for itself: `AccessDenied` is among the codes of a statement's error (DynamoDB API
 * Reference, BatchStatementError). That it stays so where all are refused is assumed.
 */
function guardStatements(
  call: AwsCall,
  body: Body,
  refusalOf: (statement: Body) => Refusal | undefined,
): Guarded | undefined {
  const statements = statementsOf(body);
  const refusals = statements.map(refusalOf);
  if (refusals.every((refusal) => refusal === undefined)) return undefined;
  const allowed = statements.filter((_, index) => refusals[index] === undefined);
  if (allowed.length === 0) return { rest: undefined, complete: () => completeStatements(refusals) };
  return {
    rest: withBody(call, { ...body, Statements: allowed }),
    complete: (answer) => completeStatements(refusals, answer),
  };
}

/** The answers of the statements that went on, at their places. An error of their whole call stays what it is. */
function completeStatements(refusals: readonly (Refusal | undefined)[], answer?: AwsAnswer): AwsAnswer {
  if (answer !== undefined && answer.status !== 200) return answer;
  const body = answer === undefined ? {} : jsonBody(answer);
  const answers: unknown[] = Array.isArray(body.Responses) ? [...body.Responses] : [];
  const Responses = refusals.map((refusal) =>
    refusal === undefined
      ? answers.shift()
      : { Error: { Code: 'AccessDenied', Message: refusalMessage(refusal) } },
  );
  const headers = answer?.headers ?? { 'content-type': 'application/x-amz-json-1.0' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify({ ...body, Responses })) };
}

function withBody(call: AwsCall, body: object): AwsCall {
  return { ...call, body: Buffer.from(JSON.stringify(body)) };
}

import { z } from 'zod';
import { FunctionError } from '../function-host.ts';
import { ThrottledError } from '../limited-host.ts';
import { PAYLOAD_BYTES } from '../payload.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  functionArn,
  functionNamed,
  type LambdaApiContext,
} from './context.ts';
import { ApiError, invalid } from './http-error.ts';

const reservation = z.strictObject({ ReservedConcurrentExecutions: z.int().min(0) });

/** GET /functions/<name>/configuration: what a client can do something with here. */
export function getFunctionConfiguration(context: LambdaApiContext, nameOrArn: string): ApiAnswer {
  const { name, hosted } = functionNamed(context, nameOrArn);
  const configuration = {
    FunctionName: name,
    FunctionArn: functionArn(context, name),
    Runtime: `nodejs${process.versions.node.split('.')[0]}.x`,
    State: 'Active',
    Version: '$LATEST',
    Environment: { Variables: hosted.variables },
  };
  return { status: 200, body: JSON.stringify(configuration) };
}

/** POST /functions/<name>/invocations */
export async function invokeFunction(
  context: LambdaApiContext,
  nameOrArn: string,
  { body, headers }: ApiRequest,
): Promise<ApiAnswer> {
  const { hosted } = functionNamed(context, nameOrArn);
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { status: 204 };
  if (type !== 'RequestResponse') throw invalid(`Invocation type ${String(type)} is not played here`);
  if (body.length > PAYLOAD_BYTES) {
    const message = `${body.length} byte payload is too large, the limit is ${PAYLOAD_BYTES}`;
    throw new ApiError(413, 'RequestTooLargeException', message);
  }
  try {
    const response = await hosted.host.invoke(payloadOf(body));
    return answer(JSON.stringify(response ?? null));
  } catch (error) {
    if (error instanceof ThrottledError) throw new ApiError(429, error.name, error.message);
    if (!(error instanceof FunctionError)) throw error;
    const { errorType, message } = error;
    return answer(JSON.stringify({ errorType, errorMessage: message }), {
      'x-amz-function-error': 'Unhandled',
    });
  }
}

/** PUT /functions/<name>/concurrency. Of the account, which has to keep some on AWS, nothing is known here. */
export function putFunctionConcurrency(
  context: LambdaApiContext,
  nameOrArn: string,
  body: Buffer,
): ApiAnswer {
  const { hosted } = functionNamed(context, nameOrArn);
  const parsed = reservation.safeParse(payloadOf(body));
  if (!parsed.success) throw invalid('ReservedConcurrentExecutions must be a whole number from 0');
  hosted.host.reservedConcurrency = parsed.data.ReservedConcurrentExecutions;
  return getFunctionConcurrency(context, nameOrArn);
}

/** GET /functions/<name>/concurrency: empty where nothing is reserved. */
export function getFunctionConcurrency(context: LambdaApiContext, nameOrArn: string): ApiAnswer {
  const { hosted } = functionNamed(context, nameOrArn);
  const ReservedConcurrentExecutions = hosted.host.reservedConcurrency;
  return { status: 200, body: JSON.stringify({ ReservedConcurrentExecutions }) };
}

/** DELETE /functions/<name>/concurrency */
export function deleteFunctionConcurrency(context: LambdaApiContext, nameOrArn: string): ApiAnswer {
  functionNamed(context, nameOrArn).hosted.host.reservedConcurrency = undefined;
  return { status: 204 };
}

function answer(body: string, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { status: 200, headers: { 'x-amz-executed-version': '$LATEST', ...headers }, body };
}

/** @throws ApiError 400 */
function payloadOf(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
}

import { z } from 'zod';
import { type ApiAnswer, functionNamed, type LambdaApiContext } from './context.ts';
import { invalid } from './http-error.ts';

const reservation = z.strictObject({ ReservedConcurrentExecutions: z.int().min(0) });

/** PUT /functions/<name>/concurrency. Of the account, which has to keep some on AWS, nothing is known here. */
export function putFunctionConcurrency(
  context: LambdaApiContext,
  nameOrArn: string,
  body: Buffer,
): ApiAnswer {
  const { hosted } = functionNamed(context, nameOrArn);
  const parsed = reservation.safeParse(json(body));
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

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

import type { z } from 'zod';
import { type AwsAnswer, type AwsCall, takeJsonBody } from '../../../local/proxy/aws-call.ts';
import { invalid, NotEmulatedError, ServiceError } from './errors.ts';
import { unwritten, valueIn } from './unwritten.ts';

/** One operation of a service whose requests and answers are JSON. */
export interface Operation {
  /** @returns the answer. @throws ServiceError */
  run(input: unknown, call: AwsCall): object;
}

/** @param schema of the request: strict, so that a parameter that is not emulated is named and not passed over */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, call: AwsCall) => object,
): Operation {
  return {
    run(input, call) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw refusal(parsed.error, call);
      return run(parsed.data, call);
    },
  };
}

function refusal({ issues }: z.core.$ZodError, { operation: name }: AwsCall): Error {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') return new NotEmulatedError(`${issue.keys.join()} of ${name}`);
  const place = issue?.path.join('.') || 'The request';
  return invalid(`1 validation error detected: ${place}: ${issue?.message}`);
}

interface JsonService {
  readonly contentType: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Headers of an error's answer. */
  errorHeaders?(type: string): Readonly<Record<string, string>>;
}

/** @throws NotEmulatedError that names the operation, or the parameter */
export function answerJson({ contentType, operations, errorHeaders }: JsonService, call: AwsCall): AwsAnswer {
  const found = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
  if (found === undefined) throw new NotEmulatedError(`${call.operation} of ${call.service}`);
  try {
    const value = valueIn(call);
    const answer = found.run(value ?? parse(call.body), call);
    const head = { status: 200, headers: { 'content-type': contentType } };
    return value === undefined
      ? { ...head, body: Buffer.from(JSON.stringify(answer)) }
      : unwritten(head, answer);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { type, message, members } = error;
    return {
      status: 400,
      headers: { 'content-type': contentType, ...errorHeaders?.(type) },
      body: Buffer.from(JSON.stringify({ __type: type, message, ...members })),
    };
  }
}

function parse(body: Buffer): unknown {
  try {
    return takeJsonBody(body);
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON');
  }
}

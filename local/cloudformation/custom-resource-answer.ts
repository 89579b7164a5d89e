import { z } from 'zod';
import type { ResourceValues } from './intrinsics.ts';

/** CloudFormation takes no more. */
export const ANSWER_BYTES = 4096;

/** Which request an answer is to. */
export interface Asked {
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'must be a text, a number or a boolean',
});

/** AWS CloudFormation User Guide, custom resource response objects. */
const answerSchema = z.looseObject({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().min(1).max(1024),
  NoEcho: z.boolean().optional(),
  Data: z.record(z.string(), scalar).default({}),
});

/** @throws Error when it is no answer, or one to another request, or says that the request failed */
export function readAnswer(text: string, asked: Asked): ResourceValues {
  const { data: answer, error } = answerSchema.safeParse(parsedJson(text));
  if (error !== undefined) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'not JSON'}: ${message}`);
    throw new Error(`its answer cannot be read: ${problems.join('; ')}`);
  }
  for (const field of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (answer[field] !== asked[field])
      throw new Error(
        `its answer is to another request: ${field} is '${answer[field]}', not '${asked[field]}'`,
      );
  }
  if (answer.Status === 'FAILED') throw new Error(`FAILED: ${answer.Reason || 'it gave no Reason'}`);
  const attributes = Object.entries(answer.Data).map(([name, value]) => [name, String(value)]);
  return { ref: answer.PhysicalResourceId, attributes: Object.fromEntries(attributes) };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

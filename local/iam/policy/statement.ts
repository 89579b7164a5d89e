import { z } from 'zod';
import { type Condition, parseConditions } from './conditions.ts';
import { matchesArn, matchesGlob } from './glob.ts';
import { type Principal, parsePrincipals } from './principals.ts';
import type { AccessRequest, Right } from './request.ts';

/** One statement of a policy, ready to be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Whom it speaks of; undefined in a policy of a role, which speaks of the role. */
  readonly principals: readonly Principal[] | undefined;
  /** Whether it speaks of this request: its action, its resource and its conditions. */
  covers(request: AccessRequest): boolean;
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: z.unknown().optional(),
    Action: list.optional(),
    NotAction: list.optional(),
    Resource: list.optional(),
    NotResource: list.optional(),
    Condition: z.unknown().optional(),
  })
  .refine((one) => (one.Action === undefined) !== (one.NotAction === undefined), {
    message: 'has to have Action or NotAction, and not both',
  })
  .refine((one) => (one.Resource === undefined) !== (one.NotResource === undefined), {
    message: 'has to have Resource or NotResource, and not both',
  });

const policySchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  // One alone need not be in a list.
  Statement: z.preprocess((one) => (Array.isArray(one) ? one : [one]), z.array(statementSchema)),
});

type StatementInput = z.output<typeof statementSchema>;

/**
 * A policy of a role: its statements have no principal.
 * @throws Error in a line that names the element, operator or key that is wrong or not emulated
 */
export function parseRolePolicy(document: unknown): Statement[] {
  return parsePolicy(document).map((statement) => {
    if (statement.Principal !== undefined) throw new Error('a policy of a role has no Principal');
    return statementOf(statement, undefined);
  });
}

/**
 * A policy of a resource, without the statements that cannot speak of a function's role: what those ask for (who calls
 * a service, say) need not be known here.
 * @throws Error in a line that names the element, operator or key that is wrong or not emulated
 */
export function parseResourcePolicy(document: unknown, accountId: string): Statement[] {
  return parsePolicy(document).flatMap((statement) => {
    const principals = parsePrincipals(statement.Principal, accountId);
    return principals.length === 0 ? [] : [statementOf(statement, principals)];
  });
}

function parsePolicy(document: unknown): StatementInput[] {
  const parsed = policySchema.safeParse(document);
  if (parsed.success) return parsed.data.Statement;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].join(': '));
  throw new Error(problems.join('; '));
}

function statementOf(input: StatementInput, principals: Statement['principals']): Statement {
  const { Effect, Action, NotAction, Resource, NotResource } = input;
  for (const resource of Resource ?? NotResource ?? []) checkResource(resource);
  const actions = (Action ?? NotAction ?? []).map((action) => action.toLowerCase());
  const resources = Resource ?? NotResource ?? [];
  const isOfAction = ({ action }: Right) =>
    actions.some((pattern) => matchesGlob(pattern, action.toLowerCase())) === (Action !== undefined);
  const isOfResource = ({ resource }: Right) =>
    resources.some((pattern) => matchesArn(pattern, resource)) === (Resource !== undefined);
  const conditions = parseConditions(input.Condition);
  return {
    effect: Effect,
    principals,
    covers: (request) =>
      isOfAction(request) && isOfResource(request) && conditions.every((one) => holds(one, request)),
  };
}

function holds({ key, holds: test }: Condition, { context }: AccessRequest): boolean {
  return test(context.get(key));
}

function checkResource(resource: string): void {
  if (resource !== '*' && !resource.startsWith('arn:')) throw new Error(`Resource: '${resource}' is no ARN`);
  if (resource.includes('${')) throw new Error(`the policy variable in '${resource}' is not emulated`);
}

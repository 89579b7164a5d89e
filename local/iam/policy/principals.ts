import { z } from 'zod';
import type { Caller } from './request.ts';

/**
 * Whom a statement of a resource's policy speaks of, among the functions' roles. `account`: the account as such, which
 * leaves it to the policies of its roles (and whose denial is everybody's).
 */
export type Principal = 'everybody' | 'account' | { readonly arn: string };

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const schema = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: names.default([]),
    Service: names.default([]),
    Federated: names.default([]),
    CanonicalUser: names.default([]),
  }),
]);

/**
 * @returns those that can be a function's role: none where a statement is for services or others alone
 * @throws Error when it is no principal
 */
export function parsePrincipals(value: unknown, accountId: string): Principal[] {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`Principal: ${z.prettifyError(parsed.error)}`);
  if (parsed.data === '*') return ['everybody'];
  return parsed.data.AWS.map((name) => principalOf(name, accountId));
}

function principalOf(name: string, accountId: string): Principal {
  if (name === '*') return 'everybody';
  const isAccount = name === accountId || new RegExp(`^arn:[^:]+:iam::${accountId}:root$`).test(name);
  return isAccount ? 'account' : { arn: name };
}

/** The role itself, or its session. There are no wildcards within the name of a principal. */
export function isCaller(principal: Principal, { roleArn, sessionArn }: Caller): boolean {
  if (principal === 'everybody') return true;
  return principal !== 'account' && (principal.arn === roleArn || principal.arn === sessionArn);
}

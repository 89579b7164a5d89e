import type { Right } from '../policy/request.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

/**
 * Service Authorization Reference, KMS: the action is called like the operation, the resource is the key. Which key an alias
 * stands for is not known here: it is asked for as the alias, which no policy of a function names.
 */
export function kmsRights(
  operation: string,
  { KeyId }: Readonly<Record<string, unknown>>,
  scope: Scope,
): Right[] {
  return [
    { action: `kms:${operation}`, resource: typeof KeyId === 'string' ? kmsArn(KeyId, scope) : NO_RESOURCE },
  ];
}

/** @param name id or ARN of a key, name (`alias/…`) or ARN of an alias */
export function kmsArn(name: string, scope: Scope): string {
  if (name.startsWith('arn:')) return name;
  return arnOf('kms', scope, name.startsWith('alias/') ? name : `key/${name}`);
}

import { isCaller } from './principals.ts';
import type { AccessRequest } from './request.ts';
import type { Statement } from './statement.ts';

export type Decision =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      /** A statement denies it; otherwise none allows it. */
      readonly isExplicit: boolean;
      /** Which policy: of those that deny, or that would have had to allow. */
      readonly policy: 'identity-based' | 'resource-based';
    };

/** The policies that have a say, all of one account. */
export interface Policies {
  /** Of the caller's role. */
  readonly identity: readonly Statement[];
  /** Of the resource; undefined where it has none. */
  readonly resource: readonly Statement[] | undefined;
  /** A key's policy decides alone, unless it leaves it to the account's roles (KMS Developer Guide, Key policies). */
  readonly isKey: boolean;
}

/**
 * Within one account: a statement that denies, anywhere, decides. Otherwise one that allows, of the role or of the
 * resource, is enough (IAM User Guide, Policy evaluation logic).
 */
export function decide(request: AccessRequest, { identity, resource, isKey }: Policies): Decision {
  const ofRole = identity.filter((statement) => statement.covers(request));
  const ofResource = (resource ?? []).filter((statement) => statement.covers(request));
  const toCaller = ofResource.filter(({ principals = [] }) =>
    principals.some((principal) => isCaller(principal, request.caller)),
  );
  const toAccount = ofResource.filter(({ principals = [] }) => principals.includes('account'));
  if (ofRole.some(denies)) return { isAllowed: false, isExplicit: true, policy: 'identity-based' };
  if ([...toCaller, ...toAccount].some(denies)) {
    return { isAllowed: false, isExplicit: true, policy: 'resource-based' };
  }
  if (toCaller.some(allows)) return { isAllowed: true };
  const isLeftToRoles = !isKey || resource === undefined || toAccount.some(allows);
  if (isLeftToRoles && ofRole.some(allows)) return { isAllowed: true };
  return { isAllowed: false, isExplicit: false, policy: isLeftToRoles ? 'identity-based' : 'resource-based' };
}

const denies = ({ effect }: Statement) => effect === 'Deny';
const allows = ({ effect }: Statement) => effect === 'Allow';

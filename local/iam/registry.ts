import type { ResourceRequest } from '../cloudformation/emulator.ts';
import type { ResourceValues } from '../cloudformation/intrinsics.ts';
import type { Caller } from './policy/request.ts';
import type { Statement } from './policy/statement.ts';
import type { Scope } from './rights/index.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Of its own policies; more come with the policies that name it. */
  readonly statements: Statement[];
  /** ARNs of policies that are attached to it. */
  readonly managedPolicies: string[];
}

export interface MappingRoute {
  /** The stack and the resource, for messages. */
  readonly at: string;
  readonly functionName: string;
  readonly sourceArn: string;
  /** Of a mapping of a topic: the MSK cluster it lies in, if in one, and whether Lambda goes there through a VPC. */
  readonly topic: { clusterArn: string | undefined; isInNetwork: boolean } | undefined;
  /** On failure. */
  readonly destinationArn: string | undefined;
}

/** What the templates say of rights, as far as their stacks are deployed. */
export class Registry {
  /** By name. */
  readonly roles = new Map<string, Role>();
  /** The ARN of each function's role. */
  readonly functions = new Map<string, string>();
  /** By ARN; those of AWS that are known are among them. */
  readonly managedPolicies = new Map<string, readonly Statement[]>();
  /** By the resource's ARN. A queue or a bucket has one policy, and so has a key. */
  readonly resourcePolicies = new Map<string, readonly Statement[]>();
  /** The ARN of the key that a resource is encrypted with, where it is one of the account's own. */
  readonly keys = new Map<string, string>();
  readonly mappings: MappingRoute[] = [];

  roleOf(functionName: string): Role | undefined {
    const arn = this.functions.get(functionName);
    return arn === undefined ? undefined : [...this.roles.values()].find((role) => role.arn === arn);
  }

  /** Every statement of a role, its managed policies' too. */
  statementsOf({ statements, managedPolicies }: Role): Statement[] {
    return [...statements, ...managedPolicies.flatMap((arn) => this.managedPolicies.get(arn) ?? [])];
  }
}

/** A resource that was created, and where to note what it says of rights. */
export interface Collected {
  readonly request: ResourceRequest;
  readonly values: ResourceValues;
  readonly registry: Registry;
  readonly scope: Scope;
}

export type Collector = (collected: Collected) => void;

/** A session of a role, as Lambda opens one for a function. */
export function callerOf(functionName: string, { name, arn }: Role): Caller {
  const account = arn.split(':')[4] ?? '';
  return { roleArn: arn, sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/${functionName}` };
}

import type { ResourceRequest } from '../cloudformation/emulator.ts';
import type { ResourceValues } from '../cloudformation/intrinsics.ts';
import type { AwsCall } from '../proxy/aws-call.ts';
import { collect } from './collect.ts';
import { policiesOfAws } from './managed-policies.ts';
import { mappingRights, refusedMapping } from './mapping-rights.ts';
import { decide } from './policy/decide.ts';
import { contextOf, type Right } from './policy/request.ts';
import { type Refusal, refusalLine } from './refusal.ts';
import { callerOf, Registry, type Role } from './registry.ts';
import type { Scope } from './rights/index.ts';
import { encryptedResource, keyActions } from './rights/keys.ts';

/** Each object of a bucket is a resource: there may be any number. */
const MOST_KNOWN = 10_000;

export interface AuthorizerOptions extends Scope {
  /** Told of each right that is refused, once for each function. */
  readonly onRefusal: (refusal: Refusal) => void;
}

/** What the policies in some templates say, and no more: whoever keeps it keeps nothing else alive. */
export interface Learnt {
  readonly registry: Registry;
  /** By function, action and resource, as policies do not change any more; emptied before it grows large. */
  readonly refusals: Map<string, Refusal | undefined>;
}

/**
 * Says which calls of functions AWS would refuse, by the policies in the templates. It learns them resource by resource
 * while the stacks are deployed; until `deployed` nothing is refused, as a policy may come after what needs it, but to a
 * function that is invoked before.
 */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #registry: Registry;
  readonly #known: Learnt['refusals'];
  /** Refusals that were told of; emptied like those. */
  readonly #told = new Set<string>();
  /** Functions that are invoked while the stacks are deployed. */
  readonly #invoked = new Set<string>();
  #isDeployed = false;

  /** @param learnt by another one from the same resources, so that none has to be collected again */
  constructor(options: AuthorizerOptions, learnt?: Learnt) {
    this.#options = options;
    this.#registry = learnt?.registry ?? new Registry();
    this.#known = learnt?.refusals ?? new Map();
    if (learnt !== undefined) return;
    for (const [arn, statements] of policiesOfAws()) this.#registry.managedPolicies.set(arn, statements);
  }

  get learnt(): Learnt {
    return { registry: this.#registry, refusals: this.#known };
  }

  get scope(): Scope {
    return this.#options;
  }

  /** Notes what a resource that was created says of rights. @throws Error in a line that names it */
  collect(request: ResourceRequest, values: ResourceValues): void {
    collect({ request, values, registry: this.#registry, scope: this.#options });
  }

  /**
   * All stacks are there: from now on calls are checked. So is each event source mapping, as Lambda checks the role when
   * it makes one.
   * @throws Error in a line that names function, role, action and resource, or the policy that is not known
   */
  deployed(): void {
    for (const name of this.#registry.functions.keys()) this.#roleOf(name);
    for (const mapping of this.#registry.mappings) {
      for (const right of mappingRights(mapping)) {
        const refusal = this.#refusalOf(mapping.functionName, right);
        if (refusal) throw new Error(`${mapping.at}: ${refusedMapping(right)}. ${refusalLine(refusal)}`);
      }
    }
    this.#isDeployed = true;
  }

  /**
   * The function is invoked before the stacks are deployed: from now on its calls are checked, by the policies that are
   * there by then, as on AWS. @throws Error when what it may do is not known
   */
  checkCallsOf(functionName: string): void {
    if (this.#registry.functions.has(functionName)) this.#roleOf(functionName);
    this.#invoked.add(functionName);
  }

  /** @returns the function that calls, by its execution environment; undefined for others, who may do anything */
  callingFunction({ caller }: Pick<AwsCall, 'caller'>): string | undefined {
    const name = caller.slice(0, Math.max(0, caller.lastIndexOf('.')));
    if (!this.#isDeployed && !this.#invoked.has(name)) return undefined;
    return this.#registry.functions.has(name) ? name : undefined;
  }

  /** Whether nobody has signed a call: no policy here gives a right to everybody on the internet. */
  isNobodys({ caller }: Pick<AwsCall, 'caller'>): boolean {
    return this.#isDeployed && caller === '';
  }

  /** @returns the first of the rights that the function's role does not have */
  refusalOf(functionName: string, rights: readonly Right[]): Refusal | undefined {
    for (const right of rights) {
      const refusal = this.#knownRefusal(functionName, right);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #knownRefusal(functionName: string, right: Right): Refusal | undefined {
    // Neither of the first two, which come in headers, can hold the sign between them.
    const key = `${functionName}\n${right.action}\n${right.resource}`;
    const refusal = this.#known.has(key) ? this.#known.get(key) : this.#refusalOf(functionName, right);
    // Until all is there a policy may come that allows what is refused now.
    if (this.#isDeployed && !this.#known.has(key)) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(key, refusal);
    }
    if (refusal !== undefined && !this.#told.has(key)) {
      if (this.#told.size >= MOST_KNOWN) this.#told.clear();
      this.#told.add(key);
      this.#options.onRefusal(refusal);
    }
    return refusal;
  }

  /** The right itself, then those of the key that its resource is encrypted with. */
  #refusalOf(functionName: string, right: Right): Refusal | undefined {
    const keyArn = this.#registry.keys.get(encryptedResource(right.resource));
    const via = right.action.split(':')[0] ?? '';
    const ofKey =
      keyArn === undefined
        ? []
        : keyActions(right.action).map((action) => ({ action, resource: keyArn, via }));
    for (const each of [right, ...ofKey]) {
      const refusal = this.#decide(functionName, each);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #decide(functionName: string, right: Right): Refusal | undefined {
    const role = this.#roleOf(functionName);
    const caller = callerOf(functionName, role);
    const decision = decide(
      { ...right, caller, context: contextOf(right, caller, this.#options.region) },
      {
        identity: this.#registry.statementsOf(role),
        resource: this.#registry.resourcePolicies.get(encryptedResource(right.resource)),
        isKey: right.action.startsWith('kms:'),
      },
    );
    if (decision.isAllowed) return undefined;
    return { ...right, functionName, roleName: role.name, sessionArn: caller.sessionArn, decision };
  }

  /** @throws Error when what it may do is not known */
  #roleOf(functionName: string): Role {
    const role = this.#registry.roleOf(functionName);
    if (role === undefined) {
      const arn = this.#registry.functions.get(functionName);
      throw new Error(
        `${functionName}: its role ${arn} is in none of the stacks, so that its rights are not known`,
      );
    }
    const unknown = role.managedPolicies.find((arn) => !this.#registry.managedPolicies.has(arn));
    if (unknown === undefined) return role;
    throw new Error(`${functionName}: its role has a policy that is not known here: ${unknown}`);
  }
}

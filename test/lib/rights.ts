import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from './synthesize.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/**
 * What the role of a function may do, as sorted lines `<action> on <resource>`. Resources are the logical ids
 * of the template that owns them, so that a test names what it means.
 * Policies of every type of the template are among them.
 * @throws Error when the role itself names policies: those of elsewhere hide what they allow.
 */
export function rightsOf(processing: Template, functionName: string): string[] {
  return rightsIn(policiesOf(processing, roleOf(processing, functionName)), functionName);
}

/** What the policies of that name of the construct `Access` allow whoever they are attached to, in the same words. */
export function rightsOfPolicy(processing: Template, name: 'Viewer' | 'Operator'): string[] {
  const [policy, ...others] = Object.entries(resources(processing, 'AWS::IAM::ManagedPolicy')).flatMap(
    ([id, { Properties }]) => (id.startsWith(`Access${name}`) ? [Properties] : []),
  );
  if (policy === undefined || others.length > 0) throw new Error(`Not one policy ${name}`);
  return rightsIn((policy.PolicyDocument as { Statement: Statement[] }).Statement, name);
}

function rightsIn(statements: readonly Statement[], whose: string): string[] {
  return statements
    .flatMap((statement) => {
      if (statement.Effect !== 'Allow') throw new Error(`${whose}: ${statement.Effect} is not a right`);
      return list(statement.Action).flatMap((action) =>
        list(statement.Resource).map((on) => `${action} on ${resourceName(on)}`),
      );
    })
    .sort();
}

function roleOf(processing: Template, functionName: string): string {
  const [lambda] = Object.values(resources(processing, 'AWS::Lambda::Function')).filter(
    (one) => one.Properties.FunctionName === functionName,
  );
  const role = JSON.stringify(lambda?.Properties.Role);
  const [, id] = /^\{"Fn::GetAtt":\["(\w+)","Arn"\]\}$/.exec(role) ?? [];
  if (id === undefined) throw new Error(`${functionName} has no role of this template: ${role}`);
  const extra = Object.keys(resources(processing, 'AWS::IAM::Role')[id]?.Properties ?? {}).filter(
    (property) => !['AssumeRolePolicyDocument', 'Tags'].includes(property),
  );
  if (extra.length > 0) throw new Error(`The role of ${functionName} has ${extra.join(', ')}`);
  return id;
}

/** The types that attach a policy document to a role. */
const rolePolicyTypes = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

function policiesOf(processing: Template, role: string): Statement[] {
  return rolePolicyTypes
    .flatMap((type) => Object.values(resources(processing, type)))
    .filter(({ Properties }) =>
      // A policy names its roles; a role policy its one role.
      JSON.stringify([Properties.Roles, Properties.RoleName]).includes(`{"Ref":"${role}"}`),
    )
    .flatMap((policy) => (policy.Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** The name in a logical id or an export, without the hash that CDK appends: `Streamsentries`. */
function resourceName(reference: unknown): string {
  const text = JSON.stringify(reference);
  // Of what is somebody else's, the ARN as it is.
  if (typeof reference === 'string') return reference;
  const mapping = /:event-source-mapping:",\{"Ref":"(\w+?)[0-9A-F]{8}"\}\]/.exec(text)?.[1];
  const stacks = /:(stack\/[^"]*)"\]/.exec(text)?.[1];
  if (mapping !== undefined || stacks !== undefined) return mapping ?? stacks ?? '';
  const imported = /"Fn::ImportValue":"[\w-]+:ExportsOutputFnGetAtt(\w+?)[0-9A-F]{8}(?:Arn|KeyArn)/.exec(
    text,
  );
  const own = /"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}","(?:Api)?Arn"\]/.exec(text);
  const suffix = /,"(\/[^"]*)"\]/.exec(text)?.[1] ?? '';
  const name = imported?.[1] ?? own?.[1];
  if (name === undefined) throw new Error(`Not a resource of this app: ${text}`);
  return `${name}${suffix}`;
}

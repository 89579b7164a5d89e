import type { AssemblyStack } from './assembly.ts';
import { creationOrder } from './creation-order.ts';
import type { Account } from './emulator.ts';
import { emulatorOf } from './emulators/index.ts';
import { type EvaluationScope, Intrinsics, type ResourceValues } from './intrinsics.ts';
import type { Json } from './template.ts';

export interface DeployedStack {
  name: string;
  outputs: Readonly<Record<string, string>>;
}

/**
 * Creates everything that the stacks say, in order.
 * @throws Error that names the stack and the resource when a type, an intrinsic or a property is not supported, or a right
 *   that a mapping needs is missing.
 */
export async function deploy(stacks: readonly AssemblyStack[], account: Account): Promise<DeployedStack[]> {
  for (const stack of stacks) checkTypes(stack);
  const exports = new Map<string, Json>();
  const deployed: DeployedStack[] = [];
  for (const stack of stacks) deployed.push(await deployStack(stack, exports, account));
  account.authorizer?.deployed();
  return deployed;
}

/** All types of all stacks first: what cannot run stops before anything is created. */
function checkTypes({ name, template }: AssemblyStack): void {
  for (const [logicalId, { Type }] of Object.entries(template.Resources)) {
    if (!emulatorOf(Type)) throw new Error(`${name}/${logicalId}: the local runtime does not know ${Type}`);
  }
}

async function deployStack(
  stack: AssemblyStack,
  exports: Map<string, Json>,
  account: Account,
): Promise<DeployedStack> {
  const resources = new Map<string, ResourceValues>();
  const scope: EvaluationScope = {
    stackName: stack.name,
    template: stack.template,
    pseudoParameters: pseudoParameters(stack.name, account),
    resources,
    exports,
  };
  for (const logicalId of creationOrder(stack.template)) {
    const values = await createResource(logicalId, scope, account);
    if (values) resources.set(logicalId, values);
  }
  return { name: stack.name, outputs: readOutputs(scope, exports) };
}

async function createResource(
  logicalId: string,
  scope: EvaluationScope,
  account: Account,
): Promise<ResourceValues | undefined> {
  const resource = scope.template.Resources[logicalId];
  const emulator = emulatorOf(resource?.Type ?? '');
  if (!resource || !emulator) return undefined;
  const intrinsics = new Intrinsics(scope, logicalId);
  if (resource.Condition !== undefined && !intrinsics.condition(resource.Condition)) return undefined;
  const request = {
    ...{ stackName: scope.stackName, logicalId, type: resource.Type },
    // Evaluated when read: a type without effect may use intrinsics that nothing here needs.
    get properties() {
      return intrinsics.evaluateObject(resource.Properties);
    },
  };
  const values = await emulator.create(request, account);
  account.authorizer?.collect(request, values);
  return values;
}

function readOutputs(scope: EvaluationScope, exports: Map<string, Json>): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition, Export }] of Object.entries(scope.template.Outputs)) {
    const intrinsics = new Intrinsics(scope, name);
    if (Condition !== undefined && !intrinsics.condition(Condition)) continue;
    const value = intrinsics.evaluate(Value);
    if (value === undefined) continue;
    outputs[name] = String(value);
    if (Export) exports.set(String(intrinsics.evaluate(Export.Name)), value);
  }
  return outputs;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function pseudoParameters(stackName: string, { region, accountId }: Account): Record<string, string> {
  return {
    'AWS::AccountId': accountId,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

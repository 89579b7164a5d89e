import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EnvironmentError } from './environment-error.ts';

/** What an environment consists of; the last is there where a setting says so. */
const stackNames = (environment: string) => ({
  needed: [`${environment}-lottery-stateful`, `${environment}-lottery-processing`],
  optional: [`${environment}-lottery-live`],
});

/**
 * The outputs of all stacks of an environment, by name.
 * @throws EnvironmentError that names the stack that is not there, or has nothing to say, and what the client throws
 */
export async function outputsOf(
  environment: string,
  cloudFormation: CloudFormationClient,
): Promise<Record<string, string>> {
  const { needed, optional } = stackNames(environment);
  const names = [...needed, ...optional];
  const stacks = await Promise.all(names.map((name) => stackOutputs(name, cloudFormation)));
  for (const [index, name] of needed.entries()) {
    const stack = stacks[index];
    if (stack === undefined) throw new EnvironmentError(`there is no stack ${name}`);
    // One whose first deployment goes on, or has failed.
    if (Object.keys(stack.outputs).length === 0)
      throw new EnvironmentError(`the stack ${name} is ${stack.status} and has no outputs`);
  }
  return Object.assign({}, ...stacks.map((stack) => stack?.outputs));
}

interface StackOutputs {
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** @returns undefined where there is no such stack */
async function stackOutputs(
  StackName: string,
  cloudFormation: CloudFormationClient,
): Promise<StackOutputs | undefined> {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const { Outputs: outputs = [], StackStatus: status = 'in no state' } = stack ?? {};
    const pairs = outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return { status, outputs: Object.fromEntries(pairs) };
  } catch (error) {
    if (error instanceof Error && /^Stack with id .* does not exist$/.test(error.message)) return undefined;
    throw error;
  }
}

import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EnvironmentError } from './environment-error.ts';

/** What an environment consists of; the last is there where a setting says so. */
const stackNames = (environment: string) => ({
  needed: [`${environment}-lottery-stateful`, `${environment}-lottery-processing`],
  optional: [`${environment}-lottery-live`],
});

/**
 * The outputs of all stacks of an environment, by name.
 * @throws EnvironmentError that names the stack that is not there, and what the client throws
 */
export async function outputsOf(
  environment: string,
  cloudFormation: CloudFormationClient,
): Promise<Record<string, string>> {
  const { needed, optional } = stackNames(environment);
  const names = [...needed, ...optional];
  const stacks = await Promise.all(names.map((name) => stackOutputs(name, cloudFormation)));
  const missing = needed.find((_, index) => stacks[index] === undefined);
  if (missing !== undefined) throw new EnvironmentError(`there is no stack ${missing}`);
  return Object.assign({}, ...stacks);
}

/** @returns undefined where there is no such stack */
async function stackOutputs(
  StackName: string,
  cloudFormation: CloudFormationClient,
): Promise<Record<string, string> | undefined> {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const outputs = stack?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (error instanceof Error && /^Stack with id .* does not exist$/.test(error.message)) return undefined;
    throw error;
  }
}

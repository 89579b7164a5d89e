import {
  CloudFormationClient,
  type DescribeStacksCommandOutput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { outputsOf } from '../../../client/environment/outputs.ts';

type Known = Readonly<Record<string, Partial<Stack>>>;

/** Knows these stacks, and answers of others as CloudFormation does. */
function cloudFormation(stacks: Known): CloudFormationClient {
  const client = new CloudFormationClient({ region: 'us-east-1' });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const name = 'StackName' in input ? String(input.StackName) : '';
        const stack = stacks[name];
        if (stack === undefined) throw new Error(`Stack with id ${name} does not exist`);
        const whole: Stack = {
          StackName: name,
          CreationTime: new Date(0),
          StackStatus: 'UPDATE_COMPLETE',
          ...stack,
        };
        const output: DescribeStacksCommandOutput = { Stacks: [whole], $metadata: {} };
        return { response: {}, output };
      },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

const stateful = { Outputs: [{ OutputKey: 'UsersTableName', OutputValue: 'dev-users' }] };
const processing = { Outputs: [{ OutputKey: 'AppVersion', OutputValue: '2.0.0' }] };
const live = { Outputs: [{ OutputKey: 'LivePageUrl', OutputValue: 'https://example.org' }] };
const whole = { 'dev-lottery-stateful': stateful, 'dev-lottery-processing': processing };

describe('the outputs of an environment', () => {
  it.each([
    ['without the page', whole, { UsersTableName: 'dev-users', AppVersion: '2.0.0' }],
    [
      'with it',
      { ...whole, 'dev-lottery-live': live },
      { UsersTableName: 'dev-users', AppVersion: '2.0.0', LivePageUrl: 'https://example.org' },
    ],
    [
      'while the page is made',
      { ...whole, 'dev-lottery-live': { StackStatus: 'CREATE_IN_PROGRESS' as const } },
      { UsersTableName: 'dev-users', AppVersion: '2.0.0' },
    ],
  ])('%s', async (_, stacks: Known, outputs) => {
    expect(await outputsOf('dev', cloudFormation(stacks))).toEqual(outputs);
  });

  it.each([
    ['absent', {}, 'there is no stack dev-lottery-stateful'],
    ['half there', { 'dev-lottery-stateful': stateful }, 'there is no stack dev-lottery-processing'],
    [
      'half deployed',
      { ...whole, 'dev-lottery-processing': { StackStatus: 'ROLLBACK_COMPLETE' as const } },
      'the stack dev-lottery-processing is ROLLBACK_COMPLETE and has no outputs',
    ],
  ])('of one that is %s is an error that names the stack', async (_, stacks: Known, message) => {
    await expect(outputsOf('dev', cloudFormation(stacks))).rejects.toThrow(message);
  });
});

import { expect, it } from 'vitest';
import { createClients } from '../../../local/clients.ts';
import { deploy } from '../../../local/cloudformation/deploy.ts';
import type { Account } from '../../../local/cloudformation/emulator.ts';
import { parseTemplate } from '../../../local/cloudformation/template.ts';

const nowhere = 'http://127.0.0.1:1';
const endpoints = { kinesis: nowhere, dynamodb: nowhere, sqs: nowhere, s3: nowhere };

const probe = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'probe',
    Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/probe',
  },
};

/** Deploys a function with these properties to an account that has nothing. @returns the functions that were created */
async function deployProbe(properties: object): Promise<string[]> {
  const created: string[] = [];
  const account: Account = {
    ...{ region: 'us-east-1', accountId: '000000000000', endpoints },
    clients: createClients(endpoints, 'us-east-1'),
    assetPath: (key) => (key === 'code.zip' ? '/code' : undefined),
    createFunction: ({ functionName }) => created.push(functionName),
    createMapping: () => {},
    warn: () => {},
  };
  const Resources = { Probe: { ...probe, Properties: { ...probe.Properties, ...properties } } };
  const template = parseTemplate('processing', { Resources });
  await deploy([{ name: 'processing', region: 'us-east-1', template }], account);
  return created;
}

it('creates what the template says', async () => {
  expect(await deployProbe({})).toEqual(['probe']);
});

it.each<[string, object, string]>([
  [
    'another Node',
    { Runtime: 'nodejs22.x' },
    'processing/Probe (AWS::Lambda::Function): Runtime: must be nodejs24.x',
  ],
  [
    'a time-out of more than 15 minutes',
    { Timeout: 901 },
    'processing/Probe (AWS::Lambda::Function): Timeout: Too big: expected number to be <=900',
  ],
  [
    'code that is not there',
    { Code: { S3Key: 'other.zip' } },
    'processing/Probe: no asset other.zip in the assembly',
  ],
  [
    'an intrinsic that it does not know',
    { Handler: { 'Fn::Transform': {} } },
    'processing/Probe: the intrinsic Fn::Transform is not supported',
  ],
])('stops at %s', async (_, properties, message) => {
  await expect(deployProbe(properties)).rejects.toThrow(message);
});

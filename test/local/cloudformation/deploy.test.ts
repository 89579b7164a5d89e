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

/** Deploys these resources to an account that has nothing. @returns what was created */
async function deployed(Resources: object): Promise<unknown[]> {
  const created: unknown[] = [];
  const account: Account = {
    ...{ region: 'us-east-1', accountId: '000000000000', endpoints },
    clients: createClients(endpoints, 'us-east-1'),
    assetPath: (key) => (key === 'code.zip' ? '/code' : undefined),
    createFunction: ({ functionName }) => created.push(functionName),
    createMapping: () => {},
    askFunction: () => Promise.reject(new Error('there is no such function in the stacks')),
    kms: {
      createKey: (request) => created.push(request),
      createAlias: (name, target) => created.push([name, target]),
    },
    warn: (message) => created.push(message),
  };
  const template = parseTemplate('processing', { Resources });
  await deploy([{ name: 'processing', region: 'us-east-1', template }], account);
  return created;
}

function deployProbe(properties: object): Promise<unknown[]> {
  return deployed({ Probe: { ...probe, Properties: { ...probe.Properties, ...properties } } });
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

const key = (Properties: object) => ({ Type: 'AWS::KMS::Key', Properties });

it('makes keys, off and on, and what else they are called', async () => {
  const asymmetric = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', KeyPolicy: {}, Tags: [] };
  const AliasName = 'alias/pen';
  const TargetKeyId = { 'Fn::GetAtt': ['Pen', 'Arn'] };
  const created = await deployed({
    Pen: key(asymmetric),
    Off: key({ ...asymmetric, Enabled: false }),
    Safe: key({ EnableKeyRotation: true }),
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName, TargetKeyId } },
  });
  expect(created).toEqual([
    { keyId: 'processing-Pen', spec: 'ECC_NIST_P256', isEnabled: true },
    { keyId: 'processing-Off', spec: 'ECC_NIST_P256', isEnabled: false },
    { keyId: 'processing-Safe', spec: 'SYMMETRIC_DEFAULT', isEnabled: true },
    [AliasName, 'arn:aws:kms:us-east-1:000000000000:key/processing-Pen'],
  ]);
});

it.each<[string, object, string]>([
  ['another curve', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' }, 'KeySpec: Invalid option'],
  ['another use', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }, 'KeyUsage: Invalid option'],
  [
    'a use that its kind has not',
    { KeySpec: 'ECC_NIST_P256' },
    'KeyUsage: a key of ECC_NIST_P256 has no ENCRYPT_DECRYPT here',
  ],
])('stops at a key of %s', async (_, properties, message) => {
  const deploying = deployed({ Pen: key(properties) });
  await expect(deploying).rejects.toThrow(`processing/Pen (AWS::KMS::Key): ${message}`);
});

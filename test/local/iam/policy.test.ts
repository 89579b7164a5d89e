import { describe, expect, it } from 'vitest';
import { parseResourcePolicy, parseRolePolicy } from '../../../local/iam/policy/statement.ts';
import { type Asked, accountId, caller, outcomeOf, queue, region, statement } from './support/policies.ts';

const allowAll = statement({});
const denyAll = statement({ Effect: 'Deny' });
const to = (Principal: unknown, elements: object = {}) => statement({ ...elements, Principal });
const notAllowed = 'not allowed by identity-based policies';

describe('what policies make of sqs:SendMessage on a queue', () => {
  it.each<[string, Asked, string]>([
    ['none', {}, notAllowed],
    ['all is allowed', { identity: [allowAll] }, 'allowed'],
    ['all is denied, too', { identity: [allowAll, denyAll] }, 'denied by identity-based policies'],
    ['denied before it is allowed', { identity: [denyAll, allowAll] }, 'denied by identity-based policies'],
    ['the action', { identity: [statement({ Action: 'sqs:SendMessage' })] }, 'allowed'],
    ['the action in other letters', { identity: [statement({ Action: 'SQS:sendmessage' })] }, 'allowed'],
    ['another action', { identity: [statement({ Action: 'sqs:SendMessages' })] }, notAllowed],
    ['one of several', { identity: [statement({ Action: ['sqs:A', 'sqs:Send*'] })] }, 'allowed'],
    ['a question mark', { identity: [statement({ Action: 'sqs:SendMessag?' })] }, 'allowed'],
    ['all but the action', { identity: [statement({ NotAction: 'sqs:SendMessage' })] }, notAllowed],
    ['all but another', { identity: [statement({ NotAction: ['sqs:A', 'sqs:B'] })] }, 'allowed'],
    ['the resource', { identity: [statement({ Resource: queue })] }, 'allowed'],
    ['another resource', { identity: [statement({ Resource: `${queue}-2` })] }, notAllowed],
    [
      'the resource in other letters',
      { identity: [statement({ Resource: queue.toUpperCase().replace('ARN', 'arn') })] },
      notAllowed,
    ],
    ['all but the resource', { identity: [statement({ NotResource: queue })] }, notAllowed],
    ['all but another resource', { identity: [statement({ NotResource: `${queue}-2` })] }, 'allowed'],
    [
      'all but the resource denied',
      { identity: [allowAll, statement({ Effect: 'Deny', NotResource: queue })] },
      'allowed',
    ],
    ['the queue allows everybody', { resource: [to('*')] }, 'allowed'],
    ['the queue allows the role', { resource: [to({ AWS: caller.roleArn })] }, 'allowed'],
    ['the queue allows the session', { resource: [to({ AWS: [caller.sessionArn] })] }, 'allowed'],
    ['the queue allows another role', { resource: [to({ AWS: `${caller.roleArn}2` })] }, notAllowed],
    ['the queue allows a service', { resource: [to({ Service: 'lambda.amazonaws.com' })] }, notAllowed],
    // The account is trusted to say who may; its roles' policies do.
    ['the queue allows the account', { resource: [to({ AWS: accountId })] }, notAllowed],
    [
      'the queue denies the account',
      { identity: [allowAll], resource: [to({ AWS: `arn:aws:iam::${accountId}:root` }, { Effect: 'Deny' })] },
      'denied by resource-based policies',
    ],
    [
      'the queue denies a service',
      { identity: [allowAll], resource: [to({ Service: 'sns.amazonaws.com' }, { Effect: 'Deny' })] },
      'allowed',
    ],
  ])('%s', (_, asked, expected) => {
    expect(outcomeOf(asked)).toBe(expected);
  });
});

describe('conditions', () => {
  const when = (Condition: object) => outcomeOf({ identity: [statement({ Condition })] });

  it.each<[object, boolean]>([
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ Bool: { 'AWS:securetransport': 'False' } }, false],
    [{ StringEquals: { 'aws:RequestedRegion': region } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', region] } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-*' } }, false],
    [{ StringLike: { 'aws:RequestedRegion': 'us-east-?' } }, true],
    [{ StringEqualsIgnoreCase: { 'aws:RequestedRegion': 'US-EAST-1' } }, true],
    // None of them may be it.
    [{ StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', region] } }, false],
    [{ StringNotLike: { 'aws:RequestedRegion': ['eu-*', 'ap-*'] } }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/service/*' } }, true],
    [{ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/service/*' } }, false],
    // All operators and all keys have to hold.
    [{ Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'true' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:RequestedRegion': 'x' } }, false],
    // A key that the request has not.
    [{ StringEquals: { 'aws:SourceAccount': accountId } }, false],
    [{ StringNotEquals: { 'aws:SourceAccount': accountId } }, true],
    [{ StringEqualsIfExists: { 'aws:SourceAccount': 'another' } }, true],
    [{ StringEqualsIfExists: { 'aws:RequestedRegion': 'another' } }, false],
    [{ Null: { 'aws:SourceArn': 'true' } }, true],
    [{ Null: { 'aws:RequestedRegion': 'true' } }, false],
    [{ Null: { 'aws:RequestedRegion': false } }, true],
    [{}, true],
  ])('%j holds: %j', (condition, expected) => {
    expect(when(condition)).toBe(expected ? 'allowed' : notAllowed);
  });

  it('a denial under a condition that does not hold denies nothing', () => {
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
    const resource = [to('*', { Effect: 'Deny', Condition: insecure })];
    expect(outcomeOf({ identity: [allowAll], resource })).toBe('allowed');
  });
});

describe('a key', () => {
  const right = {
    action: 'kms:Decrypt',
    resource: `arn:aws:kms:${region}:${accountId}:key/1`,
    via: 'kinesis',
  };
  const root = { AWS: `arn:aws:iam::${accountId}:root` };

  it.each<[string, Asked, string]>([
    ['leaves it to the roles', { identity: [allowAll], resource: [to(root)] }, 'allowed'],
    ['has no policy of its own', { identity: [allowAll] }, 'allowed'],
    [
      'leaves them other actions',
      { identity: [allowAll], resource: [to(root, { Action: 'kms:Encrypt' })] },
      'not allowed by resource-based policies',
    ],
    [
      'leaves nothing to the roles',
      { identity: [allowAll], resource: [] },
      'not allowed by resource-based policies',
    ],
    ['allows the role', { resource: [to({ AWS: caller.roleArn })] }, 'allowed'],
    [
      'is for another service',
      {
        identity: [
          statement({ Condition: { StringEquals: { 'kms:ViaService': `sqs.${region}.amazonaws.com` } } }),
        ],
        resource: [to(root)],
      },
      notAllowed,
    ],
    [
      'is for this service',
      {
        identity: [
          statement({ Condition: { StringEquals: { 'kms:ViaService': `kinesis.${region}.amazonaws.com` } } }),
        ],
        resource: [to(root)],
      },
      'allowed',
    ],
  ])('that %s', (_, asked, expected) => {
    expect(outcomeOf({ ...asked, right })).toBe(expected);
  });
});

describe('a policy that cannot be understood is refused by name', () => {
  const one = (elements: object) => ({ Statement: [statement(elements)] });
  const variable = ['$', '{aws:userid}'].join('');

  it.each<[unknown, string]>([
    [
      one({ Condition: { NumericLessThan: { 'aws:RequestedRegion': '1' } } }),
      'condition operator NumericLessThan',
    ],
    [
      one({ Condition: { 'ForAllValues:StringEquals': { 'aws:RequestedRegion': '1' } } }),
      'ForAllValues:StringEquals',
    ],
    // Names that every object has.
    [one({ Condition: { constructor: { 'aws:RequestedRegion': '1' } } }), 'condition operator constructor'],
    [
      one({ Condition: { StringEquals: { 'dynamodb:LeadingKeys': '1' } } }),
      'condition key dynamodb:LeadingKeys',
    ],
    [one({ Condition: { StringEquals: { 'aws:RequestedRegion': { Ref: 'x' } } } }), 'Condition: '],
    [one({ Resource: `arn:aws:s3:::bucket/${variable}` }), 'policy variable'],
    [one({ Condition: { StringLike: { 'aws:PrincipalArn': variable } } }), 'policy variable'],
    [one({ Resource: 'jobs' }), "Resource: 'jobs' is no ARN"],
    [
      { Statement: { Effect: 'Allow', NotAction: 'a:b', Action: 'a:b', Resource: '*' } },
      'Statement.0: has to have Action or NotAction',
    ],
    [{ Statement: [{ Effect: 'Allow', Action: '*' }] }, 'has to have Resource or NotResource'],
    [one({ Effect: 'allow' }), 'Statement.0.Effect'],
    [one({ Principals: '*' }), 'Unrecognized key: "Principals"'],
    [one({ Principal: '*' }), 'a policy of a role has no Principal'],
    [{}, 'Statement'],
    [undefined, 'expected object'],
    ['{}', 'expected object'],
  ])('%j', (document, message) => {
    expect(() => parseRolePolicy(document)).toThrow(message);
  });

  it.each([
    [one({}), 'Principal'],
    [one({ Principal: 'somebody' }), 'Principal'],
    [one({ NotPrincipal: '*' }), 'NotPrincipal'],
    [one({ Principal: { Aws: '*' } }), 'Principal'],
  ])('of a resource: %j', (document, message) => {
    expect(() => parseResourcePolicy(document, accountId)).toThrow(message);
  });

  it('but a statement for services alone may ask for what it likes', () => {
    const Principal = { Service: 'logs.amazonaws.com' };
    const Condition = { DateLessThan: { 'kms:EncryptionContext:x': '1' } };
    expect(parseResourcePolicy(one({ Principal, Condition }), accountId)).toEqual([]);
  });
});

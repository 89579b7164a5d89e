import { describe, expect, it } from 'vitest';
import { answerAttempts, publicKeyWaitingMs, requestTimeoutMs } from '../../lambda/contract/waiting.ts';
import { environments } from '../../lib/environments.ts';
import { described, referenceOf } from './references.ts';
import { rightsOf } from './rights.ts';
import { resource, resources, synthesize } from './synthesize.ts';

describe.each(Object.keys(environments))('the public key of the receipts of %s', (environment) => {
  const templates = synthesize(environment);
  const { stateful } = templates;
  const name = `${environment}-receipts-public-key`;
  const lambda = resource(stateful, 'AWS::Lambda::Function', 'FunctionName', name);
  const [[, asked] = [], ...others] = Object.entries(resources(stateful, 'Custom::ReceiptsPublicKey'));

  it('is told by a function that may read this key, write its log, and nothing else', () => {
    expect(rightsOf(stateful, name)).toEqual([
      'kms:GetPublicKey on ReceiptsKey',
      'logs:CreateLogStream on Logsreceiptspublickey',
      'logs:PutLogEvents on Logsreceiptspublickey',
    ]);
    expect(Object.keys(resources(stateful, 'AWS::Lambda::Permission'))).toEqual([]);
    const { resource: role } = referenceOf(lambda.Properties.Role, templates);
    expect(role.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    });
  });

  it('is asked for once, of the key that signs, and not before the function may read it', () => {
    expect(others).toEqual([]);
    expect(described(asked?.Properties.ServiceToken, templates)).toBe(`Arn of ${name}`);
    expect(described(asked?.Properties.KeyId, templates)).toMatch(/^Arn of ReceiptsKey[0-9A-F]{8}$/);
    const { id: role } = referenceOf(lambda.Properties.Role, templates);
    const [policy] = Object.entries(resources(stateful, 'AWS::IAM::Policy')).filter(([, { Properties }]) =>
      JSON.stringify(Properties.Roles).includes(`"${role}"`),
    );
    expect(asked?.DependsOn).toEqual([policy?.[0]]);
  });

  it('fails a deployment within minutes: no time-out ends before what it waits for', () => {
    expect(lambda.Properties).toMatchObject({ MemorySize: 128, Timeout: 60, Runtime: 'nodejs24.x' });
    // A second for each pause between attempts, and for the start.
    const longestMs = publicKeyWaitingMs + answerAttempts * (requestTimeoutMs + 1_000) + 1_000;
    expect(1_000 * Number(lambda.Properties.Timeout)).toBeGreaterThan(longestMs);
    // Lambda tries an event three times, and waits one minute and two.
    const { ServiceTimeout } = asked?.Properties ?? {};
    expect(Number(ServiceTimeout)).toBeGreaterThan(3 * Number(lambda.Properties.Timeout) + 180);
    expect(Number(ServiceTimeout)).toBeLessThanOrEqual(600);
  });
});

/** The evaluation beside moto's (PyPI), where Python and moto are: an implementation that has nothing of this one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outcomeOf, statement } from './support/policies.ts';

/** Reads policies and requests, and answers each with what moto makes of it. */
const program = `
import json, sys
from moto.iam.access_control import IAMPolicy
for case in json.load(sys.stdin):
    policy = IAMPolicy({"policy_document": json.dumps({"Version": "2012-10-17", "Statement": case["statements"]})})
    print(policy.is_action_permitted(case["action"], case["resource"]).name)
`;

/**
 * What both understand. Left out is where moto is known to differ from AWS: actions in other letters, question marks,
 * NotResource, stars over several parts of an ARN, and conditions, of which one that does not hold denies there.
 */
const actions = [
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'kinesis:PutRecords',
  's3:PutObject',
  's3:GetObject',
];
const resources = [
  'arn:aws:s3:::b',
  'arn:aws:s3:::b/aws/lambda/1',
  'arn:aws:s3:::b2/x',
  'arn:aws:sqs:us-east-1:1:jobs',
];
const some = (patterns: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...patterns),
    fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }),
  );
const actionPatterns = some([...actions, '*', 's3:*', 'sqs:*Message', '*:Put*', 's3:PutObject*', 's3:']);
const resourcePatterns = some([
  ...resources,
  '*',
  'arn:aws:s3:::b*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::*/1',
  'arn:aws:s3:::',
]);
const statements = fc.array(
  fc
    .tuple(
      fc.constantFrom('Allow', 'Allow', 'Deny'),
      fc.constantFrom('Action', 'NotAction'),
      actionPatterns,
      resourcePatterns,
    )
    .map(([Effect, kind, patterns, Resource]) => statement({ Effect, [kind]: patterns, Resource })),
  { maxLength: 4 },
);
const cases = fc.record({
  statements,
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
});

const names: Readonly<Record<string, string>> = {
  PERMITTED: 'allowed',
  DENIED: 'denied by identity-based policies',
  NEUTRAL: 'not allowed by identity-based policies',
};

it('says what moto says', async ({ skip }) => {
  const asked = fc.sample(cases, 500);
  const running = promisify(execFile)('python3', ['-c', program]);
  running.child.stdin?.on('error', () => {}).end(JSON.stringify(asked));
  const { stdout } = await running.catch((error: Error) => {
    if (!/ENOENT|No module named 'moto'/.test(error.message)) throw error;
    return skip('Python with moto is not here: python3 -m pip install moto');
  });
  const theirs = stdout
    .trim()
    .split('\n')
    .map((name) => names[name]);
  const differing = asked
    .map((one, index) => ({
      ...one,
      moto: theirs[index],
      here: outcomeOf({ identity: one.statements, right: one }),
    }))
    .filter(({ moto, here }) => moto !== here);
  expect(differing).toEqual([]);
  // Each outcome was among them.
  expect(new Set(theirs)).toEqual(new Set(Object.values(names)));
});

import { rmSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../../lib/app.ts';

/** What `cdk` says of each stack, and refuses it for. */
function errors(context: Record<string, string>): Record<string, string[]> {
  const app = buildApp({ ...context, 'aws:cdk:bundling-stacks': [] });
  rmSync(app.outdir, { recursive: true });
  const stacks = app.node.findAll().filter(Stack.isStack);
  const found = stacks.map(({ node }): [string, string[]] => {
    const metadata = node.findAll().flatMap((one) => one.node.metadata);
    const said = metadata.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => String(data));
    return [node.path, said];
  });
  return Object.fromEntries(found.filter(([, said]) => said.length > 0));
}

const account =
  /^prod:account must be set with deletionProtection, not 'cli': .* Say -c prod:account=<12 digits>, /;
const region =
  /^prod:region must be set with deletionProtection, not 'cli': .* Say -c prod:region=<region>, /;
const recipient =
  /^prod:alarmEmail or prod:alarmTopicArn must be set with deletionProtection: alarms would reach nobody\. Say -c prod:alarmEmail=<address>, /;

const matching = (...lines: RegExp[]) => lines.map((line) => expect.stringMatching(line));

const given = {
  'prod:account': '000000000000',
  'prod:region': 'eu-west-1',
  'prod:alarmEmail': 'ops@example.com',
};

describe('an environment with deletionProtection', () => {
  it('is refused with a line for each setting that is missing, and no other environment is', () => {
    expect(errors({})).toEqual({
      'prod/Stateful': matching(account, region),
      'prod/Processing': matching(account, region, recipient),
    });
  });

  it('can be deployed when all are there', () => {
    expect(errors(given)).toEqual({});
    const { 'prod:alarmEmail': _, ...where } = given;
    expect(errors({ ...where, 'prod:alarmTopicArn': 'arn:aws:sns:eu-west-1:000000000000:ops' })).toEqual({});
  });

  it.each([
    ['prod:account', { 'prod/Stateful': matching(account), 'prod/Processing': matching(account) }],
    ['prod:region', { 'prod/Stateful': matching(region), 'prod/Processing': matching(region) }],
    ['prod:alarmEmail', { 'prod/Processing': matching(recipient) }],
  ])('is refused when one is not: %s', (setting, expected) => {
    const all: Record<string, string> = given;
    const others = Object.fromEntries(Object.entries(all).filter(([name]) => name !== setting));
    expect(errors(others)).toEqual(expected);
  });

  it('is any that is given it', () => {
    const context = { ...given, 'staging:deletionProtection': 'true', 'staging:removalPolicy': 'retain' };
    expect(Object.keys(errors(context))).toEqual(['staging/Stateful', 'staging/Processing']);
  });
});

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, CfnResource } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { environments } from '../../lib/environments.ts';
import type { Settings } from '../../lib/settings.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly ruleName: string; readonly severity: string }[];
  }[];
}

/** Off for all other tests, which have no use for it (vitest.config.ts). */
vi.stubEnv('CDK_VALIDATION', 'true');

afterAll(() => vi.unstubAllEnvs());

/** The rules that the synthesized app breaks, as `<severity> <plugin>: <rule>`. */
function violations(app: App): { succeeded: boolean; rules: string[] } {
  // The report for people goes to the console as well.
  const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
    return { succeeded: true, rules: rulesIn(app.outdir) };
  } catch {
    return { succeeded: false, rules: rulesIn(app.outdir) };
  } finally {
    console.mockRestore();
    rmSync(app.outdir, { recursive: true });
  }
}

function rulesIn(directory: string): string[] {
  const report: Report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ pluginName, violations }) =>
    violations.map(({ ruleName, severity }) => `${severity} ${pluginName}: ${ruleName}`),
  );
}

/** The resource of that path below the environment dev. */
function resource(app: App, path: string): CfnResource {
  const child = app.node.findAll().find(({ node }) => node.path === `dev/${path}/Resource`);
  if (!CfnResource.isCfnResource(child)) throw new Error(`There is no resource ${path}`);
  return child;
}

/** The app with these environments; no function is bundled. */
function appOf(all: Readonly<Record<string, Settings>>, context: Record<string, unknown> = {}): App {
  return buildApp({ ...context, 'aws:cdk:bundling-stacks': [] }, all);
}

/** What changes break: in one environment, as that is enough to be told. cdk-nag reads the constructs' properties. */
function violationsAfter(change: (app: App) => void): { succeeded: boolean; rules: string[] } {
  const { dev } = environments;
  if (dev === undefined) throw new Error('There is no environment dev');
  const app = appOf({ dev });
  change(app);
  return violations(app);
}

const managedPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

const widePolicy = {
  policyDocument: new PolicyDocument({
    statements: [new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: ['*'] })],
  }),
};

describe('checks of every synthesis', () => {
  it('find nothing in any environment, nor in what a setting adds', () => {
    const app = appOf(environments, {
      'staging:tableCapacity': '100-2000',
      'staging:drawsObjectLock': 'governance',
      // All of Kafka's rights at once: a cluster of MSK, by a secret, in a VPC.
      'dev:connector': 'kafka',
      'dev:kafkaBootstrapServers': 'b-1.example:9096',
      'dev:kafkaAuth': 'scram',
      'dev:kafkaSecretArn': 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:kafka-AbCdEf',
      'dev:kafkaClusterArn':
        'arn:aws:kafka:eu-west-1:000000000000:cluster/lottery/00000000-0000-0000-0000-000000000000-1',
      'dev:kafkaPollers': '1-4',
      'dev:kafkaSubnetIds': 'subnet-0a1b2c3d',
      'dev:kafkaSecurityGroupIds': 'sg-0a1b2c3d',
    });
    expect(violations(app)).toEqual({ succeeded: true, rules: [] });
  });

  /** All in one app: a synthesis takes seconds, and names each. */
  describe('stop the synthesis', () => {
    const changes: readonly (readonly [what: string, path: string, properties: object, rule: string])[] = [
      ['encryption of a stream', 'Stateful/Streams/entries', { streamEncryption: undefined }, 'KDS1'],
      ['encryption of a queue', 'Processing/Ticks/Queue', { sqsManagedSseEnabled: false }, 'SQS2'],
      ['the dead-letter queue', 'Processing/Ticks/Queue', { redrivePolicy: undefined }, 'SQS3'],
      ['TLS of the bucket', 'Stateful/Artifacts/Bucket/Policy', { bucket: 'elsewhere' }, 'S10'],
      ['TLS of a queue', 'Processing/Ticks/Queue/Policy', { queues: ['elsewhere'] }, 'SQS4'],
      ['an old runtime', 'Processing/Draw/Handler/Function', { runtime: 'nodejs20.x' }, 'L1'],
      ['a managed policy', 'Processing/Draw/Handler/Role', { managedPolicyArns: [managedPolicy] }, 'IAM4'],
      ['a wider role', 'Processing/Draw/Handler/Role/DefaultPolicy', widePolicy, 'IAM5[Resource::*]'],
    ];
    let found: ReturnType<typeof violations>;

    beforeAll(() => {
      found = violationsAfter((app) => {
        for (const [, path, properties] of changes) Object.assign(resource(app, path), properties);
        // As someone would with an escape hatch: the schemas are checked against the template.
        resource(app, 'Stateful/Streams/entries').addPropertyOverride('RetentionPeriodHours', 10_000);
        resource(app, 'Stateful/Tables/users').addPropertyOverride('Color', 'red');
        resource(app, 'Processing/Draw/Input/Mapping').addPropertyOverride('BatchSize', 'many');
      });
    });

    it('with all that they find', () => expect(found.succeeded).toBe(false));

    it.each(changes)('AwsSolutions: names %s', (_what, _path, _properties, rule) => {
      expect(found.rules).toContainEqual(expect.stringContaining(`error AwsSolutions: AwsSolutions-${rule}`));
    });

    it('the schemas of CloudFormation: a value outside its limits, an unknown property and a wrong type', () => {
      const bySchema = found.rules.filter((rule) => rule.startsWith('error CloudFormation Validate'));
      expect(bySchema).toEqual(Array(3).fill(expect.stringMatching(/: F\d+$/)));
    });
  });
});

import { rmSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { environments } from '../../lib/environments.ts';
import { resolveEnvironments } from '../../lib/resolve-settings.ts';
import type { Settings } from '../../lib/settings.ts';

function resolve(context: Record<string, unknown>) {
  return resolveEnvironments(environments, context);
}

const secret = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:kafka-AbCdEf';
const cluster = 'arn:aws:kafka:eu-west-1:000000000000:cluster/lottery/00000000-0000-0000-0000-000000000000-1';

/** An environment whose outer streams are topics. */
function kafka(settings: Readonly<Record<string, string>>, environment = 'dev'): Record<string, string> {
  const all = { connector: 'kafka', kafkaBootstrapServers: 'a.example:9092', ...settings };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${environment}:${name}`, value]));
}

describe('an environment', () => {
  const { dev } = environments;
  if (dev === undefined) throw new Error('There is no environment dev');

  function stacksOf(context: Record<string, unknown>, all: Record<string, Settings>) {
    const app = buildApp({ ...context, 'aws:cdk:bundling-stacks': [] }, all);
    rmSync(app.outdir, { recursive: true });
    return app.node.findAll().filter(Stack.isStack);
  }

  it('is one entry: it has its stacks by that, with a page or without', () => {
    const names = stacksOf({}, { load: { ...dev, shards: 8 } }).map(({ stackName }) => stackName);
    expect(names).toEqual(['load-lottery-stateful', 'load-lottery-processing', 'load-lottery-live']);
    const without = stacksOf({}, { load: { ...dev, livePage: 'off' } }).map(({ stackName }) => stackName);
    expect(without).toEqual(['load-lottery-stateful', 'load-lottery-processing']);
  });

  it('is where its settings say', () => {
    const where = { 'dev:account': '000000000000', 'dev:region': 'eu-west-1' };
    const targets = stacksOf(where, { dev }).map(({ environment }) => environment);
    expect(targets).toEqual(Array(3).fill('aws://000000000000/eu-west-1'));
  });

  it('or where the command line says', () => {
    const targets = stacksOf({}, { dev }).map(({ environment }) => environment);
    expect(targets).toEqual(Array(3).fill('aws://unknown-account/unknown-region'));
  });
});

describe('settings from the command line', () => {
  it('replace those of an environment with a dash in its name', () => {
    const { dev } = environments;
    if (dev === undefined) throw new Error('There is no environment dev');
    const settings = resolveEnvironments({ 'load-test': dev }, { 'load-test:shards': '4' });
    expect(settings.get('load-test')).toEqual({ ...dev, shards: 4 });
  });

  it('replace those of their environment alone', () => {
    const settings = resolve({
      'dev:shards': '3',
      'dev:clockToleranceSeconds': 'off',
      'dev:windowSeconds': 2,
    });
    expect(settings.get('dev')).toEqual({
      ...environments.dev,
      shards: 3,
      clockToleranceSeconds: 'off',
      windowSeconds: 2,
    });
    expect(settings.get('prod')).toEqual(environments.prod);
  });

  it('leave the context of CDK alone', () => {
    const context = {
      'aws:cdk:bundling-stacks': [],
      '@aws-cdk/aws-iam:minimizePolicies': true,
      'availability-zones:account=1:region=eu-west-1': ['a'],
      'aws:anything': true,
      '@aws-cdk/core:bootstrapQualifier': 'lottery',
    };
    expect(resolve(context).get('dev')).toEqual(environments.dev);
  });

  it.each([
    [
      { 'dev:ticksTimeoutSeconds': '11' },
      'dev:ticksVisibilitySeconds must be at least 6 x ticksTimeoutSeconds (66), not 60: ',
    ],
    [{ 'dev:ticksVisibilitySeconds': '59' }, 'dev:ticksVisibilitySeconds must be at least'],
    [
      { 'dev:windowSeconds': '5', 'dev:drawBatchingSeconds': '5' },
      'dev:drawBatchingSeconds must be less than windowSeconds (5), not 5: ',
    ],
    [
      { 'dev:clockToleranceSeconds': '1' },
      "dev:clockToleranceSeconds must be at least graceSeconds (2) or 'off', not 1: ",
    ],
    [
      {
        'dev:alarmDrawDelaySeconds': '13',
        'dev:userEventsBatchingSeconds': '1',
        'dev:drawBatchingSeconds': '1',
      },
      'dev:alarmDrawDelaySeconds must be more than graceSeconds + marginMilliseconds + userEventsBatchingSeconds + ' +
        'drawBatchingSeconds + 9 s (13.25), not 13: ',
    ],
    // Without a beacon no round is waited for.
    [
      { 'dev:alarmDrawDelaySeconds': '5', 'dev:randomness': 'seed' },
      'drawBatchingSeconds + 3 s (5.25), not 5: ',
    ],
    [
      { 'dev:drawsRetentionDays': '15' },
      'dev:drawsRetentionDays must be more than retentionHours and the 14 days that ticks are kept (15 days), not 15: ',
    ],
    [
      { 'prod:retentionHours': '8760' },
      'prod:drawsRetentionDays must be more than retentionHours and the 14 days that ticks are kept (379 days), not 365: ',
    ],
    [
      { 'dev:drawsRetentionDays': 'forever', 'dev:drawsObjectLock': 'governance' },
      "dev:drawsRetentionDays must be a number of days with drawsObjectLock (governance), not 'forever': ",
    ],
    [
      { 'dev:alarmLagSeconds': '43200' },
      'dev:alarmLagSeconds must be less than half of retentionHours (24 hours), not 43200: ',
    ],
    [{ 'dev:kafkaAuth': 'iam' }, "dev:kafkaAuth must be 'none' with connector (kinesis), not 'iam': "],
    [
      { 'dev:kafkaTopicPrefix': '' },
      "dev:kafkaTopicPrefix must be 'environment' with connector (kinesis), not '': ",
    ],
    [
      { 'dev:connector': 'kafka' },
      "dev:kafkaBootstrapServers must be brokers with connector (kafka), not 'none': ",
    ],
    [
      kafka({ kafkaAuth: 'scram' }),
      "dev:kafkaSecretArn must be the ARN of a secret with kafkaAuth (scram), not 'none': ",
    ],
    [
      kafka({ kafkaSecretArn: secret }),
      "dev:kafkaSecretArn must be 'none' with kafkaAuth (none), not an ARN: ",
    ],
    [
      kafka({ kafkaAuth: 'iam' }),
      "dev:kafkaClusterArn must be the ARN of an MSK cluster with kafkaAuth (iam), not 'none': ",
    ],
    [
      kafka({ kafkaAuth: 'scram', kafkaSecretArn: secret, region: 'eu-west-2' }),
      'dev:kafkaSecretArn must be of region (eu-west-2), not eu-west-1: ',
    ],
    [
      kafka({ kafkaClusterArn: cluster, account: '111111111111' }),
      'dev:kafkaClusterArn must be of account (111111111111), not 000000000000: ',
    ],
    [
      kafka({ kafkaSubnetIds: 'subnet-0a1b2c3d' }),
      "dev:kafkaSecurityGroupIds must be set with kafkaSubnetIds, not 'none': ",
    ],
    [
      kafka({ kafkaSecurityGroupIds: 'sg-0a1b2c3d' }),
      "dev:kafkaSubnetIds must be set with kafkaSecurityGroupIds, not 'none': ",
    ],
    [
      kafka({ timeoutSeconds: '841' }),
      'dev:timeoutSeconds must be at most 840 with connector (kafka), not 841: ',
    ],
    [kafka({ kafkaPollers: '201-300' }), "dev:kafkaPollers must begin at 200 or below, not '201-300': "],
    [
      kafka({
        kafkaPollers: '1-334',
        kafkaSubnetIds: 'subnet-0a1b2c3d',
        kafkaSecurityGroupIds: 'sg-0a1b2c3d',
      }),
      "dev:kafkaPollers must end at 333 or below in a VPC, not '1-334': 6 mappings share 2000",
    ],
    [
      kafka({ kafkaPollers: '1-501', kafkaClusterArn: cluster, livePage: 'off' }),
      "dev:kafkaPollers must end at 500 or below in a VPC, not '1-501': 4 mappings share 2000",
    ],
    [
      kafka({ aggregateOutputs: 'on' }),
      "dev:aggregateOutputs must be 'off' with connector (kafka), not 'on': ",
    ],
    // The topics of another one, today or some day; or on brokers that both have.
    [kafka({ kafkaTopicPrefix: 'prod-' }), "dev:kafkaTopicPrefix must not be that of prod ('prod-'): "],
    [
      {
        ...kafka({ kafkaTopicPrefix: 'game-', kafkaBootstrapServers: 'a.example:9092,b.example:9092' }),
        ...kafka({ kafkaTopicPrefix: 'game-', kafkaBootstrapServers: 'b.example:9092' }, 'staging'),
      },
      "dev:kafkaTopicPrefix must not be that of staging ('game-'): both would read and write the same topics",
    ],
    [{ 'dev:timeoutSeconds': '4' }, 'dev:timeoutSeconds must be at least the 5 seconds that one call '],
    [
      { 'dev:ticksTimeoutSeconds': '7' },
      'dev:ticksTimeoutSeconds must be at least the 5 seconds that one call to AWS may take and the 3 that its ' +
        'function waits for shards (8), not 7: ',
    ],
    [
      { 'prod:removalPolicy': 'destroy' },
      "prod:removalPolicy must be 'retain' with deletionProtection, not 'destroy': ",
    ],
    [
      {
        'dev:alarmEmail': 'ops@example.com',
        'dev:alarmTopicArn': 'arn:aws:sns:eu-west-1:000000000000:ops',
      },
      "dev:alarmEmail must be 'none' with alarmTopicArn: ",
    ],
  ])('are refused when they do not go together: %j', (context, message) => {
    expect(() => resolve(context)).toThrow(message);
  });

  it('may give topics of one name on two clusters, an empty prefix, and the most of each list', () => {
    const brokers = Array.from({ length: 10 }, (_, n) => `10.0.0.${n}:65535`).join();
    const subnets = Array.from({ length: 16 }, (_, n) => `subnet-0a1b2c${n + 10}`).join();
    const groups = Array.from({ length: 5 }, (_, n) => `sg-0123456789abcdef${n}`).join();
    const settings = resolve({
      ...kafka({
        kafkaTopicPrefix: '',
        kafkaBootstrapServers: brokers,
        kafkaPollers: '200-2000',
        timeoutSeconds: '840',
      }),
      ...kafka({ kafkaTopicPrefix: '', kafkaSubnetIds: subnets, kafkaSecurityGroupIds: groups }, 'staging'),
      'prod:aggregateOutputs': 'on',
    });
    expect(settings.get('dev')).toMatchObject({ kafkaTopicPrefix: '', kafkaBootstrapServers: brokers });
    expect(settings.get('staging')).toMatchObject({ kafkaSubnetIds: subnets, kafkaSecurityGroupIds: groups });
    expect(settings.get('prod')).toMatchObject({ aggregateOutputs: 'on' });
  });

  it('may be at the edge of what goes together', () => {
    const context = {
      'dev:ticksTimeoutSeconds': '8',
      'dev:ticksVisibilitySeconds': '48',
      'dev:alarmDrawDelaySeconds': '14',
      'dev:userEventsBatchingSeconds': '2',
      'dev:marginMilliseconds': '999',
      'dev:tableCapacity': '1-40000',
      'dev:drawsRetentionDays': '16',
      'dev:beaconUrls': Array(8).fill('https://a.example:8443/drand').join(),
      'prod:drawsRetentionDays': '36500',
      'prod:drawsObjectLock': 'compliance',
      'staging:drawsRetentionDays': 'forever',
    };
    expect(resolve(context).get('dev')).toMatchObject({
      ticksTimeoutSeconds: 8,
      ticksVisibilitySeconds: 48,
      alarmDrawDelaySeconds: 14,
      userEventsBatchingSeconds: 2,
      marginMilliseconds: 999,
      tableCapacity: '1-40000',
      drawsRetentionDays: 16,
      beaconUrls: expect.stringMatching(/^(https:\/\/a\.example:8443\/drand,?){8}$/),
    });
    expect(resolve(context).get('prod')).toMatchObject({
      drawsRetentionDays: 36_500,
      drawsObjectLock: 'compliance',
    });
    expect(resolve(context).get('staging')).toMatchObject({ drawsRetentionDays: 'forever' });
  });

  it.each([
    ['dev:windowSeconds', '0', "dev:windowSeconds must be a whole number from 1 to 900 (seconds), not '0'"],
    [
      'dev:windowSeconds',
      '1.5',
      "dev:windowSeconds must be a whole number from 1 to 900 (seconds), not '1.5'",
    ],
    [
      'dev:shards',
      'many',
      "dev:shards must be a whole number from 1 to 10000 (shards) or 'on-demand', not 'many'",
    ],
    [
      'prod:retentionHours',
      10_000,
      "prod:retentionHours must be a whole number from 24 to 8760 (hours), not '10000'",
    ],
    [
      'dev:marginMilliseconds',
      '10001',
      "dev:marginMilliseconds must be a whole number from 0 to 10000 (milliseconds), not '10001'",
    ],
    ['dev:marginMilliseconds', '-1', /^dev:marginMilliseconds must be a whole number from 0 to 10000 /],
    [
      'dev:parallelizationFactor',
      '1',
      /^dev:parallelizationFactor: there is no setting 'parallelizationFactor', only /,
    ],
    [
      'dev:tableCapacity',
      '2000-100',
      "dev:tableCapacity must be 'on-demand' or a span such as 100-2000 within 1-40000 (units a second), not '2000-100'",
    ],
    ['dev:tableCapacity', '0-100', "dev:tableCapacity must be 'on-demand' or a span "],
    ['dev:tableCapacity', '1-40001', "dev:tableCapacity must be 'on-demand' or a span "],
    ['dev:tableCapacity', '100', "dev:tableCapacity must be 'on-demand' or a span "],
    ['dev:tableCapacity', '1e1-100', "dev:tableCapacity must be 'on-demand' or a span "],
    [
      'dev:readFrom',
      'LATEST',
      "dev:readFrom must be 'oldest' or a time such as 2026-05-01T12:00:00Z, not 'LATEST'",
    ],
    ['dev:connector', 'rabbit', "dev:connector must be 'kinesis' or 'kafka', not 'rabbit'"],
    [
      'dev:kafkaBootstrapServers',
      'localhost',
      "dev:kafkaBootstrapServers must be 'none' or 1 to 10 brokers such as b-1.example:9096, each once, separated by commas, not 'localhost'",
    ],
    ...[
      ...[
        '',
        'a:0',
        'a:65536',
        'a:09092',
        ':9092',
        'a b:9092',
        'a:9092, b:9092',
        'a:9092,',
        'a:9092,a:9092',
        '-a:9092',
      ],
      ...[
        'a..b:9092',
        'a.:9092',
        'a_b:9092',
        '1.2.3:9092',
        '1.2.3.256:9092',
        '01.2.3.4:9092',
        '[::1]:9092',
        'SASL_SSL://a:9092',
      ],
      ...[`${'a'.repeat(64)}:9092`, 'a:9092\n', Array.from({ length: 11 }, (_, n) => `a${n}:9092`).join()],
    ].map((value): [string, string, string] => [
      'dev:kafkaBootstrapServers',
      value,
      "dev:kafkaBootstrapServers must be 'none' or 1 to 10 brokers such as ",
    ]),
    ...['-a', '.a', 'a/b', 'a b', 'ä', 'a'.repeat(65), 'a\n'].map((value): [string, string, string] => [
      'dev:kafkaTopicPrefix',
      value,
      "dev:kafkaTopicPrefix must be 'environment' or up to 64 letters, ",
    ]),
    [
      'dev:kafkaSecretArn',
      'kafka',
      "dev:kafkaSecretArn must be 'none' or the whole ARN of a secret, not 'kafka'",
    ],
    [
      'dev:kafkaSecretArn',
      secret.slice(0, -7),
      "dev:kafkaSecretArn must be 'none' or the whole ARN of a secret, not ",
    ],
    ['dev:kafkaClusterArn', secret, "dev:kafkaClusterArn must be 'none' or the ARN of an MSK cluster, not "],
    ['dev:kafkaPollers', '0-4', "dev:kafkaPollers must be 'on-demand' or a span "],
    ['dev:kafkaPollers', '1-2001', "dev:kafkaPollers must be 'on-demand' or a span "],
    ['dev:kafkaSubnetIds', 'subnet-1', "dev:kafkaSubnetIds must be 'none' or 1 to 16 subnets "],
    [
      'dev:kafkaSecurityGroupIds',
      'sg-0a1b2c3d,sg-0a1b2c3d',
      "dev:kafkaSecurityGroupIds must be 'none' or 1 to 5 security groups ",
    ],
    ['dev:readFrom', '2026-02-30T12:00:00Z', /^dev:readFrom must be 'oldest' or a time /],
    ['dev:readFrom', '2026-05-01T12:00', /^dev:readFrom must be 'oldest' or a time /],
    ['dev:randomness', 'none', "dev:randomness must be 'drand' or 'seed', not 'none'"],
    [
      'dev:beaconUrls',
      '',
      "dev:beaconUrls must be 1 to 8 URLs such as https://example.com, separated by commas, not ''",
    ],
    ['dev:beaconUrls', 'http://api.drand.sh', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example/', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example, https://b.example', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example,,https://b.example', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://me:secret@a.example', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example?to=', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example/../x', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    ['dev:beaconUrls', 'https://a.example:99999', 'dev:beaconUrls must be 1 to 8 URLs such as '],
    [
      'dev:beaconUrls',
      Array(9).fill('https://a.example').join(),
      'dev:beaconUrls must be 1 to 8 URLs such as ',
    ],
    [
      'dev:beaconUrls',
      `https://a.example/${'a'.repeat(1_024)}`,
      'dev:beaconUrls must be 1 to 8 URLs such as ',
    ],
    [
      'dev:drawsRetentionDays',
      '0',
      "dev:drawsRetentionDays must be 'forever' or a whole number from 1 to 36500 (days), not '0'",
    ],
    ['dev:drawsRetentionDays', '36501', /^dev:drawsRetentionDays must be 'forever' or a whole number /],
    [
      'dev:drawsObjectLock',
      'on',
      "dev:drawsObjectLock must be 'off' or 'governance' or 'compliance', not 'on'",
    ],
    ['dev:logRetentionDays', '8', /^dev:logRetentionDays must be one of 1, 3, 5, 7, /],
    ['dev:removalPolicy', 'keep', "dev:removalPolicy must be 'destroy' or 'retain', not 'keep'"],
    ['dev:alarmEmail', 'nobody', "dev:alarmEmail must be 'none' or an e-mail address, not 'nobody'"],
    ['dev:account', '1', "dev:account must be 'cli' or an account number of 12 digits, not '1'"],
    ['dev:region', 'here', "dev:region must be 'cli' or a region such as eu-west-1, not 'here'"],
    ['dev:window', '1', /^dev:window: there is no setting 'window', only windowSeconds, /],
    ['test:shards', '1', "test:shards: there is no environment 'test', only dev, staging, prod"],
    ['Dev:shards', '1', "Dev:shards: there is no environment 'Dev', only "],
    ['dev-2:shards', '1', "dev-2:shards: there is no environment 'dev-2', only "],
    ['dev:window-seconds', '1', "dev:window-seconds: there is no setting 'window-seconds', only "],
    ['dev:', '1', "dev:: there is no setting '', only "],
    ['windowSeconds', '0', 'windowSeconds: say of which environment, as in dev:windowSeconds'],
  ])('are refused when wrong: %s=%s', (key, value, message) => {
    expect(() => resolve({ [key]: value })).toThrow(message);
  });
});

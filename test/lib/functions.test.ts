import { describe, expect, it } from 'vitest';
import { quicknet } from '../../lambda/contract/quicknet.ts';
import { functionVariables, processorNames } from '../../lambda/contract/variables.ts';
import { environments } from '../../lib/environments.ts';
import type { Settings } from '../../lib/settings.ts';
import { described, referenceOf } from './references.ts';
import { type Resource, resource, resources, synthesize } from './synthesize.ts';

/** What each variable stands for: the name of a resource, or a setting. */
const resourceVariables: Readonly<Record<string, string>> = {
  USERS_TABLE: 'users',
  LOTTERIES_TABLE: 'lotteries',
  SEEDS_TABLE: 'seeds',
  DRAWS_TABLE: 'draws',
  REFUNDS_TABLE: 'refunds',
  GRANTS_TABLE: 'grants',
  WATERMARKS_TABLE: 'watermarks',
  ENTRIES_STREAM: 'entries',
  LOTTERY_EVENTS_INPUT_STREAM: 'lottery-events-input',
  USER_EVENTS_INPUT_STREAM: 'user-events-input',
  USER_EVENTS_OUTPUT_STREAM: 'user-events-output',
  LOTTERY_EVENTS_OUTPUT_STREAM: 'lottery-events-output',
  TICKS_QUEUE_URL: 'ticks',
};

const settingVariables: Readonly<Record<string, keyof Settings>> = {
  WINDOW_SECONDS: 'windowSeconds',
  GRACE_SECONDS: 'graceSeconds',
  MARGIN_MILLISECONDS: 'marginMilliseconds',
  CLOCK_TOLERANCE_SECONDS: 'clockToleranceSeconds',
  STREAM_RETENTION_HOURS: 'retentionHours',
  RANDOMNESS: 'randomness',
  BEACON_URLS: 'beaconUrls',
  AGGREGATE_OUTPUTS: 'aggregateOutputs',
  POWERTOOLS_LOG_LEVEL: 'logLevel',
};

const processors = processorNames.map((name) => [name, functionVariables[name]] as const);

describe.each(Object.entries(environments))('functions of %s', (environment, settings) => {
  const templates = synthesize(environment);
  const { processing } = templates;
  const functionOf = (name: string) =>
    resource(processing, 'AWS::Lambda::Function', 'FunctionName', `${environment}-${name}`).Properties;

  it.each(processors)('the %s function has its variables and no more', (name, own) => {
    const { Variables } = functionOf(name).Environment as { Variables: Record<string, unknown> };
    const values = own.map((variable) => {
      // The names of bucket and key are AWS's.
      if (variable === 'DRAWS_BUCKET') return [variable, expect.stringMatching(/^Ref of DrawsBucket/)];
      if (variable === 'RECEIPTS_KEY_ID') return [variable, expect.stringMatching(/^Ref of ReceiptsKey/)];
      if (variable === 'BEACON_CHAIN') return [variable, JSON.stringify(quicknet)];
      const resourceName = resourceVariables[variable];
      if (resourceName === undefined) return [variable, String(settings[settingOf(variable)])];
      return [variable, `Ref of ${environment}-${resourceName}`];
    });
    const shown = Object.entries(Variables).map(([variable, value]) => [
      variable,
      typeof value === 'string' ? value : described(value, templates),
    ]);
    expect(Object.fromEntries(shown)).toEqual({
      ...Object.fromEntries(values),
      POWERTOOLS_LOG_LEVEL: settings.logLevel,
      POWERTOOLS_METRICS_NAMESPACE: 'LotteryStreams',
      POWERTOOLS_SERVICE_NAME: `${environment}-${name}`,
    });
  });

  it.each(processorNames)('the %s function has the size of the settings, and writes its own log', (name) => {
    const { ticksTimeoutSeconds, timeoutSeconds, memoryMb } = settings;
    const lambda = functionOf(name);
    expect(lambda).toMatchObject({
      ...{ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' },
      MemorySize: memoryMb,
      Timeout: name === 'ticks' ? ticksTimeoutSeconds : timeoutSeconds,
    });
    const { LogGroup } = lambda.LoggingConfig as { LogGroup: unknown };
    expect(described(LogGroup, templates)).toBe(`Ref of /aws/lambda/${environment}-${name}`);
  });

  it.each(processorNames)('nobody but Lambda takes the role of the %s function', (name) => {
    const { resource: role } = referenceOf(functionOf(name).Role, templates);
    expect(role.Properties.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      ],
    });
  });
});

function settingOf(variable: string): keyof Settings {
  const setting = settingVariables[variable];
  if (setting === undefined) throw new Error(`Nobody said what ${variable} stands for`);
  return setting;
}

describe.each(Object.entries(environments))('mappings of %s', (environment, settings) => {
  const templates = synthesize(environment);
  const mappings = Object.values(resources(templates.processing, 'AWS::Lambda::EventSourceMapping'));

  const mappingsOf = (name: string): Resource[] => {
    const found = mappings.filter(
      ({ Properties }) => described(Properties.FunctionName, templates) === `Ref of ${environment}-${name}`,
    );
    if (found.length === 0) throw new Error(`Nothing invokes ${name}`);
    return found;
  };

  it.each([
    ['lottery-events', 'lottery-events-input', settings.lotteryEventsBatchSize],
    ['user-events', 'user-events-input', settings.userEventsBatchSize],
    ['draw', 'entries', settings.drawBatchSize],
    ['ticks', 'ticks', settings.ticksBatchSize],
    // As many as Lambda gives: an object of the archive is a batch.
    ['archive', 'user-events-output', 10_000],
    ['archive', 'lottery-events-output', 10_000],
  ])('%s gets what is in %s, in batches of the settings', (name, source, BatchSize) => {
    const sizes = mappingsOf(name).map(({ Properties }) => [
      described(Properties.EventSourceArn, templates),
      Properties.BatchSize,
    ]);
    expect(sizes).toContainEqual([`Arn of ${environment}-${source}`, BatchSize]);
    expect(sizes).toHaveLength(name === 'archive' ? 2 : 1);
  });

  it.each([
    ['lottery-events', settings.lotteryEventsBatchingSeconds],
    ['user-events', settings.userEventsBatchingSeconds],
    ['draw', settings.drawBatchingSeconds],
    ['archive', settings.archiveBatchingSeconds],
  ])('%s waits for a batch as the settings say, and has one of a shard at a time', (name, seconds) => {
    for (const { Properties } of mappingsOf(name)) {
      expect(Properties).toMatchObject({
        MaximumBatchingWindowInSeconds: seconds,
        ParallelizationFactor: 1,
      });
      const { OnFailure } = Properties.DestinationConfig as { OnFailure: { Destination: unknown } };
      const { id, resource: bucket, attribute } = referenceOf(OnFailure.Destination, templates);
      expect([bucket.Type, attribute]).toEqual(['AWS::S3::Bucket', 'Arn']);
      expect(id).toMatch(/^ArtifactsBucket/);
    }
  });

  it.each(processorNames)(
    '%s is not invoked before its role may read: Lambda tries the role at once',
    (name) => {
      const [first, ...others] = mappingsOf(name);
      const lambda = referenceOf(first?.Properties.FunctionName, templates).resource;
      const { id: role } = referenceOf(lambda.Properties.Role, templates);
      const policies = Object.entries(resources(templates.processing, 'AWS::IAM::Policy'));
      const [policy] = policies.filter(([, { Properties }]) =>
        JSON.stringify(Properties.Roles).includes(`"${role}"`),
      );
      for (const mapping of [first, ...others]) expect(mapping?.DependsOn).toEqual([policy?.[0]]);
    },
  );
});

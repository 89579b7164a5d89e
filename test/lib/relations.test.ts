import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { resource, resources, synthesize } from './synthesize.ts';

const mappingType = 'AWS::Lambda::EventSourceMapping';

it('mappings that are to read from a time start there, all of streams', () => {
  const { processing } = synthesize('dev', { 'dev:readFrom': '2026-05-01T12:00:00Z' });
  const starts = Object.values(resources(processing, mappingType)).flatMap(({ Properties }) => {
    const { StartingPosition, StartingPositionTimestamp } = Properties;
    return StartingPosition === undefined ? [] : [[StartingPosition, StartingPositionTimestamp]];
  });
  expect(starts).toEqual(Array(5).fill(['AT_TIMESTAMP', 1_777_636_800]));
});

describe.each(Object.entries(environments))('relations in %s', (environment, settings) => {
  const { stateful, processing } = synthesize(environment);
  const mappings = Object.entries(resources(processing, mappingType));
  const streamMappings = mappings.filter(([, mapping]) => mapping.Properties.StartingPosition !== undefined);
  const draw = mappings.filter(([id]) => id.startsWith('Draw')).map(([, mapping]) => mapping.Properties);

  it('the draw sees each shard in one sequence of windows, as long as a draw', () => {
    const TumblingWindowInSeconds = settings.windowSeconds;
    expect(draw).toEqual([expect.objectContaining({ TumblingWindowInSeconds })]);
  });

  it('every stream is read in the order of its shards, which watermarks rest on: one batch of each at a time', () => {
    const factors = streamMappings.map(([, { Properties }]) => Properties.ParallelizationFactor);
    expect(factors).toEqual([1, 1, 1, 1, 1]);
  });

  it('no other mapping has a tumbling window', () => {
    const windows = mappings.filter(
      ([, mapping]) => mapping.Properties.TumblingWindowInSeconds !== undefined,
    );
    expect(windows.map(([id]) => id)).toEqual([expect.stringMatching(/^Draw/)]);
  });

  it('no batch of a stream is skipped, given up, or lost without a trace', () => {
    expect(streamMappings).toHaveLength(5);
    for (const [, { Properties }] of streamMappings) {
      expect(Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
      // Both are without limit by default.
      expect(Properties).not.toHaveProperty('MaximumRetryAttempts');
      expect(Properties).not.toHaveProperty('MaximumRecordAgeInSeconds');
    }
  });

  it('ticks report single failures and are set aside after some attempts', () => {
    const queue = resource(processing, 'AWS::SQS::Queue', 'QueueName', `${environment}-ticks`).Properties;
    const [deadLetters] = Object.entries(resources(processing, 'AWS::SQS::Queue')).flatMap(
      ([id, { Properties }]) => (Properties.QueueName === `${environment}-ticks-dead-letter` ? [id] : []),
    );
    const deadLetterTargetArn = { 'Fn::GetAtt': [deadLetters, 'Arn'] };
    expect(queue.RedrivePolicy).toEqual({ deadLetterTargetArn, maxReceiveCount: 5 });
    const [ticks] = mappings.filter(([id]) => id.startsWith('Tick'));
    expect(ticks?.[1].Properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  });

  it('the function of the ticks, and no other, may feed its own queue for as long as an ending waits', () => {
    const lambdas = Object.values(resources(processing, 'AWS::Lambda::Function'));
    const loops = lambdas.map(({ Properties }) => [Properties.FunctionName, Properties.RecursiveLoop]);
    expect(Object.fromEntries(loops)).toEqual({
      [`${environment}-lottery-events`]: undefined,
      [`${environment}-user-events`]: undefined,
      [`${environment}-draw`]: undefined,
      [`${environment}-ticks`]: 'Allow',
      [`${environment}-archive`]: undefined,
    });
  });

  it('ticks take a known part of the concurrency of the account', () => {
    const [ticks] = mappings.filter(([id]) => id.startsWith('Tick'));
    expect(ticks?.[1].Properties.ScalingConfig).toEqual({ MaximumConcurrency: 10 });
  });

  it('ticks, which carry the ends of lotteries, are kept for as long as SQS keeps anything', () => {
    const queues = Object.values(resources(processing, 'AWS::SQS::Queue'));
    const days = queues.map(({ Properties }) => Number(Properties.MessageRetentionPeriod) / 86_400);
    expect(days).toEqual([14, 14]);
  });

  it('a tick stays hidden for six time-outs of its function', () => {
    const queue = resource(processing, 'AWS::SQS::Queue', 'QueueName', `${environment}-ticks`).Properties;
    const lambda = resource(processing, 'AWS::Lambda::Function', 'FunctionName', `${environment}-ticks`);
    expect(queue.VisibilityTimeout).toBe(settings.ticksVisibilitySeconds);
    expect(Number(queue.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * Number(lambda.Properties.Timeout));
  });

  it('streams and tables carry the prefix of the environment', () => {
    const names = (type: string, property: string) =>
      Object.values(resources(stateful, type)).map((one) => one.Properties[property]);
    expect(names('AWS::Kinesis::Stream', 'Name').sort()).toEqual(
      [
        'entries',
        'lottery-events-input',
        'lottery-events-output',
        'user-events-input',
        'user-events-output',
      ].map((name) => `${environment}-${name}`),
    );
    expect(names('AWS::DynamoDB::Table', 'TableName').sort()).toEqual(
      ['draws', 'grants', 'lotteries', 'refunds', 'seeds', 'users', 'watermarks'].map(
        (name) => `${environment}-${name}`,
      ),
    );
  });
});

import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { resources, synthesize } from './synthesize.ts';

/** The properties of all resources of a type. */
function all(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(resources(template, type)).map(({ Properties }) => Properties);
}

/** Of the language of policies. */
const Version = '2012-10-17';

interface Lifecycle {
  readonly Rules: readonly { readonly ExpirationInDays?: number }[];
}

/** The only statement of a policy that lets everybody in who may come in, but by TLS alone. */
function onlyByTls(service: string, Principal: unknown, Resource: unknown, more: object = {}) {
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
  return { Effect: 'Deny', Action: service, Principal, Resource, Condition, ...more };
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** What a key of the environment's own allows; the rest is by the roles. */
function keyPolicy(environment: string): object {
  const arn = (rest: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });
  const account = { Ref: 'AWS::AccountId' };
  const region = { Ref: 'AWS::Region' };
  const groups = [':logs:', region, ':', account, `:log-group:/aws/lambda/${environment}-*`];
  const allow = (Principal: object, Action: string | string[], more: object = {}) => ({
    ...{ Effect: 'Allow', Principal, Action, Resource: '*', ...more },
  });
  return {
    Version,
    Statement: [
      allow({ AWS: arn([':iam::', account, ':root']) }, 'kms:*'),
      allow(
        { Service: { 'Fn::Join': ['', ['logs.', region, '.amazonaws.com']] } },
        ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        {
          Sid: 'FunctionLogs',
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn(groups) } },
        },
      ),
      allow({ Service: 'cloudwatch.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey*'], {
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    ],
  };
}

describe.each(Object.entries(environments))('security of %s', (environment, settings) => {
  const { stateful, processing } = synthesize(environment);
  const ownKey = settings.encryption === 'own-key';
  const key = expect.objectContaining({
    'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey/), 'Arn'],
  });
  const importedKey = { 'Fn::ImportValue': expect.stringContaining('EncryptionKey') };

  it('every stream is encrypted', () => {
    const streams = all(stateful, 'AWS::Kinesis::Stream');
    expect(streams).toHaveLength(5);
    for (const stream of streams) {
      const KeyId = ownKey ? key : 'alias/aws/kinesis';
      expect(stream.StreamEncryption).toEqual({ EncryptionType: 'KMS', KeyId });
    }
  });

  it('every table is encrypted, by the key of the settings', () => {
    const tables = all(stateful, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(6);
    for (const table of tables) {
      const expected = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
      // Without a specification DynamoDB encrypts with a key of its own.
      expect(table.SSESpecification).toEqual(ownKey ? expected : undefined);
    }
  });

  const buckets = resources(stateful, 'AWS::S3::Bucket');
  const failedBatches = { ExpirationInDays: 365, Prefix: 'aws/lambda/', Status: 'Enabled' };

  it.each([
    ['ArtifactsBucket', [failedBatches]],
    // A draw can be verified only with its entries: none of them expires.
    ['DrawsBucket', []],
  ])('the %s is encrypted, versioned, closed to the public, and lets go of what is old', (name, expiring) => {
    const [bucket, ...others] = Object.entries(buckets).filter(([id]) => id.startsWith(name));
    expect(others).toEqual([]);
    expect(bucket?.[1].Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          ownKey
            ? {
                ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
                // S3 asks KMS once for many objects.
                BucketKeyEnabled: true,
              }
            : { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          ...expiring.map((rule) => expect.objectContaining(rule)),
          {
            Id: 'noncurrent-versions',
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            Status: 'Enabled',
          },
          {
            Id: 'unfinished-uploads',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            Status: 'Enabled',
          },
        ],
      },
    });
  });

  it('failed batches are kept for longer than the stream could be read again', () => {
    const lifecycles = all(stateful, 'AWS::S3::Bucket').map(
      ({ LifecycleConfiguration }) => LifecycleConfiguration as Lifecycle,
    );
    const rules = lifecycles.flatMap(({ Rules }) => Rules);
    const [days, ...others] = rules.flatMap(({ ExpirationInDays = [] }) => ExpirationInDays);
    expect(others).toEqual([]);
    expect(24 * Number(days)).toBeGreaterThan(settings.retentionHours);
  });

  it('every queue is encrypted', () => {
    const queues = all(processing, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(2);
    for (const queue of queues) {
      expect(queue).toMatchObject(ownKey ? { KmsMasterKeyId: importedKey } : { SqsManagedSseEnabled: true });
    }
  });

  it('buckets and queues refuse what does not come by TLS', () => {
    const everybody = { AWS: '*' };
    expect(Object.keys(buckets)).toHaveLength(2);
    expect(all(stateful, 'AWS::S3::BucketPolicy')).toEqual(
      Object.keys(buckets).map((bucket) => {
        const objects = { 'Fn::Join': ['', [arnOf(bucket), '/*']] };
        const byTls = onlyByTls('s3:*', everybody, [arnOf(bucket), objects]);
        return { Bucket: { Ref: bucket }, PolicyDocument: { Version, Statement: [byTls] } };
      }),
    );
    const queues = Object.keys(resources(processing, 'AWS::SQS::Queue'));
    expect(all(processing, 'AWS::SQS::QueuePolicy')).toEqual(
      queues.map((id) => ({
        Queues: [{ Ref: id }],
        PolicyDocument: { Version, Statement: [onlyByTls('sqs:*', everybody, arnOf(id))] },
      })),
    );
  });

  it('the topic of the alarms takes what CloudWatch publishes for this account, by TLS', () => {
    const [id = '', ...others] = Object.keys(resources(processing, 'AWS::SNS::Topic'));
    expect(others).toEqual([]);
    const Resource = { Ref: id };
    const cloudWatch = {
      ...{ Sid: expect.any(String), Effect: 'Allow', Action: 'sns:Publish', Resource },
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    const byTls = onlyByTls('sns:Publish', '*', Resource, { Sid: expect.any(String) });
    expect(all(processing, 'AWS::SNS::TopicPolicy')).toEqual([
      { Topics: [Resource], PolicyDocument: { Version, Statement: [byTls, cloudWatch] } },
    ]);
    // CloudWatch may not use AWS's key for SNS.
    expect(all(processing, 'AWS::SNS::Topic')[0]?.KmsMasterKeyId).toEqual(ownKey ? importedKey : undefined);
  });

  it('logs are encrypted by the key of the settings', () => {
    const logs = all(stateful, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(4);
    for (const log of logs) expect(log.KmsKeyId).toEqual(ownKey ? key : undefined);
  });

  it('a key of our own is rotated, named, and can be had back for a month', () => {
    const keys = all(stateful, 'AWS::KMS::Key');
    expect(
      keys.map(({ EnableKeyRotation, PendingWindowInDays }) => [EnableKeyRotation, PendingWindowInDays]),
    ).toEqual(ownKey ? [[true, 30]] : []);
    const aliases = all(stateful, 'AWS::KMS::Alias');
    expect(aliases).toEqual(ownKey ? [{ AliasName: `alias/${environment}-lottery`, TargetKeyId: key }] : []);
  });

  it('a key of our own is for this account, for logs of its functions and for alarms, and for nobody else', () => {
    const documents = all(stateful, 'AWS::KMS::Key').map(({ KeyPolicy }) => KeyPolicy);
    expect(documents).toEqual(ownKey ? [keyPolicy(environment)] : []);
  });
});

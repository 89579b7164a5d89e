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
  readonly Rules: readonly { readonly Prefix?: string; readonly ExpirationInDays?: number }[];
}

/** The only statement of a policy that lets everybody in who may come in, but by TLS alone. */
function onlyByTls(service: string, Principal: unknown, Resource: unknown, more: object = {}) {
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
  return { Effect: 'Deny', Action: service, Principal, Resource, Condition, ...more };
}

/** Of the draws bucket: whatever somebody may elsewhere. */
function nobodyDeletes(Resource: unknown) {
  const Sid = 'NobodyDeletes';
  return { Sid, Effect: 'Deny', Action: 's3:DeleteObject*', Principal: { AWS: '*' }, Resource };
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const account = { Ref: 'AWS::AccountId' };

const arn = (rest: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });

const allow = (Principal: object, Action: string | string[], more: object = {}) => ({
  ...{ Effect: 'Allow', Principal, Action, Resource: '*', ...more },
});

/** Leaves a key to the roles of its account. */
const byRoles = allow({ AWS: arn([':iam::', account, ':root']) }, 'kms:*');

/** Of the account's distributions, of which the page's is one. */
const byDistributions = {
  Sid: 'PageShowsSheets',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Condition: {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': arn([':cloudfront::', account, ':distribution/*']) },
  },
};

/** What the key of what is stored allows; the rest is by the roles. */
function keyPolicy(environment: string, hasPage: boolean): object {
  const region = { Ref: 'AWS::Region' };
  const groups = [':logs:', region, ':', account, `:log-group:/aws/lambda/${environment}-*`];
  return {
    Version,
    Statement: [
      byRoles,
      allow(
        { Service: { 'Fn::Join': ['', ['logs.', region, '.amazonaws.com']] } },
        ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        {
          Sid: 'FunctionLogs',
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn(groups) } },
        },
      ),
      ...(hasPage ? [{ ...byDistributions, Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }] : []),
      allow({ Service: 'cloudwatch.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey*'], {
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    ],
  };
}

describe.each(Object.entries(environments))('security of %s', (environment, settings) => {
  const { stateful, processing } = synthesize(environment);
  const ownKey = settings.encryption === 'own-key';
  const hasPage = settings.livePage === 'on';
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
    expect(tables).toHaveLength(7);
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
    // A draw can be verified only with its entries.
    [
      'DrawsBucket',
      ['blocks/', 'lists/', 'sheets/', 'archive/'].map((Prefix) => {
        return { ExpirationInDays: settings.drawsRetentionDays, Prefix, Status: 'Enabled' };
      }),
    ],
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
    const [days, ...others] = rules.flatMap(({ Prefix, ExpirationInDays }) =>
      Prefix === failedBatches.Prefix ? [ExpirationInDays] : [],
    );
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

  it('buckets and queues refuse what does not come by TLS, and the draws bucket every deletion', () => {
    const everybody = { AWS: '*' };
    const shown = (bucket: string) => {
      const Resource = { 'Fn::Join': ['', [arnOf(bucket), '/sheets/*']] };
      return hasPage ? [{ ...byDistributions, Effect: 'Allow', Action: 's3:GetObject', Resource }] : [];
    };
    expect(Object.keys(buckets)).toHaveLength(2);
    expect(all(stateful, 'AWS::S3::BucketPolicy')).toEqual(
      Object.keys(buckets).map((bucket) => {
        const objects = { 'Fn::Join': ['', [arnOf(bucket), '/*']] };
        const byTls = onlyByTls('s3:*', everybody, [arnOf(bucket), objects]);
        const more = bucket.startsWith('DrawsBucket') ? [nobodyDeletes(objects), ...shown(bucket)] : [];
        return { Bucket: { Ref: bucket }, PolicyDocument: { Version, Statement: [byTls, ...more] } };
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
    expect(logs).toHaveLength(hasPage ? 7 : 6);
    for (const log of logs) expect(log.KmsKeyId).toEqual(ownKey ? key : undefined);
  });

  /** By their usage: of the other kind there is one where the settings ask for it. */
  const keys = (usage: string | undefined) =>
    all(stateful, 'AWS::KMS::Key').filter(({ KeyUsage }) => KeyUsage === usage);

  it('a key of our own is rotated, named, and can be had back for a month', () => {
    expect(
      keys(undefined).map(({ EnableKeyRotation, PendingWindowInDays }) => [
        EnableKeyRotation,
        PendingWindowInDays,
      ]),
    ).toEqual(ownKey ? [[true, 30]] : []);
    const aliases = all(stateful, 'AWS::KMS::Alias').filter(
      ({ AliasName }) => AliasName !== `alias/${environment}-lottery-receipts`,
    );
    expect(aliases).toEqual(ownKey ? [{ AliasName: `alias/${environment}-lottery`, TargetKeyId: key }] : []);
  });

  it('a key of our own is for this account, for logs of its functions and for alarms, and for nobody else', () => {
    const documents = keys(undefined).map(({ KeyPolicy }) => KeyPolicy);
    expect(documents).toEqual(ownKey ? [keyPolicy(environment, hasPage)] : []);
  });

  it('receipts have a key that does nothing but sign, named, for the roles of this account, to be had back for a month', () => {
    const [own, ...others] = Object.entries(resources(stateful, 'AWS::KMS::Key')).filter(
      ([, { Properties }]) => Properties.KeyUsage !== undefined,
    );
    expect(others).toEqual([]);
    const { Tags: _, Description, ...properties } = own?.[1].Properties ?? {};
    expect(Description).toBe(`Signs the receipts of the ${environment} lottery`);
    expect(properties).toEqual({
      ...{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', PendingWindowInDays: 30 },
      KeyPolicy: { Version, Statement: [byRoles] },
    });
    const AliasName = `alias/${environment}-lottery-receipts`;
    const TargetKeyId = arnOf(own?.[0] ?? '');
    expect(all(stateful, 'AWS::KMS::Alias')).toContainEqual({ AliasName, TargetKeyId });
  });
});

describe('the draws bucket', () => {
  const draws = (overrides: Record<string, string>) => {
    const { stateful } = synthesize('dev', overrides);
    const [bucket] = Object.entries(resources(stateful, 'AWS::S3::Bucket')).filter(([id]) =>
      id.startsWith('DrawsBucket'),
    );
    return bucket?.[1].Properties ?? {};
  };
  const expiring = ({ LifecycleConfiguration }: Record<string, unknown>) =>
    (LifecycleConfiguration as Lifecycle).Rules.flatMap(({ Prefix, ExpirationInDays }) =>
      ExpirationInDays === undefined ? [] : [[Prefix, ExpirationInDays]],
    );

  it('has no lock unless it is asked for, and lets nothing go where all is kept', () => {
    const bucket = draws({ 'dev:drawsRetentionDays': 'forever' });
    expect(expiring(bucket)).toEqual([]);
    expect(bucket).not.toHaveProperty('ObjectLockEnabled');
    expect(bucket).not.toHaveProperty('ObjectLockConfiguration');
    expect(draws({})).not.toHaveProperty('ObjectLockEnabled');
  });

  it.each(['governance', 'compliance'])('is locked for as long as it keeps what is in it: %s', (mode) => {
    const bucket = draws({ 'dev:drawsRetentionDays': '30', 'dev:drawsObjectLock': mode });
    expect(bucket).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Days: 30, Mode: mode.toUpperCase() } },
      },
    });
    expect(expiring(bucket)).toEqual([
      ['blocks/', 30],
      ['lists/', 30],
      ['sheets/', 30],
      ['archive/', 30],
    ]);
  });
});

import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionVariables } from '../../lambda/contract/variables.ts';
import { environments } from '../../lib/environments.ts';
import { rightsOf } from './rights.ts';
import { resources, synthesize } from './synthesize.ts';

/** The properties of all resources of a type. */
function all(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(resources(template, type)).map(({ Properties }) => Properties);
}

interface Lifecycle {
  readonly Rules: readonly { readonly ExpirationInDays?: number }[];
}

/** What a policy document denies to requests without TLS, or undefined. */
function deniedWithoutTls(policy: Record<string, unknown>): unknown {
  const { Statement } = policy.PolicyDocument as { Statement: Record<string, unknown>[] };
  return Statement.find(
    ({ Effect, Condition }) =>
      Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  )?.Action;
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
    expect(tables).toHaveLength(4);
    for (const table of tables) {
      const expected = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
      // Without a specification DynamoDB encrypts with a key of its own.
      expect(table.SSESpecification).toEqual(ownKey ? expected : undefined);
    }
  });

  it('the bucket is encrypted, versioned, closed to the public, and lets go of what is old', () => {
    const [bucket, ...others] = all(stateful, 'AWS::S3::Bucket');
    expect(others).toEqual([]);
    expect(bucket).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: ownKey ? 'aws:kms' : 'AES256' } },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { ExpirationInDays: 365, Prefix: 'aws/lambda/', Status: 'Enabled' },
          { NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
        ],
      },
    });
  });

  it('failed batches are kept for longer than the stream could be read again', () => {
    const [bucket] = all(stateful, 'AWS::S3::Bucket');
    const { Rules } = (bucket?.LifecycleConfiguration ?? { Rules: [] }) as Lifecycle;
    const [days, ...others] = Rules.flatMap(({ ExpirationInDays = [] }) => ExpirationInDays);
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

  it('bucket and queues refuse what does not come by TLS', () => {
    const [bucket] = all(stateful, 'AWS::S3::BucketPolicy');
    expect(bucket && deniedWithoutTls(bucket)).toBe('s3:*');
    const queues = all(processing, 'AWS::SQS::QueuePolicy');
    expect(queues.map((policy) => policy.Queues)).toHaveLength(2);
    expect(queues.map(deniedWithoutTls)).toEqual(['sqs:*', 'sqs:*']);
  });

  it('logs are encrypted by the key of the settings', () => {
    const logs = all(stateful, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(4);
    for (const log of logs) expect(log.KmsKeyId).toEqual(ownKey ? key : undefined);
  });

  it('a key of our own is rotated and named', () => {
    const keys = all(stateful, 'AWS::KMS::Key');
    expect(keys.map(({ EnableKeyRotation }) => EnableKeyRotation)).toEqual(ownKey ? [true] : []);
    const aliases = all(stateful, 'AWS::KMS::Alias').map(({ AliasName }) => AliasName);
    expect(aliases).toEqual(ownKey ? [`alias/${environment}-lottery`] : []);
  });

  it('a key of our own lets logs and alarms use it, each once', () => {
    const [own] = all(stateful, 'AWS::KMS::Key');
    const { Statement = [] } = (own?.KeyPolicy ?? {}) as {
      Statement?: { Principal: { Service?: unknown } }[];
    };
    const services = Statement.flatMap(({ Principal }) => JSON.stringify(Principal.Service) ?? []);
    const logs = expect.stringContaining('logs.');
    expect(services.sort()).toEqual(ownKey ? ['"cloudwatch.amazonaws.com"', logs] : []);
  });

  it('only the functions that draw can read the seeds; the one that makes them cannot', () => {
    const may = Object.keys(functionVariables).flatMap((name) =>
      rightsOf(processing, `${environment}-${name}`)
        .filter((right) => right.endsWith(' on Tablesseeds'))
        .map((right) => `${name}: ${right}`),
    );
    expect(may).toEqual([
      'lottery-events: dynamodb:PutItem on Tablesseeds',
      'user-events: dynamodb:BatchGetItem on Tablesseeds',
      'draw: dynamodb:BatchGetItem on Tablesseeds',
    ]);
  });

  it('the tick function cannot reach any table', () => {
    const rights = rightsOf(processing, `${environment}-ticks`);
    expect(rights.filter((right) => right.startsWith('dynamodb:'))).toEqual([]);
  });

  it('no role has a wildcard but for the keys of failed batches', () => {
    const wild = Object.keys(functionVariables).flatMap((name) =>
      rightsOf(processing, `${environment}-${name}`).filter((right) => right.includes('*')),
    );
    expect(new Set(wild)).toEqual(new Set(['s3:PutObject on ArtifactsBucket/aws/lambda/*']));
  });
});

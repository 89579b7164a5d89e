import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { type Resource, synthesize } from './synthesize.ts';

/** Types that have no tags in CloudFormation, or none that CDK knows. */
const untaggable = new Set([
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::AppSync::ApiKey',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::KMS::Alias',
  'AWS::Lambda::LayerVersion',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'Custom::CDKBucketDeployment',
  'Custom::ReceiptsPublicKey',
]);

describe.each(Object.keys(environments))('what is in %s', (environment) => {
  const templates = Object.values(
    synthesize(environment, { [`${environment}:alarmEmail`]: 'a@example.com' }),
  );
  const all = templates.flatMap((template) => Object.entries<Resource>(template.toJSON().Resources));

  it('says whose it is', () => {
    const tagged = all.filter(([, { Type }]) => !untaggable.has(Type));
    expect(tagged.length).toBeGreaterThan(80);
    for (const [id, { Properties }] of tagged) {
      expect([id, Properties.Tags]).toEqual([
        id,
        expect.arrayContaining([
          { Key: 'application', Value: 'lottery-streams' },
          { Key: 'environment', Value: environment },
        ]),
      ]);
    }
  });
});

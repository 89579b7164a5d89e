import { Token } from 'aws-cdk-lib';
import { snapshotsPrefix } from './constructs/site-bucket.ts';
import type { LiveStack } from './stacks/live.ts';

export interface Exception {
  /** The rule, with the finding in brackets where the rule has several. */
  readonly rule: string;
  readonly reason: string;
}

/** CDK's name of the function that copies a site's files, one for all of a stack. */
export const deployerId = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';

interface LiveExceptions {
  readonly table: readonly Exception[];
  readonly siteBucket: readonly Exception[];
  readonly site: readonly Exception[];
  readonly function: readonly Exception[];
  readonly deployer: readonly Exception[];
}

/** What stands of the page's stack, besides what stands of every function that reads a stream. */
export function liveExceptions(live: LiveStack): LiveExceptions {
  const bucket = `<${live.siteBucket.logicalId}.Arn>`;
  return {
    table: [
      { rule: 'AwsSolutions-DDB3', reason: 'What is in it is made of the streams, and nobody restores it.' },
    ],
    siteBucket: [
      {
        rule: 'AwsSolutions-S1',
        reason: 'Everybody may read what is in it: an access log would say nothing that matters.',
      },
    ],
    site: [
      { rule: 'AwsSolutions-CFR1', reason: 'Where it may be seen is not for this app to say.' },
      {
        rule: 'AwsSolutions-CFR2',
        reason:
          'It serves files alone, of two buckets: there is nothing behind it that a firewall would protect.',
      },
      { rule: 'AwsSolutions-CFR3', reason: "Who looks at the page is nobody's business." },
      {
        rule: 'AwsSolutions-CFR4',
        reason:
          'Under a name of its own CloudFront sets the least version of TLS. Who gives it another name sets both.',
      },
    ],
    function: [
      {
        rule: `AwsSolutions-IAM5[Resource::${bucket}/${snapshotsPrefix}*]`,
        reason: 'A snapshot is named by its lottery; the prefix is all that is known before.',
      },
    ],
    deployer: deployerExceptions(live, bucket),
  };
}

/** It is CDK's, and so are its rights. */
function deployerExceptions({ account, region }: LiveStack, bucket: string): Exception[] {
  const reason =
    'CDK deploys the site with it, and gives it these rights: to read the assets and to write the site.';
  const named = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const assets = `arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-${named(account, 'AccountId')}-${named(region, 'Region')}`;
  const actions = ['s3:GetBucket*', 's3:GetObject*', 's3:List*', 's3:Abort*', 's3:DeleteObject*'];
  return [
    ...actions.map((action) => `IAM5[Action::${action}]`),
    `IAM5[Resource::${assets}/*]`,
    `IAM5[Resource::${bucket}/*]`,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'L1',
  ].map((rule) => ({ rule: `AwsSolutions-${rule}`, reason }));
}

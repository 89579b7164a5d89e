/**
 * Findings of cdk-nag's AwsSolutions rules that stand, each with its reason; every wildcard in a role is among
 * them. A finding of an error that is not here fails the synthesis.
 */

import { Annotations, type Stack, Validations } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { failedBatchesPrefix } from './constructs/artifacts-bucket.ts';
import { drawsPrefixes } from './constructs/draws-bucket.ts';
import { kafkaExceptions } from './kafka-acknowledgements.ts';
import { deployerId, type Exception, liveExceptions } from './live-acknowledgements.ts';
import type { Settings } from './settings.ts';
import type { LiveStack } from './stacks/live.ts';
import type { ProcessingStack } from './stacks/processing.ts';
import type { StatefulStack } from './stacks/stateful.ts';

/** The exceptions of one environment, by the construct below which they hold. */
export interface Exceptions {
  readonly artifacts: readonly Exception[];
  readonly drawsBucket: readonly Exception[];
  readonly tables: readonly Exception[];
  readonly streams: readonly Exception[];
  readonly processing: readonly Exception[];
  readonly access: readonly Exception[];
}

/** ARNs as the roles and policies of the processing stack name them. */
interface Arns {
  readonly artifacts: string;
  readonly drawsBucket: string;
  readonly stacks: string;
}

export function exceptions(settings: Settings, arns: Arns): Exceptions {
  return {
    artifacts: [withoutAccessLog('Only Lambda writes to this bucket and only operators read it')],
    drawsBucket: [withoutAccessLog('Only three functions write to this bucket, and one of them reads it')],
    tables: settings.pointInTimeRecovery
      ? []
      : [
          {
            rule: 'AwsSolutions-DDB3',
            reason: 'This environment holds nothing that would have to be restored.',
          },
        ],
    streams:
      settings.encryption === 'own-key'
        ? [
            {
              rule: 'AwsSolutions-KDS3',
              reason:
                'The rule warns of the price. A key of our own is asked for: its use is logged and can be stopped.',
            },
          ]
        : [],
    processing: [
      {
        rule: `AwsSolutions-IAM5[Resource::${arns.artifacts}/${failedBatchesPrefix}*]`,
        reason: 'Lambda chooses the keys of failed batches; the prefix is all that is known before.',
      },
      ...Object.values(drawsPrefixes).map((prefix) => ({
        rule: `AwsSolutions-IAM5[Resource::${arns.drawsBucket}/${prefix}*]`,
        reason: 'Objects are named by their contents, or by records; the prefix is all that is known before.',
      })),
      ...kafkaExceptions(settings),
    ],
    access: [
      {
        rule: `AwsSolutions-IAM5[Resource::${arns.stacks}]`,
        reason: "A stack's ARN ends with an id that CloudFormation makes.",
      },
      {
        rule: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'AWS takes no resource for listing mappings and describing alarms.',
      },
    ],
  };
}

function withoutAccessLog(who: string): Exception {
  return {
    rule: 'AwsSolutions-S1',
    reason:
      `${who}: an access log would need a bucket of its own, to say what CloudTrail says. ` +
      'Switch on data events where the account asks for them.',
  };
}

/** Acknowledges what stands; everything else that cdk-nag calls an error fails the synthesis. */
export function acknowledge(
  settings: Settings,
  stateful: StatefulStack,
  processing: ProcessingStack,
  live: LiveStack | undefined,
): void {
  const { artifacts, drawsBucket } = stateful;
  const standing = exceptions(settings, {
    artifacts: importOf(stateful, artifacts.bucket),
    drawsBucket: importOf(stateful, drawsBucket.bucket),
    stacks: shown(processing.access.stacks, processing),
  });
  acknowledgeIn(artifacts, standing.artifacts);
  acknowledgeIn(drawsBucket, standing.drawsBucket);
  acknowledgeIn(stateful.tables, standing.tables);
  acknowledgeIn(stateful.streams, standing.streams);
  acknowledgeIn(processing, standing.processing);
  acknowledgeIn(processing.access, standing.access);
  if (live) acknowledgeLive(live, standing.processing);
}

function acknowledgeLive(live: LiveStack, ofBuckets: readonly Exception[]): void {
  acknowledgeIn(live, ofBuckets);
  const standing = liveExceptions(live);
  acknowledgeIn(live.table, standing.table);
  acknowledgeIn(live.siteBucket, standing.siteBucket);
  acknowledgeIn(live.site, standing.site);
  acknowledgeIn(live, standing.function);
  acknowledgeIn(live.node.findChild(deployerId), standing.deployer);
  Annotations.of(live.site).acknowledgeWarning(
    '@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
    'The stateful stack lets the distribution read sheets: draws-bucket.ts.',
  );
}

/** The same import that the roles have; their policies name the bucket by it. */
function importOf(stateful: StatefulStack, { bucketArn }: IBucket): string {
  const imported: { 'Fn::ImportValue': string } = stateful.resolve(stateful.exportValue(bucketArn));
  return imported['Fn::ImportValue'];
}

/** As cdk-nag shows a text with references in it: `arn:<AWS::Partition>:...`. */
function shown(text: string, stack: Stack): string {
  const resolved: string | { 'Fn::Join': readonly [string, readonly (string | { Ref: string })[]] } =
    stack.resolve(text);
  if (typeof resolved === 'string') return resolved;
  return resolved['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}

function acknowledgeIn(scope: IConstruct, standing: readonly Exception[]): void {
  for (const { rule, reason } of standing) {
    Validations.of(scope).acknowledge({ id: `AwsSolutions::${rule}`, reason });
  }
}

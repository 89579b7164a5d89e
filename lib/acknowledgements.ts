/**
 * Findings of cdk-nag's AwsSolutions rules that stand, each with its reason; every wildcard in a role is among
 * them. A finding of an error that is not here fails the synthesis.
 */

import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { failedBatchesPrefix } from './constructs/artifacts-bucket.ts';
import type { Settings } from './settings.ts';
import type { StatefulStack } from './stacks/stateful.ts';

export interface Exception {
  /** The rule, with the finding in brackets where the rule has several. */
  readonly rule: string;
  readonly reason: string;
}

/** The exceptions of one environment, by the construct below which they hold. */
export interface Exceptions {
  readonly bucket: readonly Exception[];
  readonly tables: readonly Exception[];
  readonly streams: readonly Exception[];
  readonly processing: readonly Exception[];
}

/** @param bucketArn as the roles of the processing stack name it */
export function exceptions(settings: Settings, bucketArn: string): Exceptions {
  return {
    bucket: [
      {
        rule: 'AwsSolutions-S1',
        reason:
          'Only Lambda writes to this bucket and only operators read it: an access log would need a bucket of its ' +
          'own, to say what CloudTrail says. Switch on data events where the account asks for them.',
      },
    ],
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
        rule: `AwsSolutions-IAM5[Resource::${bucketArn}/${failedBatchesPrefix}*]`,
        reason: 'Lambda chooses the keys of failed batches; the prefix is all that is known before.',
      },
    ],
  };
}

/** Acknowledges what stands; everything else that cdk-nag calls an error fails the synthesis. */
export function acknowledge(settings: Settings, stateful: StatefulStack, processing: IConstruct): void {
  const { bucket } = stateful.artifacts;
  // The same import that the roles have; their policies name the bucket by it.
  const imported: { 'Fn::ImportValue': string } = stateful.resolve(stateful.exportValue(bucket.bucketArn));
  const standing = exceptions(settings, imported['Fn::ImportValue']);
  acknowledgeIn(stateful.artifacts, standing.bucket);
  acknowledgeIn(stateful.tables, standing.tables);
  acknowledgeIn(stateful.streams, standing.streams);
  acknowledgeIn(processing, standing.processing);
}

function acknowledgeIn(scope: IConstruct, standing: readonly Exception[]): void {
  for (const { rule, reason } of standing) {
    Validations.of(scope).acknowledge({ id: `AwsSolutions::${rule}`, reason });
  }
}

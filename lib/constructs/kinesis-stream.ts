import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  type IStream,
  Stream,
  StreamEncryption,
  StreamMode,
  type StreamProps,
} from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface KinesisStreamProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** What a mapping does with a stream that it polls; ListStreams and enhanced fan-out are not among it. */
const readActions = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/** A stream of Kinesis. */
export function kinesisStream(
  scope: Construct,
  name: string,
  shards: Settings['shards'],
  props: KinesisStreamProps,
): Stream {
  return new Stream(scope, name, {
    streamName: `${props.environment}-${name}`,
    ...(shards === 'on-demand'
      ? { streamMode: StreamMode.ON_DEMAND }
      : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
    retentionPeriod: Duration.hours(props.settings.retentionHours),
    ...streamEncryption(props.encryption),
    removalPolicy: removalPolicy(props.settings),
  });
}

/** Lets a function's mapping poll the stream. */
export function grantPollStream(grantee: IGrantable, stream: IStream, encryption: Encryption): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: readActions,
    resourceArns: [stream.streamArn],
  }).combine(encryption.grantDecrypt(grantee));
}

/** Read streams from where one likes. For people (access-policies.ts). */
export function grantRead(grantee: IGrantable, streams: readonly IStream[], encryption: Encryption): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
    resourceArns: streams.map(({ streamArn }) => streamArn),
  }).combine(encryption.grantDecrypt(grantee));
}

export function grantPutRecords(grantee: IGrantable, stream: IStream, encryption: Encryption): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['kinesis:PutRecords'],
    resourceArns: [stream.streamArn],
  }).combine(encryption.grantEncrypt(grantee));
}

/** Said outright also without a key: CDK's default is a condition on the region in the template. */
function streamEncryption({ key }: Encryption): Pick<StreamProps, 'encryption' | 'encryptionKey'> {
  if (key === undefined) return { encryption: StreamEncryption.MANAGED };
  return { encryption: StreamEncryption.KMS, encryptionKey: key };
}

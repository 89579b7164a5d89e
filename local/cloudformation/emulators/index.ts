import type { Emulator } from '../emulator.ts';
import { appsyncApi, appsyncApiKey, appsyncChannelNamespace } from './appsync.ts';
import { bucketDeployment } from './bucket-deployment.ts';
import {
  cloudfrontDistribution,
  cloudfrontOriginAccessControl,
  cloudfrontResponseHeadersPolicy,
} from './cloudfront.ts';
import { customResource } from './custom-resource.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { iamManagedPolicy, iamRole } from './iam.ts';
import { kinesisStream } from './kinesis-stream.ts';
import { kmsAlias, kmsKey } from './kms.ts';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { s3Bucket } from './s3-bucket.ts';
import { sqsQueue } from './sqs-queue.ts';
import { withoutEffectTypes } from './without-effect.ts';

/** Every CloudFormation type that the local runtime knows, but for those that apps name themselves. */
const emulators: Readonly<Record<string, Emulator>> = {
  'AWS::AppSync::Api': appsyncApi,
  'AWS::AppSync::ApiKey': appsyncApiKey,
  'AWS::AppSync::ChannelNamespace': appsyncChannelNamespace,
  'AWS::CloudFormation::CustomResource': customResource,
  'AWS::CloudFront::Distribution': cloudfrontDistribution,
  'AWS::CloudFront::OriginAccessControl': cloudfrontOriginAccessControl,
  'AWS::CloudFront::ResponseHeadersPolicy': cloudfrontResponseHeadersPolicy,
  'AWS::DynamoDB::Table': dynamodbTable,
  'AWS::IAM::ManagedPolicy': iamManagedPolicy,
  'AWS::IAM::Role': iamRole,
  'AWS::KMS::Alias': kmsAlias,
  'AWS::KMS::Key': kmsKey,
  'AWS::Kinesis::Stream': kinesisStream,
  'AWS::Lambda::EventSourceMapping': lambdaEventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::S3::Bucket': s3Bucket,
  'AWS::SQS::Queue': sqsQueue,
  'Custom::CDKBucketDeployment': bucketDeployment,
  ...withoutEffectTypes,
};

/** @returns undefined for a type that the local runtime does not know: it stops then */
export function emulatorOf(type: string): Emulator | undefined {
  if (Object.hasOwn(emulators, type)) return emulators[type];
  return type.startsWith('Custom::') ? customResource : undefined;
}

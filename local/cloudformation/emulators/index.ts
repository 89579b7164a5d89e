import type { Emulator } from '../emulator.ts';
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
  'AWS::CloudFormation::CustomResource': customResource,
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
  ...withoutEffectTypes,
};

/** @returns undefined for a type that the local runtime does not know: it stops then */
export function emulatorOf(type: string): Emulator | undefined {
  if (type.startsWith('Custom::')) return customResource;
  return Object.hasOwn(emulators, type) ? emulators[type] : undefined;
}

import { type AwsAnswer, type AwsCall, errorAnswer } from '../proxy/aws-call.ts';
import { hostBucket } from './rights/s3.ts';

/** What the targets of the JSON protocols begin with. */
const targets: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB_20120810.',
  kinesis: 'Kinesis_20131202.',
  kms: 'TrentService.',
  sqs: 'AmazonSQS.',
};

/**
 * Whether a call is signed for another service than it is for: its rights would be asked of one, and an engine, which does
 * not look at what a signature is for, would do the other's work. S3 has no target, the JSON protocols have one path.
 */
export function isMisdirected({ service, method, path, headers }: AwsCall): boolean {
  const { 'x-amz-target': target, 'content-type': type } = headers;
  if (service === 'appsync') return target !== undefined || path !== '/event';
  if (service === 's3') return target !== undefined;
  if (service === 'sqs' && target === undefined) {
    // The older protocol.
    return method !== 'POST' || type?.includes('x-www-form-urlencoded') !== true;
  }
  const prefix = Object.hasOwn(targets, service) ? targets[service] : undefined;
  const isTargeted = prefix !== undefined && typeof target === 'string' && target.startsWith(prefix);
  return !isTargeted || method !== 'POST' || path.split('?')[0] !== '/' || hostBucket(headers) !== '';
}

/** IAM User Guide, Troubleshoot Signature Version 4: the credential scope. */
export function misdirectedAnswer({ service }: Pick<AwsCall, 'service'>): AwsAnswer {
  const message = `Credential should be scoped to correct service, which '${service}' is not.`;
  return errorAnswer(400, 'InvalidSignatureException', message);
}

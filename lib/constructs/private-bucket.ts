import { Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  type ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface PrivateBucketProps {
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** Deleted or replaced objects are kept for so long after that, so that it can be undone. */
const keep = { noncurrent: Duration.days(30), uploads: Duration.days(7) };

/**
 * A bucket that nobody reaches but by TLS and with a right. Its name is CloudFormation's: names of buckets are one
 * space for everybody. What is in it stays, but for what `expiring` lets go; with a `lock` nobody can end that before its
 * time.
 */
export function privateBucket(
  scope: Construct,
  { settings, encryption }: PrivateBucketProps,
  expiring: readonly LifecycleRule[] = [],
  lock?: ObjectLockRetention,
): Bucket {
  return new Bucket(scope, 'Bucket', {
    ...bucketEncryption(encryption),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      ...expiring,
      { id: 'noncurrent-versions', noncurrentVersionExpiration: keep.noncurrent },
      { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: keep.uploads },
    ],
    ...(lock && { objectLockDefaultRetention: lock }),
    removalPolicy: removalPolicy(settings),
  });
}

/** With a bucket key S3 asks KMS once for many objects. */
function bucketEncryption({ key }: Encryption): BucketProps {
  if (key === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

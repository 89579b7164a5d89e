import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface ArtifactsBucketProps {
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** Lambda chooses the keys below this: aws/lambda/<mapping>/<shard>/<time>-<uuid>. */
export const failedBatchesPrefix = 'aws/lambda/';

/** Failed batches are kept for so long after they were written; deleted or replaced ones for so long after that. */
const keep = { batches: Duration.days(365), noncurrent: Duration.days(30), uploads: Duration.days(7) };

/** Where a mapping leaves a batch that it gave up, with its full payload. */
export class ArtifactsBucket extends Construct {
  readonly bucket: IBucket;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: ArtifactsBucketProps) {
    super(scope, id);
    this.encryption = props.encryption;
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketEncryption(props.encryption),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { id: 'failed-batches', prefix: failedBatchesPrefix, expiration: keep.batches },
        { id: 'noncurrent-versions', noncurrentVersionExpiration: keep.noncurrent },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: keep.uploads },
      ],
      removalPolicy: removalPolicy(props.settings),
    });
  }

  /** Lets a function's mapping write what it gave up: these two actions are what Lambda asks for. */
  grantFailedBatches(grantee: IGrantable): Grant {
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    const put = Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [this.bucket.arnForObjects(`${failedBatchesPrefix}*`)],
    });
    return list.combine(put).combine(this.encryption.grantEncrypt(grantee));
  }

  /**
   * The bucket as a mapping's on-failure destination. CDK's own S3OnFailureDestination also lets the
   * function read and delete every object of the bucket.
   */
  get onFailure(): IEventSourceDlq {
    return { bind: () => ({ destination: this.bucket.bucketArn }) };
  }
}

/** With a bucket key S3 asks KMS once for many objects. */
function bucketEncryption({ key }: Encryption): BucketProps {
  if (key === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import { type PrivateBucketProps, privateBucket } from './private-bucket.ts';

/** Lambda chooses the keys below this: aws/lambda/<mapping>/<shard>/<time>-<uuid>. */
export const failedBatchesPrefix = 'aws/lambda/';

/** Failed batches are kept for so long after they were written. */
const expiration = Duration.days(365);

/** Where a mapping leaves a batch that it gave up, with its full payload. */
export class ArtifactsBucket extends Construct {
  readonly bucket: IBucket;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.encryption = props.encryption;
    this.bucket = privateBucket(this, props, [
      { id: 'failed-batches', prefix: failedBatchesPrefix, expiration },
    ]);
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

  /** See whether there are failed batches. For people (access-policies.ts). */
  grantListFailedBatches(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
  }

  /** Read a failed batch, and take it away when it is settled. For people (access-policies.ts). */
  grantSettleFailedBatches(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:DeleteObject', 's3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(`${failedBatchesPrefix}*`)],
    }).combine(this.encryption.grantDecrypt(grantee));
  }

  /**
   * The bucket as a mapping's on-failure destination. CDK's own S3OnFailureDestination also lets the
   * function read and delete every object of the bucket.
   */
  get onFailure(): IEventSourceDlq {
    return { bind: () => ({ destination: this.bucket.bucketArn }) };
  }
}

import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Where the live function puts what a new viewer reads first. */
export const snapshotsPrefix = 'live/';

/** A lottery of which nothing is said any more is shown for so long. */
const snapshotsExpiration = Duration.days(400);

/**
 * The page's files, and the snapshots. Everybody may read it, by way of the distribution; nothing in it is the only copy. Two
 * snapshots a second and lottery leave no versions behind.
 */
export class SiteBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        { id: 'snapshots', prefix: snapshotsPrefix, expiration: snapshotsExpiration },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Of the bucket in its stack. */
  get logicalId(): string {
    return Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
  }

  grantPutSnapshots(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [this.bucket.arnForObjects(`${snapshotsPrefix}*`)],
    });
  }
}

import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Where a mapping leaves a batch that it gave up, with its full payload. */
export class ArtifactsBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: settings.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
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
      // Lambda chooses the keys: aws/lambda/<mapping id>/<shard>/<time>-<uuid>.
      resourceArns: [this.bucket.arnForObjects('aws/lambda/*')],
    });
    return list.combine(put);
  }

  /**
   * The bucket as a mapping's on-failure destination. CDK's own S3OnFailureDestination also lets the
   * function read and delete every object of the bucket.
   */
  get onFailure(): IEventSourceDlq {
    return { bind: () => ({ destination: this.bucket.bucketArn }) };
  }
}

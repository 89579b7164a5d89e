import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import { type PrivateBucketProps, privateBucket } from './private-bucket.ts';

/** What is in the bucket, each object below its prefix, named by the SHA-256 of its bytes. */
export const drawsPrefixes = {
  /** The entries of one batch of clicks, by draw. */
  blocks: 'blocks/',
  /** Names of blocks, of a draw that has more than its item holds. */
  lists: 'lists/',
} as const;

type Kind = keyof typeof drawsPrefixes;

/**
 * What draws are made of. An object is named by its contents, so that none is ever changed: one that is put again, when
 * a batch comes again, is the same. Nothing expires, as a draw can be verified only as long as its entries are there.
 *
 * Versions are kept for all that, for a while: the name is given by whoever puts the object, and who may put can put
 * something else under a name that is there. That, and a deletion by hand, can then be undone.
 */
export class DrawsBucket extends Construct {
  readonly bucket: IBucket;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.encryption = props.encryption;
    this.bucket = privateBucket(this, props);
  }

  /** Put the entries of a batch where the draw finds them. Who puts them has no need to read them. */
  grantKeepBlocks(grantee: IGrantable): Grant {
    return this.grantPut(grantee, 'blocks');
  }

  /**
   * Read the entries of a draw, and keep the names of blocks that are too many for an item. Who may not list a bucket is
   * told of an object that is not there as of one that it may not read (S3 API reference, GetObject).
   */
  grantDraw(grantee: IGrantable): Grant {
    const mayList = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    return this.grant(grantee, 's3:GetObject', 'blocks', 'lists')
      .combine(mayList)
      .combine(this.encryption.grantDecrypt(grantee))
      .combine(this.grantPut(grantee, 'lists'));
  }

  private grantPut(grantee: IGrantable, kind: Kind): Grant {
    return this.grant(grantee, 's3:PutObject', kind).combine(this.encryption.grantEncrypt(grantee));
  }

  private grant(grantee: IGrantable, action: string, ...kinds: Kind[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: kinds.map((kind) => this.bucket.arnForObjects(`${drawsPrefixes[kind]}*`)),
    });
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import {
  AnyPrincipal,
  Effect,
  Grant,
  type IGrantable,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type Bucket, type IBucket, type LifecycleRule, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { type PrivateBucketProps, privateBucket } from './private-bucket.ts';

/** What is in the bucket, each object below its prefix; all but the archive's are named by the SHA-256 of their bytes. */
export const drawsPrefixes = {
  /** The entries of one batch of clicks, by draw. */
  blocks: 'blocks/',
  /** Names of blocks, of a draw that has more than its item holds. */
  lists: 'lists/',
  /** What anyone recomputes a draw from: one a draw. */
  sheets: 'sheets/',
  /** What was on the output streams, by shard and sequence numbers. */
  archive: 'archive/',
} as const;

type Kind = keyof typeof drawsPrefixes;

/**
 * What draws are made of, and the archive of what was announced. An object is named by its contents, or by the records in
 * it, so that none is ever changed: one that is put again, when a batch comes again, is the same. A draw can be verified only as long as its entries are there: they stay for
 * `drawsRetentionDays`, and nobody deletes them before. Only S3 does, which no policy of a bucket holds up (S3 User Guide,
 * "Managing the lifecycle of objects"); what is locked goes when it may (the same guide, "Object Lock considerations").
 *
 * Versions are kept for all that, for a while: the name is given by whoever puts the object, and who may put can put
 * something else under a name that is there. That can then be undone.
 */
export class DrawsBucket extends Construct {
  readonly bucket: IBucket;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.encryption = props.encryption;
    const bucket = privateBucket(this, props, expiring(props.settings), lock(props.settings));
    bucket.addToResourcePolicy(nobodyDeletes(bucket));
    this.bucket = bucket;
    if (props.settings.livePage === 'on') this.showSheets(bucket);
  }

  /** Put the entries of a batch where the draw finds them. Who puts them has no need to read them. */
  grantKeepBlocks(grantee: IGrantable): Grant {
    return this.grantPut(grantee, 'blocks');
  }

  /**
   * Read the entries of a draw, keep the names of blocks that are too many for an item, and its sheet. Who may not list a
   * bucket is told of an object that is not there as of one that it may not read (S3 API reference, GetObject).
   */
  grantDraw(grantee: IGrantable): Grant {
    return this.grant(grantee, 's3:GetObject', 'blocks', 'lists')
      .combine(this.grantList(grantee))
      .combine(this.encryption.grantDecrypt(grantee))
      .combine(this.grantPut(grantee, 'lists', 'sheets'));
  }

  /** Keep what was on the output streams. Who keeps it has no need to read it. */
  grantArchive(grantee: IGrantable): Grant {
    return this.grantPut(grantee, 'archive');
  }

  /** Read all of it: what is exported, and the entries of draws that wait, which are counted. For people (access-policies.ts). */
  grantLook(grantee: IGrantable): Grant {
    return this.grantList(grantee)
      .combine(this.grant(grantee, 's3:GetObject', 'archive', 'blocks', 'lists', 'sheets'))
      .combine(this.encryption.grantDecrypt(grantee));
  }

  private grantList(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
  }

  /** To the page's distribution, which is made later than the bucket: to any of the account's. */
  private showSheets(bucket: Bucket): void {
    const { partition, account } = Stack.of(this);
    const conditions = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/*` },
    };
    const principals = [new ServicePrincipal('cloudfront.amazonaws.com')];
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...{ sid: 'PageShowsSheets', principals, conditions, actions: ['s3:GetObject'] },
        resources: [bucket.arnForObjects(`${drawsPrefixes.sheets}*`)],
      }),
    );
    this.encryption.key?.addToResourcePolicy(
      new PolicyStatement({
        ...{ sid: 'PageShowsSheets', principals, conditions, actions: ['kms:Decrypt'], resources: ['*'] },
      }),
    );
  }

  private grantPut(grantee: IGrantable, ...kinds: Kind[]): Grant {
    return this.grant(grantee, 's3:PutObject', ...kinds).combine(this.encryption.grantEncrypt(grantee));
  }

  private grant(grantee: IGrantable, action: string, ...kinds: Kind[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: kinds.map((kind) => this.bucket.arnForObjects(`${drawsPrefixes[kind]}*`)),
    });
  }
}

function expiring({ drawsRetentionDays }: Settings): LifecycleRule[] {
  if (drawsRetentionDays === 'forever') return [];
  const expiration = Duration.days(drawsRetentionDays);
  return Object.entries(drawsPrefixes).map(([id, prefix]) => ({ id, prefix, expiration }));
}

/** Each put has to have a checksum then (S3 API reference, PutObject): the SDK sends one. */
function lock({ drawsObjectLock, drawsRetentionDays }: Settings): ObjectLockRetention | undefined {
  if (drawsObjectLock === 'off' || drawsRetentionDays === 'forever') return undefined;
  const duration = Duration.days(drawsRetentionDays);
  return drawsObjectLock === 'governance'
    ? ObjectLockRetention.governance(duration)
    : ObjectLockRetention.compliance(duration);
}

/**
 * Whatever a role may elsewhere. It does not stop the deletion of the stack, which takes the policy away first, nor a change
 * of policy or lifecycle: to deny those too would make each later deployment of them fail, and bind everybody but the
 * account's root, who may always put a policy (S3 API reference, PutBucketPolicy). They are calls which CloudTrail keeps
 * without being asked, as it does not a deletion of objects; who wants it impossible has the lock.
 */
function nobodyDeletes(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'NobodyDeletes',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:DeleteObject*'],
    resources: [bucket.arnForObjects('*')],
  });
}

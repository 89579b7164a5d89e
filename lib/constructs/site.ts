import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { drawsPrefixes } from './draws-bucket.ts';
import type { EventApi } from './event-api.ts';
import { type SiteBucket, snapshotsPrefix } from './site-bucket.ts';
import { siteFiles } from './site-files.ts';

export interface SiteProps {
  /** Prefix of the names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly siteBucket: SiteBucket;
  readonly drawsBucket: IBucket;
  readonly eventApi: EventApi;
}

/** As long as browsers take it, without asking for a list of theirs. */
const strictTransport = Duration.days(730);

/** The page, by HTTPS: its files, the snapshots, and the sheets of draws, with which whoever looks at it checks them. */
export class Site extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id);
    const { environment, siteBucket, eventApi } = props;
    const responseHeadersPolicy = this.headers(props);
    const behavior = (origin: IOrigin, cachePolicy: BehaviorOptions['cachePolicy']) => ({
      ...{ origin, responseHeadersPolicy, compress: true },
      ...(cachePolicy && { cachePolicy }),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    });
    const files = S3BucketOrigin.withOriginAccessControl(siteBucket.bucket);
    const sheets = S3BucketOrigin.withOriginAccessControl(this.imported(props.drawsBucket));
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `${environment} lotteries`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: behavior(files, CachePolicy.CACHING_OPTIMIZED),
      additionalBehaviors: {
        [`/${snapshotsPrefix}*`]: behavior(files, CachePolicy.CACHING_DISABLED),
        // A sheet is named by its contents: it never changes.
        [`/${drawsPrefixes.sheets}*`]: behavior(sheets, CachePolicy.CACHING_OPTIMIZED),
      },
    });
    new BucketDeployment(this, 'Files', {
      destinationBucket: siteBucket.bucket,
      sources: [
        ...siteFiles().map(({ path, contents }) => Source.data(path, contents)),
        Source.jsonData('config.json', {
          environment,
          realtime: `wss://${eventApi.realtimeHost}/event/realtime`,
          host: eventApi.httpHost,
          apiKey: eventApi.apiKey,
          snapshots: `/${snapshotsPrefix}`,
          sheets: `/${drawsPrefixes.sheets}`,
          local: false,
        }),
      ],
      logGroup: this.deployerLog(props),
      // The snapshots lie in the same bucket, and are not among the sources.
      prune: false,
      cacheControl: [CacheControl.noCache()],
    });
  }

  /** CDK's own would stay when the stack goes. */
  private deployerLog({ settings }: SiteProps): LogGroup {
    const { logRetentionDays: retention } = settings;
    return new LogGroup(this, 'FilesLog', { retention, removalPolicy: RemovalPolicy.DESTROY });
  }

  private headers({ environment, eventApi }: SiteProps): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `${environment}-lotteries`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policyFor(eventApi), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: strictTransport,
          includeSubdomains: true,
          override: true,
        },
      },
    });
  }

  /** By name: its policy is of the stateful stack, which knows no distribution yet and lets in all of the account's. */
  private imported({ bucketName, bucketRegionalDomainName }: IBucket): IBucket {
    return Bucket.fromBucketAttributes(this, 'DrawsBucket', { bucketName, bucketRegionalDomainName });
  }
}

/** Nothing but the page's own, and the one socket. */
function policyFor({ realtimeHost }: EventApi): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' wss://${realtimeHost}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

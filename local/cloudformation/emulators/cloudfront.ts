import { z } from 'zod';
import type { Behavior } from '../../page/distribution.ts';
import { type Account, defineEmulator, type Emulator, generatedName, pageOf, placeOf } from '../emulator.ts';

/** CloudFront Developer Guide, "Use managed cache policies": the one that compresses. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';

const behavior = z.object({
  TargetOriginId: z.string(),
  CachePolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  Compress: z.boolean().default(false),
});

const distributionConfig = z.object({
  DefaultRootObject: z.string().optional(),
  Origins: z.array(z.object({ Id: z.string(), DomainName: z.string() })),
  DefaultCacheBehavior: behavior,
  CacheBehaviors: z.array(behavior.extend({ PathPattern: z.string() })).default([]),
  CustomErrorResponses: z.undefined({ error: 'is not emulated' }).optional(),
});

/** Serves its buckets by HTTP on the page's port. Nothing is cached there, and TLS is none. */
export const cloudfrontDistribution = defineEmulator({
  properties: z.object({ DistributionConfig: distributionConfig }),
  irrelevant: ['Tags'],
  async create({ DistributionConfig: config }, request, account) {
    const page = pageOf(request, account);
    const behaviorOf = (pattern: string, from: z.output<typeof behavior>): Behavior => {
      const origin = config.Origins.find(({ Id }) => Id === from.TargetOriginId);
      const [, bucket] = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(origin?.DomainName ?? '') ?? [];
      if (bucket === undefined) {
        throw new Error(
          `${placeOf(request)}: the origin ${from.TargetOriginId} is no bucket: others are not emulated`,
        );
      }
      const headers = headersOf(from.ResponseHeadersPolicyId, page);
      const isCompressed = from.Compress && from.CachePolicyId === CACHING_OPTIMIZED;
      return { pattern, bucket, headers, isCompressed };
    };
    const behaviors = [
      ...config.CacheBehaviors.map((each) => behaviorOf(each.PathPattern, each)),
      behaviorOf('*', config.DefaultCacheBehavior),
    ];
    try {
      page.distribution.define({ defaultRootObject: config.DefaultRootObject, behaviors });
    } catch (error) {
      throw new Error(`${placeOf(request)}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
    const id = generatedName(request);
    return { ref: id, attributes: { Id: id, DomainName: page.host } };
  },
});

const override = z.object({ Override: z.boolean() });

const securityHeaders = z.strictObject({
  ContentSecurityPolicy: override.extend({ ContentSecurityPolicy: z.string() }).optional(),
  ContentTypeOptions: override.optional(),
  FrameOptions: override.extend({ FrameOption: z.string() }).optional(),
  ReferrerPolicy: override.extend({ ReferrerPolicy: z.string() }).optional(),
  StrictTransportSecurity: override
    .extend({
      AccessControlMaxAgeSec: z.number(),
      IncludeSubdomains: z.boolean().default(false),
      Preload: z.boolean().default(false),
    })
    .optional(),
});

type Page = NonNullable<Account['page']>;

const policies = new WeakMap<Page, Map<string, Readonly<Record<string, string>>>>();

export const cloudfrontResponseHeadersPolicy = defineEmulator({
  properties: z.object({
    ResponseHeadersPolicyConfig: z.object({ SecurityHeadersConfig: securityHeaders.default({}) }),
  }),
  irrelevant: [],
  async create({ ResponseHeadersPolicyConfig: { SecurityHeadersConfig } }, request, account) {
    const id = generatedName(request);
    const page = pageOf(request, account);
    const known = policies.get(page) ?? new Map();
    known.set(id, inHeaders(SecurityHeadersConfig));
    policies.set(page, known);
    return { ref: id, attributes: { Id: id } };
  },
});

/** The distribution reads its buckets whatever its policies say: what is not in a behavior of it, it does not read. */
export const cloudfrontOriginAccessControl: Emulator = {
  async create(request) {
    const id = generatedName(request);
    return { ref: id, attributes: { Id: id } };
  },
};

function headersOf(policyId: string | undefined, page: Page): Readonly<Record<string, string>> {
  return (policyId !== undefined && policies.get(page)?.get(policyId)) || {};
}

function inHeaders(config: z.output<typeof securityHeaders>): Record<string, string> {
  const { StrictTransportSecurity: transport } = config;
  const age = transport && [
    `max-age=${transport.AccessControlMaxAgeSec}`,
    ...(transport.IncludeSubdomains ? ['includeSubDomains'] : []),
    ...(transport.Preload ? ['preload'] : []),
  ];
  return {
    ...(config.ContentSecurityPolicy && {
      'content-security-policy': config.ContentSecurityPolicy.ContentSecurityPolicy,
    }),
    ...(config.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    ...(config.FrameOptions && { 'x-frame-options': config.FrameOptions.FrameOption }),
    ...(config.ReferrerPolicy && { 'referrer-policy': config.ReferrerPolicy.ReferrerPolicy }),
    ...(age && { 'strict-transport-security': age.join('; ') }),
  };
}

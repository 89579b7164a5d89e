import { describe, expect, it } from 'vitest';
import { resources, synthesizeLive } from './synthesize.ts';

const template = synthesizeLive('dev');

const propertiesOf = (type: string) =>
  Object.values(resources(template, type)).map(({ Properties }) => Properties);

describe('the stack of the page', () => {
  it('tells its addresses, and no key: its id alone', () => {
    const outputs = Object.keys(template.toJSON().Outputs);
    expect(outputs.sort()).toEqual([
      'LiveApiKeyId',
      'LiveHttpEndpoint',
      'LivePageUrl',
      'LiveRealtimeEndpoint',
    ]);
  });

  it('leaves nothing behind: the streams have all that it is made of', () => {
    for (const [id, one] of Object.entries(template.toJSON().Resources)) {
      expect([id, (one as { DeletionPolicy?: string }).DeletionPolicy ?? 'Delete']).toEqual([id, 'Delete']);
    }
  });

  it('lets everybody subscribe who has the key, and only roles publish', () => {
    expect(propertiesOf('AWS::AppSync::Api')[0]?.EventConfig).toMatchObject({
      ConnectionAuthModes: [{ AuthType: 'API_KEY' }],
      DefaultPublishAuthModes: [{ AuthType: 'AWS_IAM' }],
      DefaultSubscribeAuthModes: [{ AuthType: 'API_KEY' }],
    });
  });

  it('has a key for longer than ten months and no longer than AppSync keeps one', () => {
    const days = (Number(propertiesOf('AWS::AppSync::ApiKey')[0]?.Expires) - Date.now() / 1_000) / 86_400;
    expect(days).toBeGreaterThan(300);
    expect(days).toBeLessThan(365);
  });

  it('answers with headers that let nothing in but its own', () => {
    const [policy] = propertiesOf('AWS::CloudFront::ResponseHeadersPolicy');
    const text = JSON.stringify(policy);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      '"FrameOption":"DENY"',
      '"ContentTypeOptions":{"Override":true}',
      '"ReferrerPolicy":"no-referrer"',
      '"AccessControlMaxAgeSec":63072000',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('serves the page, its snapshots and the sheets of draws, and of the draws bucket nothing else', () => {
    const [distribution] = propertiesOf('AWS::CloudFront::Distribution');
    const config = distribution?.DistributionConfig as {
      Origins: { Id: string; DomainName: unknown; OriginAccessControlId?: unknown }[];
      CacheBehaviors: { PathPattern: string; TargetOriginId: string }[];
    };
    const originOf = (id: string) => JSON.stringify(config.Origins.find(({ Id }) => Id === id)?.DomainName);
    const behaviors = config.CacheBehaviors.map(({ PathPattern, TargetOriginId }) => [
      PathPattern,
      originOf(TargetOriginId).includes('DrawsBucket') ? 'draws' : 'site',
    ]);
    expect(behaviors).toEqual([
      ['/live/*', 'site'],
      ['/sheets/*', 'draws'],
    ]);
    for (const { OriginAccessControlId } of config.Origins) expect(OriginAccessControlId).toBeDefined();
  });

  it('reads both output streams, at once when there is something', () => {
    const mappings = propertiesOf('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(2);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        BatchSize: 1_000,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 1,
      });
    }
  });
});

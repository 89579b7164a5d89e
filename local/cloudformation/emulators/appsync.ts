import { createHash } from 'node:crypto';
import { z } from 'zod';
import { eventsApiArn } from '../../iam/rights/appsync.ts';
import { EVENTS_API_ID } from '../../page/events-api.ts';
import { defineEmulator, generatedName, pageOf, placeOf } from '../emulator.ts';

const authModes = z.array(z.object({ AuthType: z.string() }));

/** An Event API. Whoever connects and subscribes has a key, and whoever publishes a role: other ways are not emulated. */
export const appsyncApi = defineEmulator({
  properties: z.object({
    Name: z.string(),
    EventConfig: z.object({
      ConnectionAuthModes: authModes,
      DefaultPublishAuthModes: authModes,
      DefaultSubscribeAuthModes: authModes,
      AuthProviders: authModes,
    }),
  }),
  irrelevant: ['OwnerContact', 'Tags'],
  async create({ EventConfig }, request, account) {
    const { ConnectionAuthModes, DefaultPublishAuthModes, DefaultSubscribeAuthModes } = EventConfig;
    const isKeyed = [ConnectionAuthModes, DefaultSubscribeAuthModes].every((modes) =>
      isOnly(modes, 'API_KEY'),
    );
    if (!isKeyed || !isOnly(DefaultPublishAuthModes, 'AWS_IAM')) {
      throw new Error(
        `${placeOf(request)}: EventConfig: only keys for who subscribes and IAM for who publishes are emulated`,
      );
    }
    const page = pageOf(request, account);
    try {
      page.events.define();
    } catch (error) {
      throw new Error(`${placeOf(request)}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
    const { host } = page;
    const arn = eventsApiArn(account);
    return {
      ref: arn,
      attributes: { ApiArn: arn, ApiId: EVENTS_API_ID, 'Dns.Http': host, 'Dns.Realtime': host },
    };
  },
});

export const appsyncChannelNamespace = defineEmulator({
  properties: z.object({
    ApiId: z.string(),
    Name: z.string(),
    // Code of its own, which an empty one has not.
    HandlerConfigs: z.strictObject({}).optional(),
  }),
  irrelevant: ['Tags'],
  async create({ Name }, request, account) {
    pageOf(request, account).events.addNamespace(Name);
    const arn = `${eventsApiArn(account)}/channelNamespace/${Name}`;
    return { ref: arn, attributes: { ChannelNamespaceArn: arn } };
  },
});

export const appsyncApiKey = defineEmulator({
  properties: z.object({ ApiId: z.string() }),
  irrelevant: ['ApiKeyId', 'Description', 'Expires', 'Tags'],
  async create({ ApiId }, request, account) {
    const id = generatedName(request);
    // The same at each start: a page that stays open goes on.
    const key = `da2-${createHash('sha256').update(`${ApiId}/${id}`).digest('hex').slice(0, 26)}`;
    pageOf(request, account).events.addKey(key);
    const arn = `${eventsApiArn(account)}/apikeys/${key}`;
    return { ref: arn, attributes: { Arn: arn, ApiKey: key, ApiKeyId: key } };
  },
});

function isOnly(modes: z.output<typeof authModes>, type: string): boolean {
  return modes.length > 0 && modes.every(({ AuthType }) => AuthType === type);
}

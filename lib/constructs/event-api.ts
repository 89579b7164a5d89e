import { Expiration } from 'aws-cdk-lib';
import { AppSyncAuthorizationType, EventApi as AppSyncEventApi } from 'aws-cdk-lib/aws-appsync';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface EventApiProps {
  /** Prefix of the name: the environment. */
  readonly environment: string;
}

/** First part of every channel's name. */
export const liveNamespace = 'lotteries';

/** AppSync keeps a key for 365 days at most. */
const monthsOfKey = 11;

/**
 * Where the page gets its messages from. Whoever has the page's key may connect and subscribe, which is everybody: the key is
 * in the page, no secret, and is there to be counted and to be taken away. Only the live function publishes.
 */
export class EventApi extends Construct {
  private readonly api: AppSyncEventApi;

  constructor(scope: Construct, id: string, { environment }: EventApiProps) {
    super(scope, id);
    const { API_KEY, IAM } = AppSyncAuthorizationType;
    this.api = new AppSyncEventApi(this, 'Api', {
      apiName: `${environment}-lotteries`,
      authorizationConfig: {
        authProviders: [
          { authorizationType: API_KEY, apiKeyConfig: { expires: expiryOf(new Date()) } },
          { authorizationType: IAM },
        ],
        connectionAuthModeTypes: [API_KEY],
        defaultPublishAuthModeTypes: [IAM],
        defaultSubscribeAuthModeTypes: [API_KEY],
      },
    });
    this.api.addChannelNamespace(liveNamespace);
  }

  /** Host and port. */
  get httpHost(): string {
    return this.api.httpDns;
  }

  get realtimeHost(): string {
    return this.api.realtimeDns;
  }

  /** What the page signs its subscriptions with. */
  get apiKey(): string {
    const key = this.api.apiKeys.Default?.attrApiKey;
    if (key === undefined) throw new Error('The Event API has no key');
    return key;
  }

  get apiKeyId(): string {
    const key = this.api.apiKeys.Default?.attrApiKeyId;
    if (key === undefined) throw new Error('The Event API has no key');
    return key;
  }

  grantPublish(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['appsync:EventPublish'],
      resourceArns: [`${this.api.apiArn}/channelNamespace/${liveNamespace}`],
    });
  }
}

/** By the month, so that what is synthesized twice is the same: any deployment in a later month renews the key. */
function expiryOf(now: Date): Expiration {
  return Expiration.atDate(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsOfKey, 1)));
}

import type { BaseOptions } from '@platformatic/kafka';
import { requestTimeoutMs } from '../../contract/waiting.ts';
import type { BrokerCredentials } from './broker-secret.ts';

/** How brokers are reached. Without encryption only where nobody has to say who he is. */
export interface BrokerAccess {
  /** `host:port` of some of them, from which all others are learned. */
  readonly bootstrapServers: readonly string[];
  readonly auth: BrokerAuth;
}

export type BrokerAuth =
  | { readonly kind: 'none' }
  /** Asked at each connection. */
  | { readonly kind: 'scram'; readonly credentials: () => Promise<BrokerCredentials> }
  /** Of MSK (msk-token.ts). */
  | { readonly kind: 'iam'; readonly token: () => Promise<string> };

/**
 * Options of all clients of Kafka. Each of their waits ends: a connection that died while the function was frozen is noticed by
 * that alone.
 */
export function connectionOptions({ bootstrapServers, auth }: BrokerAccess): BaseOptions {
  return {
    clientId: 'lottery-streams',
    bootstrapBrokers: [...bootstrapServers],
    ...securityOf(auth),
    connectTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // The broker's own wait for its replicas: its answer is to come before nobody waits for it any more.
    timeout: requestTimeoutMs - 1_000,
    // An idempotent producer takes less than two for endless.
    retries: 2,
    retryDelay: 200,
  };
}

function securityOf(auth: BrokerAuth): Pick<BaseOptions, 'sasl' | 'tls' | 'tlsServerName'> {
  if (auth.kind === 'none') return {};
  return { tls: {}, tlsServerName: true, sasl: saslOf(auth) };
}

function saslOf(auth: Exclude<BrokerAuth, { kind: 'none' }>): NonNullable<BaseOptions['sasl']> {
  if (auth.kind === 'iam') return { mechanism: 'OAUTHBEARER', token: auth.token };
  return {
    mechanism: 'SCRAM-SHA-512',
    username: async () => (await auth.credentials()).username,
    password: async () => (await auth.credentials()).password,
  };
}

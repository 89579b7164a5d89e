import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod/mini';
import { requestTimeoutMs } from '../contract/waiting.ts';
import { roleCredentials } from './role-credentials.ts';
import { Sha256 } from './sha256.ts';

/** As Lambda's mappings want it too. */
const secretSchema = z.object({ username: z.string(), password: z.string() });

export type BrokerCredentials = z.output<typeof secretSchema>;

const answerSchema = z.object({ SecretString: z.string() });

/** A secret that was changed is known after so long, ms: connections that are made at once ask once. */
const keptMs = 60_000;

/**
 * Reads user name and password for the brokers from Secrets Manager, with the rights of the function's role: one call, for which
 * a client of the SDK would be much.
 */
export class BrokerSecret {
  readonly #arn: string;
  readonly #now: () => number;
  #read: { readonly at: number; readonly credentials: Promise<BrokerCredentials> } | undefined;

  /** @param arn of the secret @param now ms since the epoch */
  constructor(arn: string, now: () => number) {
    this.#arn = arn;
    this.#now = now;
  }

  /** @throws Error that names the secret, and never what is in it */
  credentials(): Promise<BrokerCredentials> {
    const now = this.#now();
    if (this.#read !== undefined && now - this.#read.at < keptMs) return this.#read.credentials;
    const credentials = readSecret(this.#arn);
    this.#read = { at: now, credentials };
    credentials.catch(() => {
      this.#read = undefined;
    });
    return credentials;
  }
}

async function readSecret(arn: string): Promise<BrokerCredentials> {
  const response = await ask(arn);
  const text = await response.text();
  if (response.status !== 200) {
    throw new Error(`Secret ${arn} cannot be read: ${response.status} ${text.slice(0, 200)}`);
  }
  const secret = secretSchema.safeParse(
    parsed(answerSchema.safeParse(parsed(text)).data?.SecretString ?? ''),
  );
  if (!secret.success) throw new Error(`Secret ${arn} must be JSON with username and password`);
  return secret.data;
}

async function ask(arn: string): Promise<Response> {
  const [, , , region = ''] = arn.split(':');
  const { hostname, host, protocol, href } = endpointOf(region);
  const signer = new SignatureV4({
    ...{ service: 'secretsmanager', region, credentials: roleCredentials, sha256: Sha256 },
  });
  const signed = await signer.sign({
    ...{ method: 'POST', protocol, hostname, path: '/' },
    headers: {
      ...{ host, 'content-type': 'application/x-amz-json-1.1' },
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: arn }),
  });
  const { host: _host, ...headers } = signed.headers;
  return fetch(href, {
    ...{ method: 'POST', headers, body: signed.body, redirect: 'error' },
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
}

/** The SDK's own variable says where else, as for its clients. */
function endpointOf(region: string): URL {
  return new URL(
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? `https://secretsmanager.${region}.amazonaws.com`,
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

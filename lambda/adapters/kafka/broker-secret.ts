import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod/mini';
import { requestTimeoutMs } from '../../contract/waiting.ts';
import { Sha256 } from '../sha256.ts';

/** As Lambda's mappings want it too. */
const secretSchema = z.object({ username: z.string(), password: z.string() });

export type BrokerCredentials = z.output<typeof secretSchema>;

const answerSchema = z.object({ SecretString: z.string() });

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

export interface SecretOptions {
  /** Of the secret. */
  readonly arn: string;
  /** Whose rights read it. */
  readonly credentials: Credentials;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A secret that was changed is known after so long, ms: connections that are made at once ask once. */
const keptMs = 60_000;

/**
 * Reads user name and password for the brokers from Secrets Manager: one call, for which a client of the SDK would be much.
 */
export class BrokerSecret {
  readonly #options: SecretOptions;
  #read: { readonly at: number; readonly credentials: Promise<BrokerCredentials> } | undefined;

  constructor(options: SecretOptions) {
    this.#options = options;
  }

  /** @throws Error that names the secret, and never what is in it */
  credentials(): Promise<BrokerCredentials> {
    const now = this.#options.now();
    if (this.#read !== undefined && now - this.#read.at < keptMs) return this.#read.credentials;
    const credentials = readSecret(this.#options);
    this.#read = { at: now, credentials };
    credentials.catch(() => {
      this.#read = undefined;
    });
    return credentials;
  }
}

async function readSecret(options: SecretOptions): Promise<BrokerCredentials> {
  const { arn } = options;
  const response = await ask(options);
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

async function ask({ arn, credentials }: SecretOptions): Promise<Response> {
  const [, , , region = ''] = arn.split(':');
  const { hostname, host, protocol, href } = endpointOf(region);
  const signer = new SignatureV4({
    ...{ service: 'secretsmanager', region, credentials, sha256: Sha256 },
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

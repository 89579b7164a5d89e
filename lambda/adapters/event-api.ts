import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod/mini';
import { publishTimeoutMs } from '../contract/live.ts';
import type { LiveMessages } from '../ports/live.ts';
import { sleep } from './retry.ts';
import { roleCredentials } from './role-credentials.ts';
import { Sha256 } from './sha256.ts';

const answerSchema = z.object({ failed: z.array(z.unknown()) });

/**
 * Between attempts, where the API is throttled or fails: whoever gives up holds his claim on the lottery for seconds more, in which
 * nobody sees anything new of it.
 */
const pausesMs = [100, 200, 400];

/** Of an answer that is an error. */
const shownCharacters = 200;

/**
 * Publishes to an Event API of AppSync, by HTTP, with the rights of the function's role. A message that is published again,
 * as its answer was lost, comes twice: whoever reads goes by its version.
 */
export class EventApi implements LiveMessages {
  readonly #url: URL;
  readonly #namespace: string;
  readonly #signer: SignatureV4;

  /** @param url of its HTTP endpoint, `https://<host>/event` @throws TypeError where it is none */
  constructor(url: string, namespace: string, region: string) {
    this.#url = overLoopback(new URL(url));
    this.#namespace = namespace;
    this.#signer = new SignatureV4({
      service: 'appsync',
      region,
      credentials: roleCredentials,
      sha256: Sha256,
    });
  }

  async publish(name: string, json: string): Promise<void> {
    // All its attempts: what comes later than that, a newer one may have gone before.
    const signal = AbortSignal.timeout(publishTimeoutMs);
    let answer = await this.#send(name, json, signal);
    for (const pause of pausesMs) {
      if (answer.status !== 429 && answer.status < 500) break;
      await sleep(pause);
      answer = await this.#send(name, json, signal);
    }
    const { status, text } = answer;
    if (status === 200 && answerSchema.safeParse(parsed(text)).data?.failed.length === 0) return;
    throw new Error(`The message was not taken: ${status} ${text.slice(0, shownCharacters)}`);
  }

  async #send(name: string, json: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const { hostname, host, pathname, protocol } = this.#url;
    const signed = await this.#signer.sign({
      ...{ method: 'POST', protocol, hostname, path: pathname },
      headers: { host, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: `/${this.#namespace}/${name}`, events: [json] }),
    });
    const { host: _host, ...headers } = signed.headers;
    const response = await fetch(this.#url, {
      ...{ method: signed.method, headers, body: signed.body, redirect: 'error', signal },
    });
    return { status: response.status, text: await response.text() };
  }
}

/** What does not leave the machine is not encrypted: nobody has a certificate for such an address. */
function overLoopback(url: URL): URL {
  if (url.hostname === '127.0.0.1') url.protocol = 'http:';
  return url;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

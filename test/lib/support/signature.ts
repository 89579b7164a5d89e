import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RecordedRequest } from './recording-server.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'token',
};

/** What a test's calls are signed with. */
export const signingVariables = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
};

class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret;
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string | Uint8Array);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

/** @returns the authorization header that the request must have, by the headers that it says are signed, and its date */
export async function authorizationOf({
  method = '',
  url = '',
  headers,
  body,
}: RecordedRequest): Promise<string> {
  const { authorization = '', host = '' } = headers;
  const [, region = '', service = '', signed = ''] =
    /\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const signer = new SignatureV4({
    ...{ credentials, region, service, sha256: Sha256 },
    uriEscapePath: service !== 's3',
  });
  const { pathname, searchParams, hostname, port } = new URL(`http://${host}${url}`);
  const request = await signer.sign(
    {
      ...{ method, protocol: 'http:', hostname, port: Number(port), path: pathname, body },
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(signed.split(';').map((name) => [name, String(headers[name])])),
    },
    { signingDate: dateOf(headers['x-amz-date']) },
  );
  return String(request.headers.authorization);
}

/** @param text as 20260131T235959Z */
function dateOf(text: unknown): Date {
  const [year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(text))?.slice(1) ?? [];
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BrokerSecret } from '../../../../lambda/adapters/kafka/broker-secret.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:AmazonMSK_it-aBcDeF';
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
const secret = (content: string) => JSON.stringify({ ARN: arn, SecretString: content });
const valid = secret('{"username":"lottery","password":"p,=w","other":1}');

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands for Secrets Manager. */
const asked: Asked[] = [];
let answer = { status: 200, body: valid };
let server: Server;

beforeEach(async () => {
  asked.length = 0;
  answer = { status: 200, body: valid };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${port}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe('the secret of the brokers', () => {
  test('is asked for with the role’s signature, once for connections that are made at once', async () => {
    let now = 0;
    const it = new BrokerSecret({ arn, credentials, now: () => now });
    const found = { username: 'lottery', password: 'p,=w' };
    expect(await Promise.all([it.credentials(), it.credentials()])).toEqual([found, found]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      headers: {
        'x-amz-target': 'secretsmanager.GetSecretValue',
        authorization: expect.stringContaining('/eu-west-1/secretsmanager/aws4_request'),
      },
      body: JSON.stringify({ SecretId: arn }),
    });
    now = 60_000;
    await it.credentials();
    expect(asked).toHaveLength(2);
  });

  test.each([
    { status: 400, body: '{"__type":"AccessDeniedException"}', message: `Secret ${arn} cannot be read: 400` },
    {
      status: 200,
      body: secret('{"username":"hidden"}'),
      message: `Secret ${arn} must be JSON with username`,
    },
    { status: 200, body: secret('hidden'), message: `Secret ${arn} must be JSON with username and password` },
    { status: 200, body: 'no JSON', message: `Secret ${arn} must be JSON with username and password` },
  ])('that cannot be had ($status $body) is named, not shown, and asked for again', async (given) => {
    const it = new BrokerSecret({ arn, credentials, now: () => 0 });
    answer = given;
    const error = await it.credentials().catch((thrown: Error) => thrown.message);
    expect(error).toContain(given.message);
    expect(error).not.toContain('hidden');
    answer = { status: 200, body: valid };
    expect(await it.credentials()).toMatchObject({ username: 'lottery' });
  });
});

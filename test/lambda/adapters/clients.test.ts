import { createHash, createHmac } from 'node:crypto';
import { BatchGetItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dynamoClient, kinesisClient } from '../../../lambda/adapters/clients.ts';

type Signed = Parameters<SignatureV4['sign']>[0] & { headers: Record<string, string> };

const credentials = { accessKeyId: 'local', secretAccessKey: 'secret', sessionToken: 'token' };

/** Node's own, in the simplest way. */
class PlainSha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === 'string' ? secret : Buffer.from((secret ?? new Uint8Array()) as Uint8Array);
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as Uint8Array);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** Answers in the place of the network, and keeps what it is asked. */
const signed: Signed[] = [];
const unanswered = () => async (args: { request?: unknown }) => {
  signed.push(args.request as Signed);
  throw new Error('Not sent');
};
const last = { step: 'finalizeRequest', priority: 'low', name: 'unanswered' } as const;

beforeEach(() => {
  signed.length = 0;
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 2), toFake: ['Date'] });
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function signatureOf({ headers, ...request }: Signed, service: string): Promise<string | undefined> {
  const { authorization, ...others } = headers;
  const signer = new SignatureV4({ service, region: 'eu-west-1', credentials, sha256: PlainSha256 });
  return (await signer.sign({ ...request, headers: others } as Signed)).headers.authorization;
}

test('requests of one client are signed one by one, each for its body and its time', async () => {
  const client = dynamoClient();
  client.middlewareStack.add(unanswered, last);
  const read = (key: string) =>
    client.send(new BatchGetItemCommand({ RequestItems: { users: { Keys: [{ userId: { S: key } }] } } }));
  await Promise.allSettled([read('a'), read('b')]);
  vi.setSystemTime(Date.UTC(2030, 0, 3));
  await Promise.allSettled([read('c')]);
  expect(signed.map(({ headers }) => headers['x-amz-date']?.slice(0, 8))).toEqual([
    ...['20300102', '20300102', '20300103'],
  ]);
  for (const request of signed.slice(2))
    expect(request.headers.authorization).toBe(await signatureOf(request, 'dynamodb'));
  vi.setSystemTime(Date.UTC(2030, 0, 2));
  for (const request of signed.slice(0, 2))
    expect(request.headers.authorization).toBe(await signatureOf(request, 'dynamodb'));
});

test('calls at once that are tried again keep what each has asked, and get what it has', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const client = dynamoClient();
  const refused = new Set<string>();
  const twice = () => async (args: { request?: unknown }) => {
    const request = args.request as Signed;
    signed.push(request);
    const text = new TextDecoder().decode(request.body);
    const statusCode = refused.has(text) ? 200 : 500;
    refused.add(text);
    const body = Buffer.from(JSON.stringify({ Item: JSON.parse(text).Key }));
    return { response: { statusCode, headers: {}, body } };
  };
  client.middlewareStack.add(twice, { step: 'deserialize', priority: 'low', name: 'twice' });
  const keys = Array.from({ length: 20 }, (_, n) => ({ userId: { S: String(n) } }));
  const read = (Key: (typeof keys)[number]) => client.send(new GetItemCommand({ TableName: 'users', Key }));
  const answers = await Promise.all(keys.map(read));
  expect(answers.map(({ Item }) => Item)).toEqual(keys);
  expect(signed).toHaveLength(2 * keys.length);
  for (const request of signed)
    expect(request.headers.authorization).toBe(await signatureOf(request, 'dynamodb'));
});

test('a body that is not the SDK’s is signed as it is sent', async () => {
  const client = kinesisClient();
  client.middlewareStack.add(unanswered, last);
  const Records = [{ PartitionKey: 'é', Data: Buffer.from('{}') }];
  await Promise.allSettled([client.send(new PutRecordsCommand({ StreamName: 'a', Records }))]);
  const [request] = signed;
  expect(Buffer.from(request?.body ?? []).toString()).toContain(Buffer.from('{}').toString('base64'));
  expect(request?.headers.authorization).toBe(request && (await signatureOf(request, 'kinesis')));
});

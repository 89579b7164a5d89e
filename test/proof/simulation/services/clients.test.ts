import { DescribeTableCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeLimitsCommand,
  GetRecordsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, test, vi } from 'vitest';
import type { ServiceAnswer, ServiceCall } from '../../../../proof/simulation/services/index.ts';
import { simulatedClients } from '../../../../proof/simulation/services/index.ts';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';
import { createTable } from '../../../support/dynamo-engine.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

type Clients = Omit<ReturnType<typeof simulatedClients>, 'destroy'>;

const signingKey = { keyId: 'key', spec: 'ECC_NIST_P256', isEnabled: true } as const;

/** A call or two of each service. */
async function useAll({ kinesis, dynamodb, sqs, s3, kms }: Clients, table: string): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: 'stream' }));
  await kinesis.send(
    new PutRecordCommand({ StreamName: 'stream', PartitionKey: 'a', Data: Buffer.from('text') }),
  );
  await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'text' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'text' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }));
  expect(await Body?.transformToString()).toBe('text');
  await kms.send(new GetPublicKeyCommand({ KeyId: 'key' }));
  await kms.send(
    new SignCommand({ KeyId: 'key', Message: Buffer.from('text'), SigningAlgorithm: 'ECDSA_SHA_256' }),
  );
}

test('a call needs nothing but microtasks, from the first on, and no time of the machine', async () => {
  const { services, clients } = inMemoryServices();
  services.kms.createKey(signingKey);
  const table = await createTable(clients.dynamodb, { id: 'S' });
  // The SDK keeps what it has read of files: of these it has read nothing.
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, `/absent/${name}`);
  // Each is made when it is first asked for: the first call is what is looked at.
  const { kinesis, dynamodb, sqs, s3, kms } = simulatedClients({
    region: 'us-east-1',
    caller: 'new',
    send: async (call) => services.handle(call),
  });
  const clock = vi.spyOn(Date, 'now');
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const chance = vi.spyOn(Math, 'random');
  let isDone = false;
  const all = useAll({ kinesis, dynamodb, sqs, s3, kms }, table).then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDone).toBe(true);
  await all;
  for (const spy of [clock, timers, chance]) expect(spy).not.toHaveBeenCalled();
});

test('the same calls with the same seed are the same, byte for byte, and have the same answers', async () => {
  const run = async () => {
    const { services } = inMemoryServices({ staleMs: 100, stampJitterMs: () => 100, redeliveryChance: 0.5 });
    services.kms.createKey(signingKey);
    const trace: { call: ServiceCall; answer: ServiceAnswer }[] = [];
    const clients = simulatedClients({
      ...{ region: 'us-east-1', caller: 'dev-users.1' },
      async send(call) {
        const answer = services.handle(call);
        trace.push({ call, answer });
        return answer;
      },
    });
    await useAll(clients, await createTable(clients.dynamodb, { id: 'S' }));
    return trace;
  };
  /** Each table of a test has a name of its own. */
  const text = (trace: Awaited<ReturnType<typeof run>>) =>
    JSON.stringify(
      trace.map(({ call, answer }) => [call, String(call.body), answer, String(answer.body)]),
      (name, value: unknown) => (name === 'body' ? undefined : value),
    ).replaceAll(/test-\d+-\d+/g, 'table');
  const trace = await run();
  expect(text(await run())).toBe(text(trace));
  expect(
    trace.map(({ call: { service, operation, caller } }) => [service, operation, caller]),
  ).toContainEqual([...['kinesis', 'PutRecord', 'dev-users.1']]);
});

test('an operation, a parameter or a service that is not there ends the run by its name', async () => {
  const { clients, services } = inMemoryServices();
  await expect(clients.kinesis.send(new DescribeLimitsCommand({}))).rejects.toThrow(
    /DescribeLimits of kinesis/,
  );
  const query = new QueryCommand({ TableName: 'table', KeyConditionExpression: 'id = :id' });
  await expect(clients.dynamodb.send(query)).rejects.toThrow(/Not emulated in memory: Query of dynamodb/);
  const tags = new CreateStreamCommand({ StreamName: 'stream', Tags: { a: 'b' } });
  await expect(clients.kinesis.send(tags)).rejects.toThrow(/Tags of CreateStream/);
  const call = { service: 'sns', operation: 'Publish', caller: '', method: 'POST', path: '/', headers: {} };
  expect(() => services.handle({ ...call, body: Buffer.alloc(0) })).toThrow(/the service sns/);
});

test('a call can be cut off, or given up while its answer is awaited', async () => {
  const settings = { region: 'us-east-1', caller: 'me' };
  const get = new GetRecordsCommand({ ShardIterator: 'any' });
  const cut = simulatedClients({ ...settings, send: async () => 'disconnect' });
  await expect(cut.kinesis.send(get)).rejects.toMatchObject({ code: 'ECONNRESET' });
  const never = simulatedClients({ ...settings, send: () => new Promise(() => {}) });
  const controller = new AbortController();
  const given = never.kinesis.send(get, { abortSignal: controller.signal });
  controller.abort();
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  await expect(never.kinesis.send(get, { abortSignal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

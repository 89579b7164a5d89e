import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { parseTemplate } from '../../local/cloudformation/template.ts';
import { errorAnswer } from '../../local/proxy/aws-call.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime, RuntimeEvent, RuntimeSettings } from '../../local/runtime-options.ts';
import { freePorts } from '../integration/support/command.ts';

/** Prints what it gets, with its variables. */
const CODE = `export const handler = async (event) => {
  for (const { kinesis, body } of event.Records) {
    console.log(JSON.stringify({
      got: body ?? Buffer.from(kinesis.data, 'base64').toString(),
      table: process.env.TABLE,
      caller: process.env.AWS_ACCESS_KEY_ID,
      kinesis: process.env.AWS_ENDPOINT_URL_KINESIS,
      kms: process.env.AWS_ENDPOINT_URL_KMS,
      chain: process.env.CHAIN,
      mirrors: process.env.MIRRORS,
    }));
  }
};`;

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });

const probe = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'probe',
    Code: { S3Bucket: { 'Fn::Sub': 'assets' }, S3Key: 'code.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Environment: { Variables: { TABLE: { 'Fn::ImportValue': 'TableName' }, CHAIN: 'https://chain' } },
  },
};

const data = {
  Resources: {
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'in', ShardCount: 1 } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    Pen: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } },
  },
  Outputs: {
    TableName: { Value: { Ref: 'Table' }, Export: { Name: 'TableName' } },
    StreamArn: { Value: { 'Fn::GetAtt': ['Stream', 'Arn'] }, Export: { Name: 'StreamArn' } },
    BucketName: { Value: { Ref: 'Bucket' } },
  },
};

const processing = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          { PolicyName: 'poll', PolicyDocument: { Statement: [allow('kinesis:*'), allow('sqs:*')] } },
        ],
      },
    },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Anything: { 'Fn::Cidr': ['not', 'read'] } } },
    Probe: probe,
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', VisibilityTimeout: 30 } },
    FromStream: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Probe' },
        EventSourceArn: { 'Fn::ImportValue': 'StreamArn' },
        StartingPosition: 'TRIM_HORIZON',
      },
    },
    FromQueue: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Probe' }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    },
  },
  Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
};

/** The chain goes to a variable that the function has; the mirrors to one that it has not. */
const beacon: RuntimeSettings['beacon'] = ({ chain, urls }) => ({
  ...{ CHAIN: chain.chainHash, MIRRORS: urls.join() },
});

let directory: string;
let runtime: Runtime | undefined;
let events: RuntimeEvent[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runtime-'));
  await writeFile(join(directory, 'index.mjs'), CODE);
  events = [];
});

afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
  await rm(directory, { recursive: true });
});

async function start(second: object = processing, options: Partial<RuntimeSettings> = {}): Promise<Runtime> {
  const region = 'us-east-1';
  const assembly: Assembly = {
    stacks: [
      { name: 'data', region, template: parseTemplate('data', data) },
      { name: 'processing', region, template: parseTemplate('processing', second) },
    ],
    assetPath: (key) => (key === 'code.zip' ? directory : undefined),
    remove: async () => {},
  };
  runtime = await startRuntime({
    assembly,
    observer: (event) => events.push(event),
    ...options,
  });
  return runtime;
}

/** Puts code that imports packages where the function's code lies, in one file. */
async function bundleTo(contents: string): Promise<void> {
  await build({
    ...{
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      outfile: join(directory, 'index.mjs'),
    },
    ...{ mainFields: ['module', 'main'], allowOverwrite: true },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    stdin: { contents, resolveDir: import.meta.dirname },
  });
}

/** A client of KMS that signs its calls as `caller`. */
function kmsOf({ endpoints, region }: Runtime, caller: string): KMSClient {
  const credentials = { accessKeyId: caller, secretAccessKey: 'local' };
  return new KMSClient({ region, endpoint: endpoints.kms, credentials, maxAttempts: 1 });
}

function printed(): unknown[] {
  return events.flatMap((event) => (event.type === 'functionLog' ? [JSON.parse(event.line)] : []));
}

describe('startRuntime', () => {
  it('creates what the stacks say and runs the functions on what comes in', async () => {
    // Longer than the test may take: that a stream is written ends the wait for the next poll.
    const emulation = { pollIntervalMs: 3_600_000 };
    const { clients, outputs, endpoints, ...rest } = await start(processing, { emulation, beacon });
    const [stream] = runtime?.mappings.get('probe') ?? [];
    await stream?.drained();
    expect(outputs).toMatchObject({ TableName: 'data-Table', BucketName: 'data-bucket' });
    // The properties that are left out are named.
    expect(events).toContainEqual({
      type: 'warning',
      message: 'data/Table (AWS::DynamoDB::Table): not emulated: StreamSpecification',
    });
    expect(outputs.QueueUrl).toBe(`${endpoints.sqs}/000000000000/jobs`);
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'data-Table', Item: { id: { S: 'a' } } }));
    await clients.kinesis.send(
      new PutRecordCommand({ StreamName: 'in', PartitionKey: 'k', Data: Buffer.from('from the stream') }),
    );
    // A way of its own, on which its calls are checked.
    const kinesis = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { chainHash = '' } = rest.beacon?.chain ?? {};
    const shared = { table: 'data-Table', kinesis, kms: endpoints.kms, chain: chainHash };
    expect(rest.functions.get('probe')?.variables).toEqual({ TABLE: 'data-Table', CHAIN: chainHash });
    // One port, of this machine alone.
    expect(endpoints.kms).toBe(rest.lambdaEndpoint);
    expect(rest.beacon?.urls[0]).toBe(`${rest.lambdaEndpoint}/mirrors/1`);
    for (const endpoint of [...Object.values(endpoints), ...(rest.beacon?.urls ?? [])]) {
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    }
    const elsewhere = rest.lambdaEndpoint.replace('127.0.0.1', '127.0.0.2');
    await expect(fetch(`${elsewhere}/chains`)).rejects.toThrow('fetch failed');
    const latest = await fetch(`${rest.beacon?.urls[3]}/${chainHash}/public/latest`);
    expect(await latest.json()).toMatchObject({ signature: expect.stringMatching(/^[0-9a-f]{96}$/) });
    await expect
      .poll(printed)
      .toContainEqual({ ...shared, got: 'from the stream', caller: expect.stringMatching(/^probe\.\d+$/) });
    await clients.sqs.send(
      new SendMessageCommand({ QueueUrl: outputs.QueueUrl, MessageBody: 'from the queue' }),
    );
    await expect.poll(printed).toContainEqual(expect.objectContaining({ ...shared, got: 'from the queue' }));
  });

  it('stops what it has started when a template cannot be deployed', async () => {
    const unknown = { Resources: { Machine: { Type: 'AWS::StepFunctions::StateMachine' } } };
    const port = await freePorts();
    const starting = start(unknown, { port });
    await expect(starting).rejects.toThrow(
      'processing/Machine: the local runtime does not know AWS::StepFunctions::StateMachine',
    );
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
  });

  it('does not start where the function of a custom resource may not do what it has to', async () => {
    const code = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
export const handler = async ({ ResponseURL, ...event }) => {
  const put = new PutItemCommand({ TableName: 'data-Table', Item: { id: { S: 'a' } } });
  const Reason = await new DynamoDBClient().send(put).then(() => 'none', ({ message }) => message);
  const body = JSON.stringify({ ...event, Status: 'FAILED', PhysicalResourceId: 'a', Reason });
  await fetch(ResponseURL, { method: 'PUT', body });
};`;
    await bundleTo(code);
    const Made = {
      Type: 'Custom::Item',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Probe', 'Arn'] }, ServiceTimeout: 60 },
    };
    const starting = start({ Resources: { ...processing.Resources, Made } });
    await expect(starting).rejects.toThrow(
      /^processing\/Made \(Custom::Item\): probe: FAILED: User: .+ is not authorized to perform: dynamodb:PutItem on /,
    );
    const refusal = expect.objectContaining({ functionName: 'probe', action: 'dynamodb:PutItem' });
    expect(events).toContainEqual({ type: 'accessDenied', refusal });
  });

  it('asks for no rights where it is told not to', async () => {
    const Role = { Type: 'AWS::IAM::Role', Properties: {} };
    const { FromQueue: _, ...Resources } = { ...processing.Resources, Role };
    await start({ Resources }, { iam: false });
  });

  it('shows every AWS call to an interceptor, which may answer itself, and holds shards to their limits', async () => {
    const operations = new Set<string>();
    let refusals = 0;
    const { clients, endpoints, ...rest } = await start(processing, {
      ...{ limits: true, beacon },
      // The second is never over.
      clock: { ...systemClock, now: () => 0 },
      async intercept(call, forward) {
        operations.add(`${call.service} ${call.operation}`);
        if (call.operation !== 'PutItem' || refusals === 2) return forward();
        refusals += 1;
        if (refusals === 1) return 'disconnect';
        return errorAnswer(
          400,
          'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
          'slow down',
        );
      },
    });
    const put = () => new PutItemCommand({ TableName: 'data-Table', Item: { id: { S: 'a' } } });
    await clients.dynamodb.send(put());
    expect(refusals).toBe(2);
    // The function itself may not: its role allows it nothing of DynamoDB.
    const credentials = { accessKeyId: 'probe.1', secretAccessKey: 'local' };
    const ofProbe = new DynamoDBClient({ region: 'us-east-1', endpoint: endpoints.dynamodb, credentials });
    await expect(ofProbe.send(put())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    ofProbe.destroy();
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'accessDenied',
        refusal: expect.objectContaining({
          ...{ functionName: 'probe', roleName: 'processing-Role', action: 'dynamodb:PutItem' },
          resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/data-Table',
        }),
      }),
    );
    const sign = new SignCommand({
      ...{ KeyId: 'data-Pen', Message: Buffer.from('a'), SigningAlgorithm: 'ECDSA_SHA_256' },
    });
    const [own, probes] = ['local', 'probe.1'].map((caller) =>
      kmsOf({ ...rest, clients, endpoints }, caller),
    );
    expect(await own?.send(sign)).toMatchObject({ SigningAlgorithm: 'ECDSA_SHA_256' });
    await expect(probes?.send(sign)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'perform: kms:Sign on resource: arn:aws:kms:us-east-1:000000000000:key/data-Pen',
      ),
    });
    own?.destroy();
    probes?.destroy();
    await fetch(`${rest.lambdaEndpoint}/chains`);
    expect(operations).toContain('kms Sign');
    expect(operations).toContain('drand /chains');
    expect(operations).toContain('dynamodb PutItem');
    expect(operations).toContain('kinesis CreateStream');
    expect(operations).toContain('sqs CreateQueue');
    expect(operations).toContain('s3 PUT /data-bucket/');
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: Buffer.of(1) }));
    const flood = () => clients.kinesis.send(new PutRecordsCommand({ StreamName: 'in', Records }));
    for (const failed of [0, 0, 500]) expect(await flood()).toMatchObject({ FailedRecordCount: failed });
    const shard = { stream: 'in', shardId: 'shardId-000000000000' };
    expect(events).toContainEqual({ type: 'throttled', operation: 'PutRecords', ...shard, count: 500 });
  });

  it('goes on with kept data after a restart', async () => {
    const dataDir = join(directory, 'data');
    const publicKey = async (running: Runtime) => {
      const client = kmsOf(running, 'local');
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: 'data-Pen' }));
      client.destroy();
      return PublicKey;
    };
    const first = await start(processing, { dataDir, beacon });
    const before = await publicKey(first);
    await first.clients.kinesis.send(
      new PutRecordCommand({ StreamName: 'in', PartitionKey: 'k', Data: Buffer.from('before') }),
    );
    await expect.poll(printed).toHaveLength(1);
    await first.stop();
    events = [];
    const second = await start(processing, { dataDir, beacon });
    expect(await publicKey(second)).toEqual(before);
    expect(second.beacon?.chain).toEqual(first.beacon?.chain);
    await second.clients.kinesis.send(
      new PutRecordCommand({ StreamName: 'in', PartitionKey: 'k', Data: Buffer.from('after') }),
    );
    await expect.poll(printed).not.toHaveLength(0);
    await second.mappings.get('probe')?.[0]?.drained();
    expect(printed()).toMatchObject([{ got: 'after' }]);
  });
});

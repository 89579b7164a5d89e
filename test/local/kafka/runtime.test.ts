import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assembly } from '../../../local/cloudformation/assembly.ts';
import { parseTemplate } from '../../../local/cloudformation/template.ts';
import { Faults } from '../../../local/faults/faults.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { KafkaSettings, Runtime, RuntimeEvent } from '../../../local/runtime-options.ts';
import { sharedKafka } from '../../support/kafka.ts';

const kafka = await sharedKafka();

/** Prints what it gets, and where the brokers are. */
const CODE = `export const handler = async ({ eventSource, eventSourceArn, records }) => {
  for (const [group, of] of Object.entries(records)) {
    for (const { value } of of) {
      console.log(JSON.stringify({
        group,
        eventSource,
        eventSourceArn,
        text: Buffer.from(value, 'base64').toString(),
        brokers: process.env.BROKERS,
      }));
    }
  }
};`;

const CLUSTER = 'arn:aws:kafka:us-east-1:000000000000:cluster/clicks/1';
const ANYWHERE = 'broker.example:9092';
const selfManaged = { SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [ANYWHERE] } } };
const inNetwork = { SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' }] };

const templateOf = (mapping: object, actions: readonly string[]) => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          {
            PolicyName: 'poll',
            PolicyDocument: {
              Statement: [...actions, 'logs:PutLogEvents'].map((Action) => ({
                ...{ Effect: 'Allow', Action, Resource: '*' },
              })),
            },
          },
        ],
      },
    },
    Probe: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'probe',
        Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { BROKERS: ANYWHERE } },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Probe' }, StartingPosition: 'TRIM_HORIZON', ...mapping },
    },
  },
  Outputs: { Brokers: { Value: ANYWHERE } },
});

let directory: string;
let runtime: Runtime | undefined;
const events: RuntimeEvent[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kafka-runtime-'));
  await writeFile(join(directory, 'index.mjs'), CODE);
});
afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
  events.length = 0;
  await rm(directory, { recursive: true });
});
afterAll(() => kafka.close());

async function start(mapping: object, actions: readonly string[] = []): Promise<Runtime> {
  const assembly: Assembly = {
    stacks: [
      { name: 'app', region: 'us-east-1', template: parseTemplate('app', templateOf(mapping, actions)) },
    ],
    assetPath: () => directory,
    remove: async () => {},
  };
  runtime = await startRuntime({
    assembly,
    kafka: settings(mapping),
    observer: (event) => events.push(event),
  });
  return runtime;
}

function settings(mapping: { Topics?: string[] }): KafkaSettings {
  return {
    brokers: kafka.bootstrapServers,
    topics: (mapping.Topics ?? []).map((name) => ({
      ...{ name, partitions: 2, retentionMs: 3_600_000, mostRetentionMs: 3_600_000 },
    })),
    variables: (BROKERS) => ({ BROKERS }),
    outputs: (Brokers) => ({ Brokers }),
  };
}

const lines = () =>
  events.flatMap((event) =>
    event.type === 'functionLog' && event.line.startsWith('{') ? [JSON.parse(event.line)] : [],
  );

describe.runIf(kafka.isThere)('a runtime on brokers', () => {
  test('makes the topics, and functions and outputs hear of the brokers that there are', async () => {
    const topic = `clicks-${Date.now()}`;
    const { outputs, mappings, kafka: own } = await start({ ...selfManaged, Topics: [topic] });
    expect(own).toMatchObject({ bootstrapServers: kafka.bootstrapServers });
    expect(outputs).toEqual({ Brokers: kafka.bootstrapServers });
    await kafka.put(topic, [{ value: 'a', partition: 1 }]);
    const [mapping] = mappings.get('probe') ?? [];
    await mapping?.drained();
    await expect
      .poll(lines)
      .toEqual([
        { group: `${topic}-1`, eventSource: 'SelfManagedKafka', text: 'a', brokers: kafka.bootstrapServers },
      ]);
  });

  test('plays a mapping of an MSK cluster, whose role may find it and its network', async () => {
    const topic = `msk-${Date.now()}`;
    const { mappings } = await start({ EventSourceArn: CLUSTER, Topics: [topic] }, ['kafka:*', 'ec2:*']);
    await kafka.put(topic, [{ value: 'a' }]);
    const [mapping] = mappings.get('probe') ?? [];
    await mapping?.drained();
    await expect
      .poll(lines)
      .toMatchObject([{ eventSource: 'aws:kafka', eventSourceArn: CLUSTER, text: 'a' }]);
    expect(mapping?.status().sourceArn).toBe(`${CLUSTER}/${topic}`);
  });

  test.each<[string, object, string[], string]>([
    ['find its cluster', { EventSourceArn: CLUSTER }, ['ec2:*'], 'DescribeClusterV2 on KAFKA'],
    ['reach its VPC', { ...selfManaged, ...inNetwork }, [], 'CreateNetworkInterface on EC2'],
  ])('refuses a mapping whose role may not %s', async (_, mapping, actions, missing) => {
    await expect(start({ ...mapping, Topics: [`refused-${Date.now()}`] }, actions)).rejects.toThrow(
      `app/Mapping: InvalidParameterValueException: The provided execution role does not have permissions to call ${missing}`,
    );
  });

  test('under faults a topic grows and its partitions change hands, and each record comes', async () => {
    const topic = `faults-${Date.now()}`;
    const { mappings, ...own } = await start({ ...selfManaged, Topics: [topic] });
    const rates = { environmentEveryMs: 200, disabledMs: 50 };
    const faults = new Faults({ seed: 1, rates });
    const failures: unknown[] = [];
    faults.start({ mappings, ...own }, (error) => failures.push(error));
    const texts: string[] = [];
    await expect
      .poll(async () => {
        texts.push(String(texts.length));
        await kafka.put(topic, [{ value: texts.at(-1) ?? '', partition: texts.length % 2 }]);
        return Object.keys(faults.log.byKind);
      })
      .toEqual(expect.arrayContaining(['groupRebalanced', 'partitionAdded']));
    await faults.stop();
    for (const mapping of mappings.get('probe') ?? []) await mapping.drained();
    await expect.poll(() => new Set(lines().map(({ text }) => text))).toEqual(new Set(texts));
    expect(failures).toEqual([]);
  });

  test('refuses topics that are not as they have to be', async () => {
    const topic = await kafka.createTopic(1, { 'message.timestamp.type': 'CreateTime' });
    await expect(start({ ...selfManaged, Topics: [topic] })).rejects.toThrow(
      `topic ${topic}: message.timestamp.type is CreateTime`,
    );
  });
});

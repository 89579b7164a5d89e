import { describe, expect, it } from 'vitest';
import { metricNames } from '../../lambda/contract/metrics.ts';
import { processorNames } from '../../lambda/contract/variables.ts';
import { alarms, ruleOf } from './alarms.ts';
import { described } from './references.ts';
import { rightsOf, rightsOfPolicy } from './rights.ts';
import {
  buildErrors,
  type EnvironmentTemplates,
  resource,
  resources,
  synthesize,
  synthesizeLive,
} from './synthesize.ts';

const secret = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:kafka-AbCdEf';
const msk = (kind: string, name = '') =>
  `arn:aws:kafka:eu-west-1:000000000000:${kind}/lottery/00000000-0000-0000-0000-000000000000-1${name}`;

const context = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`staging:${name}`, value]));

/** Brokers that know users, with Lambda's own pollers: what a deployment needs at least. */
const scram = context({
  connector: 'kafka',
  kafkaBootstrapServers: 'b-1.example:9096,b-2.example:9096',
  kafkaAuth: 'scram',
  kafkaSecretArn: secret,
});

/** A cluster of MSK that knows roles, in a VPC, with pollers of one's own. */
const iam = context({
  connector: 'kafka',
  kafkaBootstrapServers: 'b-1.example:9098',
  kafkaAuth: 'iam',
  kafkaClusterArn: msk('cluster'),
  kafkaPollers: '2-8',
  kafkaSubnetIds: 'subnet-0a1b2c3d,subnet-0a1b2c3e',
  kafkaSecurityGroupIds: 'sg-0a1b2c3d',
});

const readers: Readonly<Record<string, readonly string[]>> = {
  'lottery-events': ['lottery-input-topic'],
  'user-events': ['user-input-topic'],
  archive: ['user-output-topic', 'lottery-output-topic'],
};

/** Mappings of topics, by topic. */
function mappingsOf({ processing }: EnvironmentTemplates) {
  const all = Object.values(resources(processing, 'AWS::Lambda::EventSourceMapping'));
  return all.flatMap(({ Properties, DependsOn }) =>
    Properties.Topics === undefined ? [] : [{ ...Properties, DependsOn } as Record<string, unknown>],
  );
}

const functionOf = ({ processing }: EnvironmentTemplates, name: string) =>
  resource(processing, 'AWS::Lambda::Function', 'FunctionName', `staging-${name}`);

const variablesOf = (templates: EnvironmentTemplates, name: string) => {
  const { Variables } = functionOf(templates, name).Properties.Environment as {
    Variables: Record<string, unknown>;
  };
  return Variables;
};

describe('with the connector kafka', () => {
  const templates = synthesize('staging', scram);
  const mappings = mappingsOf(templates);

  it('entries is the only stream of Kinesis, and the only one that a mapping reads', () => {
    const { stateful, processing } = templates;
    const names = Object.values(resources(stateful, 'AWS::Kinesis::Stream')).map(
      ({ Properties }) => Properties.Name,
    );
    expect(names).toEqual(['staging-entries']);
    const sources = Object.values(resources(processing, 'AWS::Lambda::EventSourceMapping')).flatMap(
      ({ Properties }) =>
        Properties.EventSourceArn ? [described(Properties.EventSourceArn, templates)] : [],
    );
    expect(sources.sort()).toEqual(['Arn of staging-entries', 'Arn of staging-ticks']);
  });

  it('each reader has its topic, in a group of its own that has its name, with batches of the settings', () => {
    const read = mappings.map(({ FunctionName, Topics, SelfManagedKafkaEventSourceConfig, BatchSize }) => {
      return [described(FunctionName, templates), Topics, SelfManagedKafkaEventSourceConfig, BatchSize];
    });
    const group = (topic: string, name: string) => ({ ConsumerGroupId: `staging-${topic}-${name}` });
    const expected = Object.entries(readers).flatMap(([name, topics]) =>
      topics.map((topic) => [
        `Ref of staging-${name}`,
        [`staging-${topic}`],
        group(topic, name),
        { 'lottery-events': 100, 'user-events': 1_000 }[name] ?? 10_000,
      ]),
    );
    expect(read).toEqual(expected);
    const live = Object.values(
      resources(synthesizeLive('staging', scram), 'AWS::Lambda::EventSourceMapping'),
    ).map(({ Properties }) => [Properties.Topics, Properties.SelfManagedKafkaEventSourceConfig]);
    expect(live).toEqual(
      ['lottery-output-topic', 'user-output-topic'].map((topic) => [
        [`staging-${topic}`],
        group(topic, 'live'),
      ]),
    );
  });

  it('brokers are told who reads, and a batch that fails comes again for as long as it is there', () => {
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        SelfManagedEventSource: {
          Endpoints: { KafkaBootstrapServers: ['b-1.example:9096', 'b-2.example:9096'] },
        },
        SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: secret }],
        StartingPosition: 'TRIM_HORIZON',
      });
      // With a destination Lambda gives a batch up after ten attempts; without pollers of its own it takes none of the others.
      const others = [
        'DestinationConfig',
        'MaximumRetryAttempts',
        'BisectBatchOnFunctionError',
        'ProvisionedPollerConfig',
      ];
      for (const other of [
        ...others,
        'FunctionResponseTypes',
        'MetricsConfig',
        'TumblingWindowInSeconds',
        'ParallelizationFactor',
      ])
        expect(mapping).not.toHaveProperty(other);
    }
  });

  it('reads from a time where that is asked for', () => {
    const { processing } = synthesize('staging', { ...scram, 'staging:readFrom': '2026-05-01T12:00:00Z' });
    const starts = Object.values(resources(processing, 'AWS::Lambda::EventSourceMapping')).flatMap(
      ({ Properties: { Topics, StartingPosition, StartingPositionTimestamp } }) =>
        Topics === undefined ? [] : [[StartingPosition, StartingPositionTimestamp]],
    );
    expect(starts).toEqual(Array(4).fill(['AT_TIMESTAMP', 1_777_636_800]));
  });

  it('tells where topics and brokers are, and no stream that is not there', () => {
    const outputs = Object.entries<{ Value: unknown }>(templates.stateful.toJSON().Outputs).flatMap(
      ([name, { Value }]) =>
        /Kafka|Topic|Stream|Connector/.test(name) && !/Exports/.test(name) ? [[name, Value]] : [],
    );
    expect(Object.fromEntries(outputs)).toEqual({
      Connector: 'kafka',
      KafkaBootstrapServers: 'b-1.example:9096,b-2.example:9096',
      KafkaAuth: 'scram',
      KafkaSecretArn: secret,
      LotteryEventsInputTopicName: 'staging-lottery-input-topic',
      LotteryEventsOutputTopicName: 'staging-lottery-output-topic',
      UserEventsInputTopicName: 'staging-user-input-topic',
      UserEventsOutputTopicName: 'staging-user-output-topic',
      EntriesStreamName: expect.anything(),
    });
  });

  it('functions know topics by the variables that name streams, and brokers only where they talk to them', () => {
    const brokers = {
      KAFKA_BOOTSTRAP_SERVERS: 'b-1.example:9096,b-2.example:9096',
      KAFKA_AUTH: 'scram',
      KAFKA_SECRET_ARN: secret,
      KAFKA_REPORTS_FAILURES: 'off',
    };
    expect(variablesOf(templates, 'user-events')).toMatchObject({
      ...brokers,
      USER_EVENTS_INPUT_STREAM: 'staging-user-input-topic',
      USER_EVENTS_OUTPUT_STREAM: 'staging-user-output-topic',
    });
    for (const name of ['lottery-events', 'draw', 'ticks'])
      expect(variablesOf(templates, name)).toMatchObject(brokers);
    const archive = variablesOf(templates, 'archive');
    expect(archive).toMatchObject({ KAFKA_REPORTS_FAILURES: 'off' });
    expect(Object.keys(archive).filter((name) => name.startsWith('KAFKA_'))).toHaveLength(1);
  });

  it('topics of another prefix have other names, and so do the groups', () => {
    const [first] = mappingsOf(synthesize('staging', { ...scram, 'staging:kafkaTopicPrefix': 'again.' }));
    expect(first).toMatchObject({
      Topics: ['again.lottery-input-topic'],
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'again.lottery-input-topic-lottery-events' },
    });
  });
});

describe('with pollers of its own, on MSK, in a VPC', () => {
  const templates = synthesize('staging', iam);

  it('batches are halved, and come again more often than their records last, before they go to the bucket', () => {
    expect(mappingsOf(templates)).toHaveLength(4);
    for (const mapping of mappingsOf(templates)) {
      expect(mapping).toMatchObject({
        EventSourceArn: msk('cluster'),
        ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 8, PollerGroupName: 'staging-lottery' },
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10_000,
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
        MetricsConfig: { Metrics: ['EventCount', 'KafkaMetrics'] },
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: expect.stringMatching(/^staging-.*-topic-/) },
      });
      // MSK says itself where it is, and without a secret it is asked by the role.
      expect(mapping).not.toHaveProperty('SourceAccessConfigurations');
      expect(mapping).not.toHaveProperty('SelfManagedEventSource');
    }
    expect(variablesOf(templates, 'user-events')).toMatchObject({
      KAFKA_REPORTS_FAILURES: 'on',
      KAFKA_SECRET_ARN: 'none',
    });
  });

  it('functions that talk to brokers are in the VPC, once their role may be there; others are not', () => {
    for (const name of processorNames) {
      const { Properties, DependsOn = [] } = functionOf(templates, name);
      const place = { SubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'], SecurityGroupIds: ['sg-0a1b2c3d'] };
      expect([name, Properties.VpcConfig]).toEqual([name, name === 'archive' ? undefined : place]);
      expect(DependsOn.some((id) => id.includes('RoleDefaultPolicy'))).toBe(true);
    }
  });

  it('a mapping of brokers that are not of MSK goes to the same place', () => {
    const { kafkaClusterArn: _, ...own } = { kafkaClusterArn: '', ...iam };
    const plain = { ...own, 'staging:kafkaAuth': 'none', 'staging:kafkaClusterArn': 'none' };
    const [first] = mappingsOf(synthesize('staging', plain));
    expect(first?.SourceAccessConfigurations).toEqual([
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0a1b2c3d' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0a1b2c3e' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-0a1b2c3d' },
    ]);
    expect(buildErrors(plain)).toEqual([]);
  });
});

/** What goes away with the streams, and what is there of Kafka. */
const ofKinesis = /^kinesis:.* on Streams(?:lottery|user)events/;
const ofKafka = /^(?:kafka|kafka-cluster|secretsmanager|ec2):|on arn:/;

describe('roles with the connector kafka', () => {
  const kinesis = synthesize('staging').processing;
  const network = (mapping: boolean, place: boolean) =>
    [
      ...['CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets'],
      ...(mapping ? ['DescribeSecurityGroups', 'DescribeVpcs'] : []),
      ...(place ? ['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'] : []),
    ].map((action) => `ec2:${action} on *`);
  const cluster = (...actions: string[]) =>
    actions.map((action) => `kafka-cluster:${action} on ${msk('cluster')}`);
  const find = ['DescribeClusterV2', 'GetBootstrapBrokers'].map(
    (action) => `kafka:${action} on ${msk('cluster')}`,
  );
  const topic = (name: string, ...actions: string[]) =>
    actions.map((action) => `kafka-cluster:${action} on ${msk('topic', `/staging-${name}-topic`)}`);
  const poll = (name: string, reader: string) => [
    ...find,
    ...cluster('Connect', 'DescribeClusterDynamicConfiguration'),
    ...topic(name, 'DescribeTopic', 'ReadData'),
    ...['AlterGroup', 'DescribeGroup'].map(
      (action) => `kafka-cluster:${action} on ${msk('group', `/staging-${name}-topic-${reader}`)}`,
    ),
  ];
  const put = (...names: string[]) => [
    ...cluster('Connect', 'WriteDataIdempotently'),
    ...names.flatMap((name) => topic(name, 'DescribeTopic', 'WriteData')),
  ];
  const expected: Readonly<Record<string, readonly string[]>> = {
    'lottery-events': [
      ...poll('lottery-input', 'lottery-events'),
      ...put('lottery-output'),
      ...network(true, true),
    ],
    'user-events': [...poll('user-input', 'user-events'), ...put('user-output'), ...network(true, true)],
    draw: [...put('lottery-output', 'user-input'), ...network(false, true)],
    ticks: [...put('lottery-input', 'user-input'), ...network(false, true)],
    archive: [
      ...poll('user-output', 'archive'),
      ...poll('lottery-output', 'archive'),
      ...network(true, false),
    ],
  };

  it.each(processorNames)(
    'by IAM the %s function may do exactly what its topics take, and the rest as before',
    (name) => {
      const rights = rightsOf(synthesize('staging', iam).processing, `staging-${name}`);
      const own = new Set(rights.filter((right) => ofKafka.test(right)));
      expect([...own].sort()).toEqual([...new Set(expected[name])].sort());
      // The archive reads nothing any more that our key encrypts.
      const gone = name === 'archive' ? ['kms:Decrypt on EncryptionKey'] : [];
      const before = rightsOf(kinesis, `staging-${name}`).filter(
        (right) => !ofKinesis.test(right) && !gone.includes(right),
      );
      expect(new Set(rights.filter((right) => !ofKafka.test(right)))).toEqual(new Set(before));
    },
  );

  it.each(processorNames)(
    'by a secret the %s function may read that one, and what it is encrypted with',
    (name) => {
      const { processing } = synthesize('staging', scram);
      const own = rightsOf(processing, `staging-${name}`).filter((right) => ofKafka.test(right));
      expect([...new Set(own)]).toEqual([
        'kms:Decrypt on arn:aws:kms:eu-west-1:000000000000:key/*',
        `secretsmanager:GetSecretValue on ${secret}`,
      ]);
      const statements =
        JSON.stringify(processing.toJSON()).split('"kms:EncryptionContext:SecretARN"').length - 1;
      expect(statements).toBeGreaterThanOrEqual(processorNames.length);
    },
  );

  it('who looks and who runs games may do so by IAM, and gets no password of brokers', () => {
    const byIam = synthesize('staging', iam).processing;
    const ours = (who: 'Viewer' | 'Operator') =>
      rightsOfPolicy(byIam, who).filter((right) => ofKafka.test(right));
    expect(ours('Viewer')).toEqual(
      [
        ...cluster('Connect'),
        ...['user-output', 'lottery-output', 'user-input', 'lottery-input'].flatMap((name) =>
          topic(name, 'DescribeTopic', 'DescribeTopicDynamicConfiguration', 'ReadData'),
        ),
      ].sort(),
    );
    expect(ours('Operator')).toEqual(put('user-input', 'lottery-input').sort());
    const bySecret = synthesize('staging', scram).processing;
    for (const who of ['Viewer', 'Operator'] as const)
      expect(
        rightsOfPolicy(bySecret, who).filter((right) => ofKafka.test(right) || ofKinesis.test(right)),
      ).toEqual([]);
  });
});

describe('alarms with the connector kafka', () => {
  const onDemand = alarms(synthesize('staging', scram).processing);
  const own = alarms(synthesize('staging', iam).processing);
  const rule = (name: string) => ruleOf(own.get(`staging-${name}`) ?? {});

  it('tell of lag by how long the slowest partition waits, and of records that nobody reads', () => {
    const age = `Maximum(LotteryStreams ${metricNames.inputAge})`;
    for (const name of ['lottery-events', 'user-events']) {
      expect(rule(`input-lag-${name}`)).toBe(`${age} >= 60000 in 3 of 3 periods of 60 s`);
      expect(rule(`retention-near-${name}`)).toBe(`${age} >= 43200000 in 1 of 1 periods of 60 s`);
      expect(rule(`input-unread-${name}`)).toBe(
        'IF(FILL(Sum(LotteryStreams HeartbeatsPut), 0) > 0 AND FILL(Sum(AWS/Lambda Invocations), 0) < 1, 1, 0) ' +
          '>= 1 in 5 of 8 periods of 60 s',
      );
    }
    expect(rule('archive-late-lag')).toBe(`${age} >= 120000 in 3 of 3 periods of 60 s`);
    expect(rule('archive-late-unread-user-events-output')).toMatch(/EventsApplied.*PolledEventCount/);
    expect(rule('archive-late-unread-lottery-events-output')).toMatch(/DrawsMade.*PolledEventCount/);
    expect(rule('input-lag-draw')).toMatch(/^Maximum\(AWS\/Lambda IteratorAge\)/);
  });

  it('tell of what is given up where anything can be', () => {
    const given = /-(?:batches-failed|batches-undelivered|records-dropped)-/;
    const names = (all: typeof own) => [...all.keys()].filter((name) => given.test(name));
    expect(names(onDemand)).toEqual(
      ['batches-undelivered', 'batches-failed', 'records-dropped'].map((kind) => `staging-${kind}-draw`),
    );
    expect(names(own)).toEqual(names(alarms(synthesize('staging').processing)));
  });

  it('watch no stream that is not there', () => {
    const streams = [...onDemand.keys()].filter((name) => /throttles-(?!.*table)|puts-failed/.test(name));
    expect(streams.filter((name) => /events-(?:in|out)put/.test(name))).toEqual([]);
    expect(streams).toEqual(expect.arrayContaining(['staging-stream-throttles-entries']));
  });

  it('the dashboard has what waits in topics', () => {
    const body = (overrides: Record<string, string>) =>
      JSON.stringify(resources(synthesize('staging', overrides).processing, 'AWS::CloudWatch::Dashboard'));
    for (const name of ['OffsetLag', metricNames.inputAge]) {
      expect(body(scram)).toContain(name);
      expect(body({})).not.toContain(name);
    }
  });
});

describe('brokers that AWS would not read', () => {
  const open = context({ connector: 'kafka', kafkaBootstrapServers: 'b-1.example:9092' });

  it('are refused where a mapping would be made, with what to set, and not elsewhere', () => {
    const message = expect.stringMatching(
      /^staging:kafkaAuth or staging:kafkaSubnetIds must be set to deploy with connector \(kafka\): .* Say -c staging:kafkaAuth=scram /,
    );
    expect(buildErrors(open)).toEqual([
      ['staging/Processing', message],
      ['staging/Live', message],
    ]);
    expect(buildErrors(scram)).toEqual([]);
    expect(buildErrors(iam)).toEqual([]);
  });
});

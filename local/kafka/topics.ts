import { Admin, type ConfigDescription, ConfigResourceTypes } from '@platformatic/kafka';
import { KafkaError } from './kafka-error.ts';

/** A topic as an app needs it. */
export interface Topic {
  name: string;
  /** At least so many. */
  partitions: number;
  /** Records are kept for at least so long; a topic that is made here says that. */
  retentionMs: number;
  /** And a topic that is there may say so much at most. */
  mostRetentionMs: number;
}

/** A topic that is there, as far as it is looked at. */
export interface TopicState {
  name: string;
  partitions: number;
  /** Copies of each partition. */
  replicas: number;
  configuration: Readonly<Record<string, string | null | undefined>>;
}

const FIXED: Readonly<Record<string, string>> = {
  // Arrival is what the broker stamps: what a producer says of it proves nothing.
  'message.timestamp.type': 'LogAppendTime',
  'cleanup.policy': 'delete',
  // Else `max.message.bytes` is about what producers have compressed, of which 8 KB may be a record of 8 MB.
  'compression.type': 'uncompressed',
};

/**
 * A record that does not fit in an invocation's payload of 6 MB reaches no function. There each byte takes six at most: as
 * `\u0001`, in the name of a header.
 */
const MOST_MESSAGE_BYTES = 1_000_000;

const LOOKED_AT = [
  ...Object.keys(FIXED),
  ...['max.message.bytes', 'retention.ms', 'retention.bytes'],
  ...['min.insync.replicas', 'unclean.leader.election.enable'],
];

/**
 * Creates the topics that are not there, with the copies that are the brokers' default, and looks at those that are.
 * @throws KafkaError with a line for each setting of a topic that is not as it has to be; or when no broker answers
 */
export async function ensureTopics(bootstrapServers: string, topics: readonly Topic[]): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    const there = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !there.has(name));
    for (const topic of missing) await create(admin, topic);
    const states = await statesOf(
      admin,
      topics.filter(({ name }) => there.has(name)).map(({ name }) => name),
    );
    const problems = states.flatMap((state) => {
      const topic = topics.find(({ name }) => name === state.name);
      return topic ? problemsOf(topic, state) : [];
    });
    if (problems.length > 0) throw new KafkaError(problems.join('\n'));
  });
}

/**
 * Works with a client that is closed afterwards.
 * @throws KafkaError in a line when no broker answers, or what the work throws
 */
export async function withAdmin<Result>(
  bootstrapServers: string,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const bootstrapBrokers = bootstrapServers.split(',');
  const admin = new Admin({ clientId: 'local-runtime', bootstrapBrokers, retries: 1, connectTimeout: 5_000 });
  try {
    return await work(admin);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new KafkaError(`No Apache Kafka answers at ${bootstrapServers}`, { cause: error });
  } finally {
    await admin.close();
  }
}

/** Until it has so many partitions. @throws what the brokers say */
export async function addPartitions(bootstrapServers: string, topic: string, count: number): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.createPartitions({ topics: [{ name: topic, count }] }));
}

/** How many there are now; 0: there is no such topic. @throws what the brokers say */
export function partitionsOf(bootstrapServers: string, topic: string): Promise<number> {
  return withAdmin(bootstrapServers, async (admin) => {
    const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
    return topics.get(topic)?.partitionsCount ?? 0;
  });
}

/** What of a topic is not as it has to be, each by its name and setting. */
export function problemsOf(topic: Topic, { partitions, replicas, configuration }: TopicState): string[] {
  const unless = (isRight: boolean, setting: string, must: string | number) =>
    isRight
      ? []
      : [`topic ${topic.name}: ${setting} is ${configuration[setting] ?? 'not set'} and must be ${must}`];
  const number = (setting: string, otherwise: number) => Number(configuration[setting] ?? otherwise);
  const retention = number('retention.ms', -1);
  const { retentionMs: least, mostRetentionMs: most } = topic;
  return [
    ...(partitions < topic.partitions
      ? [`topic ${topic.name}: its partitions are ${partitions} and must be at least ${topic.partitions}`]
      : []),
    ...Object.entries(FIXED).flatMap(([setting, must]) =>
      unless(configuration[setting] === must, setting, must),
    ),
    ...unless(
      number('max.message.bytes', 0) <= MOST_MESSAGE_BYTES,
      'max.message.bytes',
      `at most ${MOST_MESSAGE_BYTES}`,
    ),
    ...unless(
      least <= retention && retention <= most,
      'retention.ms',
      `from ${least}, as long as its environment keeps records, to ${most}`,
    ),
    // It would let go of records that nobody has read.
    ...unless(number('retention.bytes', -1) < 0, 'retention.bytes', -1),
    // A copy that lacks records would give their offsets to others.
    ...unless(
      configuration['unclean.leader.election.enable'] !== 'true',
      'unclean.leader.election.enable',
      'false',
    ),
    // One copy that has a record is none, as soon as its broker is lost.
    ...unless(
      replicas === 1 || number('min.insync.replicas', 1) >= 2,
      'min.insync.replicas',
      `at least 2, as it has ${replicas} replicas`,
    ),
  ];
}

/** Somebody else may be faster: then it is there. */
async function create(admin: Admin, { name, partitions, retentionMs }: Topic): Promise<void> {
  const settings = { ...FIXED, 'max.message.bytes': MOST_MESSAGE_BYTES, 'retention.ms': retentionMs };
  const configs = Object.entries(settings).map(([setting, value]) => ({
    name: setting,
    value: String(value),
  }));
  try {
    await admin.createTopics({ topics: [name], partitions, replicas: -1, configs });
  } catch (error) {
    if (!(await admin.listTopics()).includes(name)) throw error;
  }
}

/** @throws what the brokers say, where one of them is missing as well */
export async function statesOf(admin: Admin, names: readonly string[]): Promise<TopicState[]> {
  if (names.length === 0) return [];
  const { topics } = await admin.metadata({ topics: [...names], forceUpdate: true });
  const resources = names.map((resourceName) => ({
    ...{ resourceName, resourceType: ConfigResourceTypes.TOPIC, configurationKeys: LOOKED_AT },
  }));
  const described = await admin.describeConfigs({ resources });
  return names.map((name) => ({
    name,
    partitions: topics.get(name)?.partitionsCount ?? 0,
    replicas: topics.get(name)?.partitions[0]?.replicas.length ?? 0,
    configuration: configurationOf(described.find(({ resourceName }) => resourceName === name)),
  }));
}

function configurationOf(described: ConfigDescription | undefined): TopicState['configuration'] {
  return Object.fromEntries((described?.configs ?? []).map(({ name, value }) => [name, value]));
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'PLT_KFK_NETWORK' || error.code === 'ECONNREFUSED')) return true;
  return error instanceof AggregateError && error.errors.some(isUnreachable);
}

import { Admin, type ConfigDescription, ConfigResourceTypes } from '@platformatic/kafka';
import { KafkaError } from './kafka-error.ts';

/** A topic as an app needs it. */
export interface Topic {
  name: string;
  /** At least so many. */
  partitions: number;
  /** Records are kept so long, and no longer. */
  retentionMs: number;
}

/** A topic that is there, as far as it is looked at. */
export interface TopicState {
  name: string;
  partitions: number;
  /** Copies of each partition. */
  replicas: number;
  configuration: Readonly<Record<string, string | null | undefined>>;
}

/** Arrival is what the broker stamps: what a producer says of it proves nothing. */
const LOOKED_AT = [
  ...['message.timestamp.type', 'cleanup.policy', 'retention.ms', 'min.insync.replicas'],
  'unclean.leader.election.enable',
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
  const problem = (setting: string, must: string) =>
    `topic ${topic.name}: ${setting} is ${configuration[setting] ?? 'not set'} and must be ${must}`;
  const retention = Number(configuration['retention.ms'] ?? -1);
  return [
    ...(partitions < topic.partitions
      ? [`topic ${topic.name}: its partitions are ${partitions} and must be at least ${topic.partitions}`]
      : []),
    ...(configuration['message.timestamp.type'] === 'LogAppendTime'
      ? []
      : [problem('message.timestamp.type', 'LogAppendTime')]),
    ...(configuration['cleanup.policy'] === 'delete' ? [] : [problem('cleanup.policy', 'delete')]),
    ...(retention < 0 || retention > topic.retentionMs
      ? [problem('retention.ms', `from 0 to ${topic.retentionMs}, as long as its environment keeps records`)]
      : []),
    // A copy that lacks records would give their offsets to others.
    ...(configuration['unclean.leader.election.enable'] === 'true'
      ? [problem('unclean.leader.election.enable', 'false')]
      : []),
    // One copy that has a record is none, as soon as its broker is lost.
    ...(replicas > 1 && Number(configuration['min.insync.replicas'] ?? 1) < 2
      ? [problem('min.insync.replicas', `at least 2, as it has ${replicas} replicas`)]
      : []),
  ];
}

/** Somebody else may be faster: then it is there. */
async function create(admin: Admin, { name, partitions, retentionMs }: Topic): Promise<void> {
  const configs = [
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
  ];
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

import { z } from 'zod';
import { longestTopicRetentionMs } from '../lambda/adapters/kafka/kept-records.ts';
import { EMBEDDED } from '../local/kafka/embedded.ts';
import type { Topic } from '../local/kafka/topics.ts';
import type { KafkaSettings } from '../local/runtime-options.ts';

/** Where templates say that brokers are, of a run that starts its own: the port is not known before. */
const ANYWHERE = '127.0.0.1:9092';
/** Of a topic without a number of shards: as a new stream on demand has. */
const ON_DEMAND_PARTITIONS = 4;
const HOUR_MS = 3_600_000;

/** What of an environment's settings its topics come from (lib/settings.ts). */
const topicSettings = z.object({
  connector: z.string().default('kinesis'),
  kafkaTopicPrefix: z.string().default('environment'),
  shards: z.union([z.number(), z.literal('on-demand')]),
  lotteryShards: z.union([z.number(), z.literal('on-demand')]),
  retentionHours: z.number(),
});

/** `embedded`, or `host:port,…` */
export const isBrokers = (text: string): boolean =>
  text === EMBEDDED || /^[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*$/.test(text);

/** The settings that a run on these brokers adds to what somebody sets. */
export function kafkaContext(environment: string, brokers: string | undefined): Record<string, string> {
  if (brokers === undefined) return {};
  return { [`${environment}:kafkaBootstrapServers`]: brokers === EMBEDDED ? ANYWHERE : brokers };
}

/**
 * Why an environment cannot run on those brokers, in a line; undefined where it can.
 * @param brokers as `--kafka` has them: a run on this machine goes to none that it was not given there
 */
export function kafkaProblem(
  environment: string,
  settings: unknown,
  brokers: string | undefined,
): string | undefined {
  const { connector } = topicSettings.parse(settings);
  if ((connector === 'kafka') === (brokers !== undefined)) return undefined;
  return brokers === undefined
    ? `-c ${environment}:connector=kafka goes with --kafka embedded, or with --kafka HOST:PORT`
    : `--kafka: ${environment} has the connector ${connector}: it goes with -c ${environment}:connector=kafka`;
}

/** A local run on brokers: its functions, and who reads its outputs, hear of those. */
export function ownKafka(environment: string, brokers: string, settings: unknown): { kafka: KafkaSettings } {
  return {
    kafka: {
      brokers,
      topics: topicsOf(environment, settings),
      variables: (servers) => ({ KAFKA_BOOTSTRAP_SERVERS: servers }),
      outputs: (servers) => ({ KafkaBootstrapServers: servers }),
    },
  };
}

/** The four outer topics, with as many partitions as the streams would have shards. */
export function topicsOf(environment: string, settings: unknown): Topic[] {
  const { kafkaTopicPrefix, shards, lotteryShards, retentionHours } = topicSettings.parse(settings);
  const prefix = kafkaTopicPrefix === 'environment' ? `${environment}-` : kafkaTopicPrefix;
  const topic = (name: string, capacity: number | 'on-demand'): Topic => ({
    name: `${prefix}${name}-topic`,
    partitions: capacity === 'on-demand' ? ON_DEMAND_PARTITIONS : capacity,
    retentionMs: retentionHours * HOUR_MS,
    mostRetentionMs: longestTopicRetentionMs,
  });
  return [
    topic('lottery-input', lotteryShards),
    topic('user-input', shards),
    topic('lottery-output', lotteryShards),
    topic('user-output', shards),
  ];
}

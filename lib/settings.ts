/**
 * The settings of one environment: one table that gives the type, the limits and the way from the command
 * line's text to the value. Limits are those of the services (AWS documentation of each, as of 2026) unless
 * a comment says otherwise.
 */

import { connectorNames } from '../lambda/contract/variables.ts';
import { kafkaFields } from './kafka-settings.ts';
import {
  either,
  type Field,
  flag,
  httpsUrls,
  oneOf,
  span,
  text,
  time,
  whole,
  word,
} from './setting-fields.ts';

/** CloudWatch Logs accepts these and no others (PutRetentionPolicy). */
const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

/** UpdateShardCount takes a stream no further (Kinesis API reference); an account's quota starts at 1,000 to 20,000, by region. */
const shards = () => either(whole(1, 10_000, 'shards'), word('on-demand'));

const topicArn = () =>
  either(word('none'), text(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'the ARN of a topic'));

export const settingFields = {
  /**
   * Length of a draw's window, by the clicks' own timestamps, of the runs that are started from then on: a run keeps what
   * it began with. The draw's tumbling window has the same.
   */
  windowSeconds: whole(1, 900, 'seconds'),
  /** How long after its window ended a click may arrive that is still in it; as with the window, of new runs. */
  graceSeconds: whole(0, 900, 'seconds'),
  /**
   * How much further than its window's end and grace a shard has to be before a draw takes it for complete: Kinesis does
   * not promise that the times of arrival within a shard never step back.
   */
  marginMilliseconds: whole(0, 10_000, 'milliseconds'),
  /**
   * What chooses a winner beside the window's seed, of new runs: a round of drand's quicknet that nobody can know before
   * the draw is closed; or nothing, with which whoever has the run's seed can foretell its draws.
   */
  randomness: word('drand', 'seed'),
  /** Where rounds are fetched, in this order; their signatures are verified, so that none of them is trusted. */
  beaconUrls: httpsUrls(8),
  /** How far a click's timestamp may be from its arrival; 'off' to replay old events. */
  clockToleranceSeconds: either(whole(1, 86_400, 'seconds'), word('off')),
  /** Capacity of the streams that carry clicks: user-events-* and entries. */
  shards: shards(),
  /** Capacity of lottery-events-*: a few records per lottery and window. */
  lotteryShards: shards(),
  /**
   * Capacity of the table that is read and written for every user and batch: users. 'on-demand', or read and write
   * units a second, each scaled between the ends of the span to what is used. The upper bound is an account's quota
   * for a table; the other tables have a few requests a batch or window and stay on demand.
   */
  tableCapacity: either(word('on-demand'), span(1, 40_000, 'units a second')),
  /** How long streams keep records: the time there is to repair a function that fails. */
  retentionHours: whole(24, 8_760, 'hours'),
  /**
   * Where new event source mappings begin to read: at the oldest record, or at the first that arrived after a time. A
   * mapping that is there cannot be moved: docs/runbook.md, "Replay from a timestamp".
   */
  readFrom: either(word('oldest'), time()),
  /**
   * What the outer streams are, inputs and outputs: streams of Kinesis, or topics of a Kafka cluster that somebody runs.
   * `entries` is on Kinesis whatever this is, since Lambda has tumbling windows there alone.
   */
  connector: word(...connectorNames),
  ...kafkaFields,
  /**
   * Whether functions put many outputs into one record of the output streams, in the format of the Kinesis Producer Library.
   * Consumers have to take them apart.
   */
  aggregateOutputs: word('on', 'off'),
  lotteryEventsBatchSize: whole(1, 10_000, 'records'),
  userEventsBatchSize: whole(1, 10_000, 'records'),
  drawBatchSize: whole(1, 10_000, 'records'),
  ticksBatchSize: whole(1, 10, 'messages'),
  /** How long a mapping may wait to fill a batch. Each second delays every outcome by up to that. */
  lotteryEventsBatchingSeconds: whole(0, 300, 'seconds'),
  userEventsBatchingSeconds: whole(0, 300, 'seconds'),
  drawBatchingSeconds: whole(0, 300, 'seconds'),
  /**
   * How long the archive's mappings may wait to fill a batch: each is an object, and a put. It delays nothing but the
   * archive; what that does not have yet is read from the streams.
   */
  archiveBatchingSeconds: whole(0, 300, 'seconds'),
  /** Memory of each function; Lambda gives CPU in proportion, one core at 1,769 MB. */
  memoryMb: whole(128, 10_240, 'MB'),
  /** Time-out of the functions that read streams. */
  timeoutSeconds: whole(1, 900, 'seconds'),
  /** Time-out of the tick function. */
  ticksTimeoutSeconds: whole(1, 900, 'seconds'),
  /** How long a tick that is being handled stays hidden; a tick that failed is tried again after it. */
  ticksVisibilitySeconds: whole(1, 43_200, 'seconds'),
  /**
   * How long blocks, lists and sheets of draws and the archive of the output streams are kept: a draw can be verified for as
   * long, and one that waits for its beacon be made. The upper bound, 100 years, is ours.
   */
  drawsRetentionDays: either(word('forever'), whole(1, 36_500, 'days')),
  /**
   * Whether S3 itself refuses to delete what is in the draws bucket until its retention is over: 'governance' leaves it to
   * whoever has a right of its own, 'compliance' to nobody, not even to the account's root. A lock cannot be taken off a
   * bucket again.
   */
  drawsObjectLock: word('off', 'governance', 'compliance'),
  /**
   * Whether there is a page for whoever watches, with a stack of its own. Everybody who knows its address sees the lotteries,
   * the ids of their winners and, in the sheets, all entries of each draw.
   */
  livePage: word('on', 'off'),
  logRetentionDays: oneOf(logRetentions, 'days'),
  logLevel: word('DEBUG', 'INFO', 'WARN', 'ERROR'),
  /** What becomes of streams, tables, buckets, key and logs when the stack is deleted. */
  removalPolicy: word('destroy', 'retain'),
  /** Refuse to delete the tables and the stacks, until this is switched off by a deployment. */
  deletionProtection: flag(),
  /** Continuous backups of the tables: any second of the last 35 days can be restored. */
  pointInTimeRecovery: flag(),
  /** Whose key encrypts what is stored: AWS's, or one of this environment's own, with rotation. */
  encryption: word('aws-key', 'own-key'),
  /** Who is mailed about alarms, by a topic of this environment. */
  alarmEmail: either(word('none'), text(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an e-mail address')),
  /** A topic that exists already and takes the alarms instead of one of this environment. */
  alarmTopicArn: topicArn(),
  /** A topic that exists already and gets, besides, the alarms that are to wake somebody: the pager's. */
  pageTopicArn: topicArn(),
  /** How far a function may be behind its stream before someone is told. */
  alarmLagSeconds: whole(1, 86_400, 'seconds'),
  /**
   * How late after the end of its window nine of ten winners may be, and how far behind a shard that holds draws up, before
   * someone is told.
   */
  alarmDrawDelaySeconds: whole(1, 3_600, 'seconds'),
  /** Where to deploy; 'cli' leaves it to the credentials and the region of the command line. */
  account: either(word('cli'), text(/^\d{12}$/, 'an account number of 12 digits')),
  region: either(word('cli'), text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1')),
} as const satisfies Record<string, Field<unknown>>;

type FieldValue<F> = F extends Field<infer T> ? T : never;

export type SettingName = keyof typeof settingFields;

export type Settings = { readonly [Name in SettingName]: FieldValue<(typeof settingFields)[Name]> };

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingFields, name);
}

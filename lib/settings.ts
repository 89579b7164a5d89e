/**
 * The settings of one environment: one table that gives the type, the limits and the way from the command
 * line's text to the value. Limits are those of the services (AWS documentation of each, as of 2026) unless
 * a comment says otherwise.
 */

import { either, type Field, oneOf, whole, word } from './setting-fields.ts';

/** CloudWatch Logs accepts these and no others (PutRetentionPolicy). */
const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

/** The upper bound is ours: an account's shard quota starts at 500 to 20,000, by region. */
const shards = () => either(whole(1, 500, 'shards'), word('on-demand'));

export const settingFields = {
  /** Length of a draw's window, by the clicks' own timestamps. The draw's tumbling window has the same. */
  windowSeconds: whole(1, 900, 'seconds'),
  /** How long a draw waits for clicks that are under way when its window ends. */
  graceSeconds: whole(0, 900, 'seconds'),
  /** How far a click's timestamp may be from its arrival; 'off' to replay old events. */
  clockToleranceSeconds: either(whole(1, 86_400, 'seconds'), word('off')),
  /** Capacity of the streams that carry clicks: user-events-* and entries. */
  shards: shards(),
  /** Capacity of lottery-events-*: a few records per lottery and window. */
  lotteryShards: shards(),
  /** How long streams keep records: the time there is to repair a function that fails. */
  retentionHours: whole(24, 8_760, 'hours'),
  /** Concurrent batches per shard of the input streams. The draw's is always 1. */
  parallelizationFactor: whole(1, 10, 'batches per shard'),
  lotteryEventsBatchSize: whole(1, 10_000, 'records'),
  userEventsBatchSize: whole(1, 10_000, 'records'),
  drawBatchSize: whole(1, 10_000, 'records'),
  ticksBatchSize: whole(1, 10, 'messages'),
  /** How long a mapping may wait to fill a batch. Each second delays every outcome by up to that. */
  lotteryEventsBatchingSeconds: whole(0, 300, 'seconds'),
  userEventsBatchingSeconds: whole(0, 300, 'seconds'),
  drawBatchingSeconds: whole(0, 300, 'seconds'),
  /** Memory of each function; Lambda gives CPU in proportion, one core at 1,769 MB. */
  memoryMb: whole(128, 10_240, 'MB'),
  /** Time-out of the functions that read streams. */
  timeoutSeconds: whole(1, 900, 'seconds'),
  /** Time-out of the tick function; short, since the queue hides a message for six times as long. */
  ticksTimeoutSeconds: whole(1, 900, 'seconds'),
  logRetentionDays: oneOf(logRetentions, 'days'),
  logLevel: word('DEBUG', 'INFO', 'WARN', 'ERROR'),
  /** What becomes of streams, tables and the bucket when the stack is deleted. */
  removalPolicy: word('destroy', 'retain'),
} as const satisfies Record<string, Field<unknown>>;

type FieldValue<F> = F extends Field<infer T> ? T : never;

export type SettingName = keyof typeof settingFields;

export type Settings = { readonly [Name in SettingName]: FieldValue<(typeof settingFields)[Name]> };

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingFields, name);
}

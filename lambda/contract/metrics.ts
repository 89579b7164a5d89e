/**
 * Names of the custom metrics, shared by the functions that emit them and the constructs that watch them.
 * Namespace and `service` dimension come from Powertools' own variables, which the constructs set.
 */
export const metricNamespace = 'LotteryStreams';

export const metricNames = {
  /** Events applied to a user or a lottery for the first time. Count. */
  eventsApplied: 'EventsApplied',
  /** Rejections published, repetitions included, with the extra dimension `reason`. Count. */
  eventsRejected: 'EventsRejected',
  /** Events delivered again: their stored outcome was published again. Count. */
  eventsReplayed: 'EventsReplayed',
  /** Conditional writes that found another version. Count. */
  writeConflicts: 'WriteConflicts',
  /** Keys whose write failed after all attempts: their events will be delivered again. Count. */
  writeFailures: 'WriteFailures',
  /** Partial draws put on the entries stream. Count. */
  partialsPublished: 'PartialsPublished',
  /** Draws made (a winner stored for the first time). Count. */
  drawsMade: 'DrawsMade',
  /** Time from the window's end to the winner. Milliseconds. */
  drawDelay: 'DrawDelay',
  /** Entries whose coupon goes back: they came after their draw, or it lies outside its run. Count. */
  entriesRefunded: 'EntriesRefunded',
  /** How far the slowest open shard of the input is behind. Milliseconds. */
  watermarkDelay: 'WatermarkDelay',
  /** How old the last record of a partition was when its function got it, of the slowest one; of topics alone. Milliseconds. */
  inputAge: 'InputAge',
  /** Ticks put off since their window was not complete. Count. */
  ticksPutOff: 'TicksPutOff',
  /** Heartbeats put on shards that were behind while draws waited; of a call that failed, none. Count. */
  heartbeatsPut: 'HeartbeatsPut',
  /** Lotteries ended, with the seed revealed. Count. */
  lotteriesEnded: 'LotteriesEnded',
  /** Records of internal streams and queues that could not be read. Count; any is a defect. */
  recordsIgnored: 'RecordsIgnored',
  /** Blocks of a draw that are missing, or were changed: it waits for them. Count; any is somebody's hand. */
  blocksMissing: 'BlocksMissing',
  /** Rounds of the beacon that draws wait for though they should be published, each at each look. Count. */
  beaconMissing: 'BeaconMissing',
  /** Runs that were asked for and whose seed is missing, or was changed. Count; any is somebody's hand. */
  seedsMissing: 'SeedsMissing',
  /** Messages that the page's Event API did not take, or not in time, each at each attempt. Count. */
  publicationsRefused: 'PublicationsRefused',
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];

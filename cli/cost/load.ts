import type { Settings } from '../../lib/settings.ts';

/** What an environment has to do. */
export interface Load {
  readonly clicksPerSecond: number;
  /** How many clicks of a user come together in a batch: 1 is the dearest case. */
  readonly clicksPerUserAndBatch: number;
  /** Lotteries that are clicked on at a time. */
  readonly lotteries: number;
  /** Users with an item in the table. */
  readonly users: number;
}

/**
 * Sizes are read from the formats of the records; everything else is assumed, on the dear side, and measured
 * nowhere: durations in particular hold the waiting for services that no benchmark of one machine has.
 */
export const assumptions = {
  /** One record of each stream, bytes: a click, its outcome, a partial. */
  recordBytes: { click: 120, outcome: 220, partial: 350 },
  /** One user's item, bytes. */
  userBytes: 500,
  /** Time of an invocation of user-events: waiting for DynamoDB, Kinesis and SQS, and work per click, ms on a core. */
  userEventsMs: { fixed: 40, perClick: 0.2 },
  /** Time of an invocation of the draw, ms on a core. */
  drawMs: { fixed: 25, perPartial: 0.2 },
  ticksMs: 15,
  /** Memory with which a function has a core (Lambda Developer Guide), MB; with less everything takes longer. */
  coreMemoryMb: 1_769,
  /** What an invocation logs: its metrics and Lambda's own lines, bytes. */
  logBytes: 1_500,
  /** Different metrics that an environment emits, with their dimensions. */
  customMetrics: 30,
  /** Lambda's pollers of a queue ask about every 20 seconds when it is empty. */
  queuePollers: 5,
  /** What a shard takes, records/s, and the part of it that is planned with. */
  shardRecords: 1_000,
  shardUse: 0.8,
  /** Shards of an on-demand stream without load. */
  onDemandShards: 4,
  /**
   * What one KPU (one vCPU, 4 GB) of a Flink application takes, clicks/s, beside one KPU that coordinates: in its
   * favour, what Alibaba publishes for simple work of its unit of the same size (40,000 to 55,000; 5,000 to 10,000
   * for windows).
   */
  clicksPerKpu: 50_000,
} as const;

/** What follows from the load, per second. */
export interface Work {
  readonly shards: number;
  readonly userInvocations: number;
  readonly partials: number;
  readonly drawInvocations: number;
  readonly draws: number;
  readonly ticks: number;
}

/** The work that a load makes with an environment's settings. */
export function workOf(settings: Settings, load: Load): Work {
  const { clicksPerSecond, lotteries } = load;
  const shards = shardsFor(settings, clicksPerSecond);
  // A shard is polled once a second; what is there is one batch. With a batching window it waits for its end, or for a
  // full batch.
  const rounds = shards / Math.max(1, settings.userEventsBatchingSeconds);
  const userInvocations = Math.max(
    Math.min(clicksPerSecond, rounds),
    clicksPerSecond / settings.userEventsBatchSize,
  );
  const draws = Math.min(lotteries / settings.windowSeconds, clicksPerSecond);
  const partials = Math.min(clicksPerSecond, userInvocations * lotteries);
  return {
    shards,
    userInvocations,
    partials,
    // Once a second and shard when there is anything, and once more at the end of each window.
    drawInvocations: Math.min(partials, shards) + Math.min(draws, shards / settings.windowSeconds),
    draws,
    // Every execution environment asks for a tick of its own.
    ticks: Math.min(partials, draws * Math.min(clicksPerSecond, shards)),
  };
}

/** Shards of the streams that carry clicks: those of the settings, or what the load needs. */
export function shardsFor({ shards }: Settings, clicksPerSecond: number): number {
  const needed = Math.ceil(clicksPerSecond / (assumptions.shardRecords * assumptions.shardUse));
  return Math.max(needed, shards === 'on-demand' ? assumptions.onDemandShards : shards);
}

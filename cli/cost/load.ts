import type { Settings } from '../../lib/settings.ts';

/** What an environment has to do. */
export interface Load {
  readonly clicksPerSecond: number;
  /** How many clicks of a user come together in a batch: 1 is the dearest case. */
  readonly clicksPerUserAndBatch: number;
  /** How many clicks producers put into one record of Kinesis. Default: 1, a plain record. */
  readonly clicksPerRecord?: number;
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
  /** One record of each kind, bytes; an accepted click's outcome has a receipt, that of a batch of a thousand. */
  recordBytes: {
    ...{ click: 120, outcome: 310, receipt: 700, partial: 245 },
    ...{ closed: 500, winner: 710, tick: 70, heartbeat: 20 },
  },
  /** What an aggregated record has around its events (magic number, MD5), and around each (lengths, its key), bytes. */
  aggregateBytes: { ofRecord: 20, ofEvent: 18 },
  /** An entry in a block or a sheet, and the block's reference where a draw or what is open names it, bytes. */
  entryBytes: 95,
  blockNameBytes: 132,
  /** One user's item, bytes; and what a batch that has several events of the user adds for each (decision 1). */
  userBytes: 500,
  storedOutcomeBytes: 13,
  /** Time of an invocation of user-events: waiting for DynamoDB, S3, KMS and Kinesis, and work per click, ms on a core. */
  userEventsMs: { fixed: 60, perClick: 0.2 },
  /** Of lottery-events, ms on a core; most of them are for a heartbeat. */
  lotteryEventsMs: 40,
  /**
   * Time of an invocation of the draw, ms on a core: a draw's round is fetched and verified, and its sheet put; a partial's
   * block is read, each of its entries hashed as a leaf and for its priority.
   */
  drawMs: { fixed: 50, perDraw: 150, perPartial: 2, perEntry: 0.02 },
  /** Of a shard of entries and a window, beside those for partials: its end, and its ticks, which come between two batches. */
  drawInvocationsPerWindow: 3,
  /** Time of an invocation of the ticks: work, ms on a core, and waiting for shards to go on, which no core makes shorter. */
  ticksMs: { work: 15, waiting: 2_000 },
  /** Memory of the draw function, MB: of itself, and of an entry of the draw that it makes (bench: 655 MB for a million). */
  drawMemoryMb: { fixed: 100, perEntry: 0.000_65 },
  /** A draw's partials come in two windows of Lambda's, and each asks for a tick; both ticks for one at the beacon's round. */
  ticksPerDraw: { drand: 4, seed: 2 },
  /** Of a shard and window, until the shard is past it: each makes a write of its watermark. */
  heartbeatsPerShard: 2,
  /** Of a shard with clicks and a window, besides: each environment that has its batches says once that it is past it. */
  passingsPerShard: 3,
  /** Of a window, for all that wait for it: watermarks of all shards are read, what is found is written. */
  looksPerWindow: 4,
  /** How often an invocation of the ticks asks whether somebody has looked. */
  asksPerTick: 10,
  /** Time of an invocation of the archive: a put, and work per record that is checked and compressed, ms on a core. */
  archiveMs: { fixed: 50, perRecord: 0.15 },
  /** What the archive has around a record, bytes; what gzip leaves of a byte of it (of the simulation's objects 0.11). */
  archiveLineBytes: 130,
  archiveRatio: 0.2,
  /** Records of a batch at most, bytes: Lambda's payload of 6 MB has them as base64, with some 500 bytes around each. */
  archiveBatchBytes: 2_500_000,
  /** Memory with which a function has a core (Lambda Developer Guide), MB; with less everything takes longer. */
  coreMemoryMb: 1_769,
  /** A view of the page after forty draws, and what a shard has counted of a lottery's last windows, bytes. */
  viewBytes: 32_000,
  countedBytes: 1_500,
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
  /** Of the streams that carry clicks; partitions, where those are topics. */
  readonly shards: number;
  readonly entriesShards: number;
  readonly lotteryShards: number;
  /** Batches with clicks: each leaves a block, and is signed. */
  readonly blocks: number;
  readonly userInvocations: number;
  readonly lotteryInvocations: number;
  readonly partials: number;
  readonly drawInvocations: number;
  readonly draws: number;
  /** Windows that draws wait for. */
  readonly windows: number;
  readonly ticks: number;
  readonly tickInvocations: number;
  /** Batches of the output streams: each is an invocation, and a put. */
  readonly archiveInvocations: number;
  /** On one of the shards of an input. */
  readonly heartbeatsPerShard: number;
}

/** The work that a load makes with an environment's settings. */
export function workOf(settings: Settings, load: Load): Work {
  const { clicksPerSecond, lotteries, clicksPerRecord = 1 } = load;
  const { windowSeconds, userEventsBatchSize } = settings;
  const ticksPerDraw = assumptions.ticksPerDraw[settings.randomness];
  const shards = shardsFor(settings, clicksPerSecond);
  const lotteryShards = lotteryShardsOf(settings);
  const draws = Math.min(lotteries / windowSeconds, clicksPerSecond);
  // Lotteries of one length of windows wait for the same moment.
  const windows = Math.min(1 / windowSeconds, draws);
  const heartbeatsPerShard = windows * assumptions.heartbeatsPerShard;
  // A shard is polled once a second; what is there is one batch. With a batching window it waits for its end, or for a
  // full batch.
  const rounds = (batchingSeconds: number, of: number) => of / Math.max(1, batchingSeconds);
  const userRounds = rounds(settings.userEventsBatchingSeconds, shards);
  const records = clicksPerSecond / clicksPerRecord;
  const full = records / userEventsBatchSize;
  const blocks = Math.max(Math.min(records, userRounds), full);
  const { outcome, receipt, winner } = assumptions.recordBytes;
  const archived = (perSecond: number, bytes: number, of: number) =>
    Math.max(
      Math.min(perSecond, rounds(settings.archiveBatchingSeconds, of)),
      (perSecond * bytes) / assumptions.archiveBatchBytes,
    );
  const partials = Math.min(clicksPerSecond, blocks * lotteries);
  const entriesShards = entriesShardsOf(settings, shards, partials);
  const ticks = draws * ticksPerDraw;
  const drawShards = Math.min(entriesShards, lotteries);
  return {
    ...{ shards, entriesShards, lotteryShards, blocks, partials, draws, windows, ticks, heartbeatsPerShard },
    // A heartbeat is alone in its batch where no clicks are.
    userInvocations: Math.max(Math.min(records + heartbeatsPerShard * shards, userRounds), full),
    lotteryInvocations: Math.min(
      heartbeatsPerShard * lotteryShards,
      rounds(settings.lotteryEventsBatchingSeconds, lotteryShards),
    ),
    // Once a second and shard when there is anything, and for what each window has besides. A lottery is on one shard.
    drawInvocations:
      Math.min(partials, drawShards) +
      Math.min(draws, drawShards / windowSeconds) * assumptions.drawInvocationsPerWindow,
    // Those that are due at a time come together.
    tickInvocations: Math.max(Math.min(ticks, windows * ticksPerDraw), ticks / settings.ticksBatchSize),
    // Of a draw, two: closed and drawn.
    archiveInvocations:
      archived(clicksPerSecond, outcome + receipt, shards) + archived(2 * draws, winner, lotteryShards),
  };
}

/** Clicks of a batch that has any, on average: no user has more of them. */
export function clicksOfBatch(settings: Settings, load: Load): number {
  return load.clicksPerSecond / workOf(settings, load).blocks;
}

/** So many clicks of a user in each batch, or as many as a batch has. */
export function withOneUser(settings: Settings, load: Load, clicks: number): Load {
  const most = load.clicksPerSecond > 0 ? clicksOfBatch(settings, load) : 1;
  return { ...load, clicksPerUserAndBatch: Math.min(clicks, most) };
}

/** Shards of the streams of lotteries: those of the settings. */
function lotteryShardsOf({ lotteryShards }: Settings): number {
  return lotteryShards === 'on-demand' ? assumptions.onDemandShards : lotteryShards;
}

/** Shards of the streams that carry clicks: those of the settings, or what the load needs. */
export function shardsFor({ shards }: Settings, clicksPerSecond: number): number {
  return Math.max(
    neededShards(clicksPerSecond),
    shards === 'on-demand' ? assumptions.onDemandShards : shards,
  );
}

/** One number for all three streams of clicks; beside topics, it is that of entries alone. */
function entriesShardsOf({ connector, shards }: Settings, ofClicks: number, partials: number): number {
  if (connector === 'kinesis') return ofClicks;
  return Math.max(shardsForRecords(partials), shards === 'on-demand' ? assumptions.onDemandShards : shards);
}

export function shardsForRecords(perSecond: number): number {
  return Math.ceil(perSecond / (assumptions.shardRecords * assumptions.shardUse));
}

/** As many as outcomes need, plain or aggregated: a MB has room for about as many as a shard takes records. */
export function neededShards(clicksPerSecond: number): number {
  return shardsForRecords(clicksPerSecond);
}

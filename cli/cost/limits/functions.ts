import type { Settings } from '../../../lib/settings.ts';
import { assumptions } from '../load.ts';
import { quotas } from '../quotas.ts';
import { type Limit, type Situation, slowness } from './limit.ts';

const second = 1_000;
const { lambda } = quotas;

/** Of a second, what is left for draws however little memory there is: no number of shards makes up for that. */
const leastMs = 50;

/** Batches of ticks at a time (lib/constructs/ticks-processor.ts). */
const ticksAtATime = 10;

/** What Lambda gives, and what one batch of a shard at a time can do. */
export const functionLimits: readonly Limit[] = [
  {
    service: 'Lambda',
    what: 'concurrent executions',
    there: () => lambda.concurrency,
    needed: concurrency,
    by: 'quota',
    remedy: '"Concurrent executions" of Lambda: one for each shard and mapping, and ten for ticks',
  },
  {
    service: 'Lambda',
    what: 'new environments in 10 s',
    there: () => lambda.moreIn10s,
    needed: ({ work }) => work.shards + work.lotteryShards,
    by: 'itself',
    remedy: 'that many more every ten seconds: a start from nothing takes longer, and its records wait',
  },
  {
    service: 'Lambda',
    what: 'user-events: ms/s on a shard',
    there: () => second,
    needed: userEventsMs,
    by: 'setting',
    remedy: 'memoryMb up to 1,769, a core; then shards',
  },
  {
    service: 'Lambda',
    what: 'ticks: ms/s, ten at a time',
    there: () => ticksAtATime * second,
    needed: ({ settings, work }) => work.tickInvocations * assumptions.ticksMs.work * slowness(settings),
    by: 'setting',
    remedy: 'memoryMb up to 1,769, then longer windows (windowSeconds) or fewer lotteries at a time',
  },
  {
    service: 'Lambda',
    what: 'MB of memory for a draw',
    there: ({ memoryMb }) => memoryMb,
    needed: drawMemoryMb,
    by: 'setting',
    remedy: `memoryMb up to ${lambda.memoryMb.toLocaleString('en-US')}, or shorter windows (windowSeconds), or more lotteries`,
  },
  {
    service: 'Lambda',
    what: 's of an invocation for a draw',
    there: ({ timeoutSeconds }) => timeoutSeconds,
    needed: drawSeconds,
    by: 'setting',
    remedy: `timeoutSeconds up to ${lambda.timeoutSeconds}, or shorter windows (windowSeconds), or more lotteries`,
  },
  {
    service: 'Lambda',
    what: 'draw: ms/s on the busiest shard',
    there: () => second,
    needed: drawBusyMs,
    by: 'nobody',
    remedy:
      'a lottery is one key of `entries`, whose shard one invocation reads at a time, on one core. More lotteries than one ' +
      'share it: spread clicks over lotteries, give more shards where there are more lotteries than shards, and make batches ' +
      'fewer and larger (userEventsBatchingSeconds): each shard and batch with its clicks is a block to read',
  },
];

/** The most at a time: each mapping has an invocation for each shard that it reads. */
function concurrency({ settings, work }: Situation): number {
  const { shards, entriesShards, lotteryShards } = work;
  const outputs = shards + lotteryShards;
  // user-events, draw and lottery-events; the archive; the page.
  return (
    shards +
    entriesShards +
    lotteryShards +
    outputs +
    (settings.livePage === 'on' ? outputs : 0) +
    ticksAtATime
  );
}

/** Of each second, on one shard. */
export function userEventsMs({ settings, load, work }: Situation): number {
  const { fixed, perClick } = assumptions.userEventsMs;
  const perSecond = work.userInvocations * fixed + load.clicksPerSecond * perClick;
  return (perSecond / work.shards) * slowness(settings);
}

/** Of each second, on the shard of `entries` that has most. */
export function drawBusyMs(situation: Situation): number {
  const { settings, load, work } = situation;
  const drawsOfLottery = work.draws / load.lotteries;
  return (
    invocationsOfShard(settings) * assumptions.drawMs.fixed * slowness(settings) +
    lotteriesOfShard(situation) * drawsOfLottery * drawMs(situation)
  );
}

/** A batch a second, and what each window has besides. */
function invocationsOfShard({ windowSeconds }: Settings): number {
  return 1 + assumptions.drawInvocationsPerWindow / windowSeconds;
}

/** How many times fewer partials its second has room for, beside all else. @returns 0 where there is room, or never enough */
export function partialsOver(situation: Situation): number {
  const { settings, load, work } = situation;
  const room = second * assumptions.shardUse;
  const ofLottery = (work.partials / load.lotteries) * assumptions.drawMs.perPartial;
  const partials = lotteriesOfShard(situation) * ofLottery * slowness(settings);
  const rest = drawBusyMs(situation) - partials;
  return rest + partials <= room || rest >= room ? 0 : partials / (room - rest);
}

/** Where there are fewer than shards, one shard has one: a lottery is one key. */
function lotteriesOfShard({ load, work }: Situation): number {
  return busiestShard(load.lotteries, work.entriesShards);
}

/**
 * How many of so many keys the shard has that has most: their hashes do not fall evenly (balls into bins; Raab and Steger 1998, where
 * there are many more keys than shards). Where there are fewer, each is taken to be alone.
 */
export function busiestShard(keys: number, shards: number): number {
  const mean = keys / shards;
  return mean <= 1 ? 1 : Math.min(keys, Math.ceil(mean + Math.sqrt(2 * mean * Math.log(shards))));
}

export function entriesOfDraw({ load, work }: Situation): number {
  return work.draws > 0 ? load.clicksPerSecond / work.draws : 0;
}

export function drawMemoryMb(situation: Situation): number {
  const { fixed, perEntry } = assumptions.drawMemoryMb;
  return fixed + entriesOfDraw(situation) * perEntry;
}

/** To close and make one draw: its round, its sheet, its blocks, its entries. */
export function drawSeconds(situation: Situation): number {
  return drawMs(situation) / second;
}

function drawMs(situation: Situation): number {
  const { settings, work } = situation;
  const { perDraw, perPartial, perEntry } = assumptions.drawMs;
  const partials = work.draws > 0 ? work.partials / work.draws : 0;
  return (perDraw + partials * perPartial + entriesOfDraw(situation) * perEntry) * slowness(settings);
}

/** Shards over which the draws of many lotteries would fit, with room: on the busiest of them too. */
export function shardsForDraws(situation: Situation): number {
  const { settings, load, work } = situation;
  const ofBatches = invocationsOfShard(settings) * assumptions.drawMs.fixed * slowness(settings);
  const left = Math.max(leastMs, second * assumptions.shardUse - ofBatches);
  const ofLottery = (work.draws / load.lotteries) * drawMs(situation);
  let shards = Math.ceil((load.lotteries * ofLottery) / left);
  while (shards < load.lotteries && busiestShard(load.lotteries, shards) * ofLottery > left) shards += 1;
  return shards;
}

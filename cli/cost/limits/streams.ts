import { ends } from '../../../lib/setting-fields.ts';
import type { Settings } from '../../../lib/settings.ts';
import { assumptions, type Load, neededShards, shardsForRecords } from '../load.ts';
import { ofRegion, quotas } from '../quotas.ts';
import { outcomeBytes, outcomesTogether } from '../streams.ts';
import type { Limit, Situation } from './limit.ts';

const mb = 2 ** 20;
const million = 1e6;
const { kinesis, lambda } = quotas;

const isOnKinesis = ({ connector }: Settings) => connector === 'kinesis';

/** What streams take and give, and topics' pollers. */
export const streamLimits: readonly Limit[] = [
  {
    service: 'Kinesis',
    what: `shards of ${assumptions.shardRecords * assumptions.shardUse} records/s`,
    there: ({ shards }) => (shards === 'on-demand' ? undefined : shards),
    needed: shardsNeeded,
    by: 'setting',
    remedy: 'shards: as many, up to 10,000, or on-demand',
  },
  {
    service: 'Kinesis',
    what: 'shards of the account',
    there: ({ shards, region }) => (shards === 'on-demand' ? undefined : ofRegion(kinesis.shards, region)),
    needed: allShards,
    by: 'quota',
    remedy: '"Shards per Region" of Kinesis',
  },
  {
    service: 'Kinesis',
    what: 'MB/s of a new on-demand stream',
    there: (settings) =>
      settings.shards === 'on-demand' && isOnKinesis(settings) ? kinesis.onDemandMbAtFirst : undefined,
    needed: outputMb,
    by: 'itself',
    remedy:
      'an on-demand stream takes up to double its peak of the last 30 days: rehearse with `lottery load`, doubling, a quarter ' +
      'of an hour each; or shards as a number',
  },
  {
    service: 'Kinesis',
    what: 'MB/s of an on-demand stream',
    there: (settings) =>
      settings.shards === 'on-demand' && isOnKinesis(settings)
        ? ofRegion(kinesis.onDemandMb, settings.region)
        : undefined,
    needed: outputMb,
    by: 'quota',
    remedy: 'a support case of Kinesis; or another region, or shards as a number',
  },
  {
    service: 'Kinesis',
    what: 'MB/s read of an output shard',
    there: (settings) => (isOnKinesis(settings) ? kinesis.shardMbOut : undefined),
    needed: ({ settings, load, work }) =>
      (readersOf(settings) * load.clicksPerSecond * outcomeBytes()) / work.shards / mb,
    by: 'setting',
    remedy: 'more shards than the clicks need; or livePage=off. Whoever reads besides needs enhanced fan-out',
  },
  {
    service: 'Kinesis',
    what: 'reads/s of an output shard',
    there: (settings) => (isOnKinesis(settings) ? kinesis.shardReads : undefined),
    // Lambda polls a shard once a second for each mapping.
    needed: ({ settings }) => readersOf(settings),
    by: 'nobody',
    remedy: 'whoever reads besides needs enhanced fan-out',
  },
  {
    service: 'Kinesis',
    what: 'lottery output shard, records/s',
    there: ({ lotteryShards, connector }) =>
      lotteryShards === 'on-demand' || connector === 'kafka' ? undefined : kinesis.shardRecordsIn,
    // A draw is closed and drawn.
    needed: ({ work }) => (2 * work.draws) / work.lotteryShards,
    by: 'setting',
    remedy: 'lotteryShards',
  },
  {
    service: 'Kafka',
    what: 'pollers of the largest mapping',
    there: ({ kafkaPollers }) => (kafkaPollers === 'on-demand' ? undefined : ends(kafkaPollers).most),
    needed: ({ load }) => pollersNeeded(load),
    by: 'setting',
    remedy: 'kafkaPollers: from 1 to 2,000, and at least as many partitions',
  },
];

/** Of one stream: clicks and their outcomes, or beside topics what entries has. */
export function shardsNeeded({ settings, load, work }: Situation): number {
  return settings.connector === 'kinesis'
    ? neededShards(load.clicksPerSecond)
    : shardsForRecords(work.partials);
}

/** Of the mapping that reads outcomes, which are longer than clicks. */
export function pollersNeeded({ clicksPerSecond }: Load): number {
  return Math.ceil((clicksPerSecond * outcomeBytes()) / (lambda.pollerMb * million));
}

/** Of the archive, and of the page. */
function readersOf({ livePage }: Settings): number {
  return livePage === 'on' ? 2 : 1;
}

/** Inputs, outputs and entries. */
function allShards({ settings, work }: Situation): number {
  const { connector, lotteryShards } = settings;
  if (connector === 'kafka') return work.entriesShards;
  return 3 * work.shards + (lotteryShards === 'on-demand' ? 0 : 2 * work.lotteryShards);
}

/** Of user-events-output, the largest of the streams: by its bytes, or by its records, of which a MB has room for 1,000. */
function outputMb({ settings, load, work }: Situation): number {
  const records = load.clicksPerSecond / outcomesTogether(settings, load, work);
  return Math.max((load.clicksPerSecond * outcomeBytes()) / mb, records / kinesis.shardRecordsIn);
}

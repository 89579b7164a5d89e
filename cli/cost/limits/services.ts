import { ends } from '../../../lib/setting-fields.ts';
import { invocations } from '../model.ts';
import { tokensOf } from '../page.ts';
import { quotas } from '../quotas.ts';
import { drawsUnits, provisioned, usersUnits } from '../tables.ts';
import type { Limit, Situation } from './limit.ts';

const { dynamodb, kms, s3, sqs, logs, appsync } = quotas;

/** A look at all shards every half second, while draws wait; and what moves those on that are behind, every second. */
const looksPerSecond = 2;
const heartbeatsPerSecond = 1;
/** Of a lottery that is clicked on: that of its window, and that of the one before, which waits for its round. */
const ticksOfLottery = 2;

const warming =
  'a table takes up to double its peak within 30 minutes: rehearse with `lottery load`, or set its warm throughput before';

/** What tables, keys, buckets, queues and the page's interface give. */
export const serviceLimits: readonly Limit[] = [
  {
    service: 'DynamoDB',
    what: 'users, write units/s, new table',
    there: ({ tableCapacity }) => (tableCapacity === 'on-demand' ? dynamodb.newTable.writes : undefined),
    needed: ({ load }) => usersUnits(load).writes,
    by: 'itself',
    remedy: warming,
  },
  {
    service: 'DynamoDB',
    what: 'users, write units/s',
    there: ({ tableCapacity }) => (tableCapacity === 'on-demand' ? dynamodb.tableUnits : undefined),
    needed: ({ load }) => usersUnits(load).writes,
    by: 'quota',
    remedy:
      '"Table-level write throughput limit" of DynamoDB; reads are half of it and have one of their own from there',
  },
  {
    service: 'DynamoDB',
    what: 'users, provisioned write units',
    there: ({ tableCapacity }) => (tableCapacity === 'on-demand' ? undefined : ends(tableCapacity).most),
    needed: ({ load }) => provisioned(usersUnits(load).writes),
    by: 'setting',
    remedy:
      `tableCapacity, up to ${dynamodb.tableUnits.toLocaleString('en-US')}: the quota of a table, and our setting. Of all tables ` +
      `of an account it is ${dynamodb.accountUnits.toLocaleString('en-US')}. Beyond it on-demand, with its quota raised`,
  },
  {
    service: 'DynamoDB',
    what: 'draws, write units/s',
    there: () => dynamodb.tableUnits,
    needed: ({ work }) => drawsUnits(work).writes,
    by: 'quota',
    remedy:
      '"Table-level write throughput limit" of DynamoDB; longer windows (windowSeconds) make fewer draws',
  },
  {
    service: 'DynamoDB',
    what: 'watermarks, read units/s',
    there: () => dynamodb.newTable.reads,
    needed: (situation) => looksPerSecond * inputShards(situation),
    by: 'itself',
    remedy: `one item a shard, read twice a second while draws wait; ${warming}`,
  },
  {
    service: 'DynamoDB',
    what: 'watermarks, write units/s',
    there: () => dynamodb.newTable.writes,
    needed: (situation) => heartbeatsPerSecond * inputShards(situation),
    by: 'itself',
    remedy: `one item a shard, written once a second while draws wait; ${warming}`,
  },
  {
    service: 'KMS',
    what: 'signatures/s',
    there: () => kms.signatures,
    needed: ({ work }) => work.blocks,
    by: 'quota',
    remedy:
      '"Cryptographic operations (ECC) request rate" of KMS: one for each batch. userEventsBatchingSeconds, with ' +
      'userEventsBatchSize, makes fewer',
  },
  {
    service: 'S3',
    what: 'puts/s of blocks',
    there: () => s3.puts,
    needed: ({ work }) => work.blocks,
    by: 'itself',
    remedy:
      'names are hashes, and S3 divides what is asked for much; until then it says SlowDown, and functions try again',
  },
  {
    service: 'S3',
    what: 'reads/s of blocks',
    there: () => s3.gets,
    needed: ({ work }) => work.partials,
    by: 'itself',
    remedy: 'as with puts; at most one for each partial, and one for all draws that are made together',
  },
  {
    service: 'S3',
    what: 'puts/s of the archive',
    there: () => s3.puts,
    needed: ({ work }) => work.archiveInvocations,
    by: 'itself',
    remedy: 'archiveBatchingSeconds makes fewer, where batches are not full; and S3 divides prefixes',
  },
  {
    service: 'SQS',
    what: 'ticks in flight',
    there: () => sqs.inFlight,
    needed: ({ settings, work }) => ticksOfLottery * work.draws * settings.windowSeconds,
    by: 'nobody',
    remedy: 'one for each draw that waits. Beyond it ticks come late: fewer lotteries at a time',
  },
  {
    service: 'CloudWatch',
    what: 'calls/s that put logs',
    there: () => logs.puts,
    needed: ({ work }) => invocations(work),
    by: 'quota',
    remedy:
      '"PutLogEvents throttle limit in transactions per second" of CloudWatch Logs: one for each invocation, at most',
  },
  {
    service: 'AppSync',
    what: 'tokens/s of the page',
    there: ({ livePage }) => (livePage === 'on' ? appsync.tokens : undefined),
    needed: ({ load, work }) => tokensOf(load, work),
    by: 'quota',
    remedy:
      '"Rate of request tokens" of AppSync: seven for a view, two views a second and lottery. Or fewer lotteries at a time',
  },
];

function inputShards({ work }: Situation): number {
  return work.shards + work.lotteryShards;
}

import { assumptions } from '../load.ts';
import { quotas } from '../quotas.ts';
import { outcomeBytes } from '../streams.ts';
import { lotteriesUnits, userWriteUnits } from '../tables.ts';
import type { Limit, Situation } from './limit.ts';

const mb = 2 ** 20;
const { kinesis, dynamodb } = quotas;

/** Of one user, events that are applied of a record: those behind are refused (decision 11). */
const mostOfAKeyInARecord = 500;

const spread =
  'a lottery is one key: spread clicks over lotteries; userEventsBatchingSeconds makes fewer, larger batches';

/** What one key takes: one lottery that all click on, one user who does nothing else. */
export const keyLimits: readonly Limit[] = [
  {
    service: 'Kinesis',
    what: 'entries/s of one lottery',
    there: () => kinesis.shardRecordsIn,
    needed: partialsOfLottery,
    by: 'setting',
    remedy: `userEventsBatchingSeconds with userEventsBatchSize: ${spread}`,
  },
  {
    service: 'DynamoDB',
    what: 'one lottery, read units/s',
    there: () => dynamodb.partition.reads,
    needed: ({ load, work }) => lotteriesUnits(work).reads / load.lotteries,
    by: 'setting',
    remedy: `userEventsBatchingSeconds with userEventsBatchSize: ${spread}. A long list of prizes makes a unit for each 4 KB`,
  },
  {
    service: 'DynamoDB',
    what: 'page, a lottery: write units/s',
    there: ({ livePage }) => (livePage === 'on' ? dynamodb.partition.writes : undefined),
    needed: (situation) => partialsOfLottery(situation) * Math.ceil(assumptions.countedBytes / 1_024),
    by: 'setting',
    remedy:
      'userEventsBatchingSeconds, or livePage=off. DynamoDB may divide the items of a lottery, which are one a shard; until ' +
      'then the page is late, and nothing else is',
  },
  {
    service: 'Kinesis',
    what: 'clicks/s of one user',
    there: ({ connector }) =>
      connector === 'kinesis' ? Math.min(kinesis.shardRecordsIn, Math.floor(mb / outcomeBytes())) : undefined,
    needed: ({ load, settings }) => load.clicksPerUserAndBatch / batchSeconds(settings),
    by: 'nobody',
    remedy:
      'a user is one key, and lies on one shard of either stream: what is more waits in it, and so does the shard',
  },
  {
    service: 'DynamoDB',
    what: 'one user, write units/s',
    there: () => dynamodb.partition.writes,
    needed: ({ load, settings }) => userWriteUnits(load) / batchSeconds(settings),
    by: 'nobody',
    remedy: 'a user is one item, written once a batch: nobody who clicks by hand comes near it',
  },
  {
    service: 'Kinesis',
    what: 'clicks of a user in a record',
    there: ({ connector }) => (connector === 'kinesis' ? mostOfAKeyInARecord : undefined),
    needed: ({ load }) => Math.min(load.clicksPerRecord ?? 1, load.clicksPerUserAndBatch),
    by: 'nobody',
    remedy: 'what is behind is refused as TOO_MANY_IN_RECORD (decision 11)',
  },
];

function partialsOfLottery({ load, work }: Situation): number {
  return work.partials / load.lotteries;
}

/** Between two batches of a shard. */
function batchSeconds({ userEventsBatchingSeconds }: Situation['settings']): number {
  return Math.max(1, userEventsBatchingSeconds);
}

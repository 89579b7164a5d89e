import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work } from './load.ts';
import { hoursPerMonth, prices, secondsPerMonth } from './prices.ts';

const million = 1e6;
const gb = 1e9;

/** Of a lottery, messages a second at most. */
const mostPublications = 2;

/** DynamoDB's units of what one publication takes: it is begun, listed and ended; it is looked up, and its parts read. */
const writesOf = { publication: 3, list: 2 };
const readUnitBytes = 4_096;
const writeUnitBytes = 1_024;

/** Bytes that one operation of an Event API may have. */
const operationBytes = 5 * 1_024;

/**
 * What the page's back end costs a month while clicks come: what it publishes, counts and waits for. Nobody looks at it: who
 * does costs by the message (docs/cost.md).
 * @returns 0 where there is no page
 */
export function pageBill(settings: Settings, load: Load, work: Work): number {
  if (settings.livePage === 'off') return 0;
  const { viewBytes, countedBytes } = assumptions;
  const { views, lists } = publications(load, work);
  const writes =
    views * writesOf.publication +
    lists * writesOf.list +
    work.partials * Math.ceil(countedBytes / writeUnitBytes) +
    // A draw is closed and drawn; what is known of the lottery's last draws is written each time.
    2 * work.draws * Math.ceil(viewBytes / writeUnitBytes);
  const readsOfView = Math.ceil(viewBytes / readUnitBytes) + work.shards + 1;
  const reads = views * readsOfView + lists * (1 + load.lotteries / 16) + work.partials * 2;
  const operations = tokensOf(load, work);
  const { dynamodb, s3, appsync } = prices;
  const perSecond =
    writes * dynamodb.millionWrites +
    reads * dynamodb.millionReads +
    (views + lists) * s3.millionPuts +
    operations * appsync.millionOperations;
  return (
    (perSecond * secondsPerMonth) / million + functionBill(settings, views, work) + readBill(settings, load)
  );
}

/** Operations of the Event API a second, which take a token each: of a message, one for each 5 KB. */
export function tokensOf(load: Load, work: Work): number {
  const { views, lists } = publications(load, work);
  return views * Math.ceil(assumptions.viewBytes / operationBytes) + lists;
}

function publications(load: Load, work: Work): { readonly views: number; readonly lists: number } {
  const views = Math.min(mostPublications * load.lotteries, work.partials + 2 * work.draws);
  return { views, lists: Math.min(mostPublications, views) };
}

/** It waits for most of its time, for each shard on its own; and so it is there for as long as clicks come. */
function functionBill({ memoryMb }: Settings, views: number, work: Work): number {
  const busy = Math.min(work.shards, views / mostPublications);
  return busy * (memoryMb / 1_024) * 3_600 * hoursPerMonth * prices.lambda.gbSecond;
}

/** Provisioned shards are read for nothing. */
function readBill({ shards }: Settings, { clicksPerSecond }: Load): number {
  if (shards !== 'on-demand') return 0;
  const { outcome, receipt } = assumptions.recordBytes;
  return ((clicksPerSecond * (outcome + receipt) * secondsPerMonth) / gb) * prices.kinesis.onDemand.gbOut;
}

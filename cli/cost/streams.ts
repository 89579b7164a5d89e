import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work } from './load.ts';
import { hoursPerMonth, type OnDemandPrices, prices, secondsPerMonth } from './prices.ts';

const million = 1e6;
/** Kinesis counts in powers of two: a KB is 1,024 bytes (its pricing page). */
const kb = 2 ** 10;
const mb = 2 ** 20;
const gb = 2 ** 30;
/** Of a provisioned stream, a put is paid for each 25 KB begun. */
const putUnitBytes = 25 * kb;

/** Retention that has no price, and the one from which the price of long-term retention holds, h. */
const includedHours = 24;
const longTermHours = 168;

/** Records of one kind. */
interface Records {
  readonly perSecond: number;
  readonly bytes: number;
}

interface StreamLoad {
  readonly mode: Settings['shards'];
  readonly shards: number;
  readonly records: readonly Records[];
}

export interface StreamsOptions {
  /** Whether there are a stream of entries between user-events and the draw, heartbeats on the inputs, and proofs. */
  readonly entries: boolean;
  readonly onDemand: OnDemandPrices;
}

/** What the streams cost a month; every record is read once. */
export function streamsBill(settings: Settings, load: Load, work: Work, options: StreamsOptions): number {
  const all = streamLoads(settings, load, work, options.entries);
  const provisioned = sum(
    all.filter(({ mode }) => mode !== 'on-demand'),
    (one) => provisionedStream(settings, one),
  );
  return (
    provisioned +
    onDemandStreams(
      settings,
      all.filter(({ mode }) => mode === 'on-demand'),
      options.onDemand,
    )
  );
}

function streamLoads(settings: Settings, load: Load, work: Work, entries: boolean): StreamLoad[] {
  const { partial, tick } = assumptions.recordBytes;
  const own = { perSecond: work.partials, bytes: partial };
  const ofEntries: StreamLoad = {
    ...{ mode: settings.shards, shards: work.entriesShards },
    records: [own, { perSecond: work.ticks, bytes: tick }],
  };
  return [
    // What brokers cost is their owner's to know.
    ...(settings.connector === 'kafka' ? [] : outerLoads(settings, load, work, entries)),
    ...(entries ? [ofEntries] : []),
  ];
}

function outerLoads(settings: Settings, load: Load, work: Work, entries: boolean): StreamLoad[] {
  const { shards: mode, lotteryShards: lotteryMode } = settings;
  const { clicksPerSecond, clicksPerRecord = 1 } = load;
  const { click, closed, winner, heartbeat } = assumptions.recordBytes;
  const clicks = { mode, shards: work.shards };
  const lottery = { mode: lotteryMode, shards: work.lotteryShards };
  const heartbeats = ({ shards }: { readonly shards: number }): Records[] =>
    entries ? [{ perSecond: work.heartbeatsPerShard * shards, bytes: heartbeat }] : [];
  const bytes = outcomeBytes(entries);
  const together = outcomesTogether(settings, load, work, bytes);
  return [
    {
      ...clicks,
      records: [aggregated(clicksPerSecond, click, clicksPerRecord), ...heartbeats(clicks)],
    },
    { ...clicks, records: [aggregated(clicksPerSecond, bytes, together)] },
    { ...lottery, records: heartbeats(lottery) },
    {
      ...lottery,
      records: (entries ? [closed, winner] : [winner]).map((bytes) => ({ perSecond: work.draws, bytes })),
    },
  ];
}

/** Of an accepted click. @param hasReceipt as here it has */
export function outcomeBytes(hasReceipt = true): number {
  const { outcome, receipt } = assumptions.recordBytes;
  return outcome + (hasReceipt ? receipt : 0);
}

/** Outcomes of a record. Of a batch at most: one invocation puts what it has. */
export function outcomesTogether(
  { aggregateOutputs }: Settings,
  { clicksPerSecond }: Load,
  { userInvocations }: Work,
  bytes = outcomeBytes(),
): number {
  if (aggregateOutputs === 'off' || userInvocations === 0) return 1;
  const ofBatch = Math.max(1, Math.floor(clicksPerSecond / userInvocations));
  return Math.min(ofBatch, fitting(bytes));
}

/** Events in records of so many each. One alone is a plain record. */
function aggregated(perSecond: number, bytes: number, together: number): Records {
  if (together === 1) return { perSecond, bytes };
  const { ofRecord, ofEvent } = assumptions.aggregateBytes;
  return { perSecond: perSecond / together, bytes: ofRecord + together * (bytes + ofEvent) };
}

/** How many events of that size one unit of a put has room for. */
function fitting(bytes: number): number {
  const { ofRecord, ofEvent } = assumptions.aggregateBytes;
  return Math.max(1, Math.floor((putUnitBytes - ofRecord) / (bytes + ofEvent)));
}

function provisionedStream({ retentionHours }: Settings, load: StreamLoad): number {
  const { shardHour, extendedShardHour, millionPutUnits, longTermGbMonth } = prices.kinesis.provisioned;
  const hour = shardHour + (retentionHours > includedHours ? extendedShardHour : 0);
  const units = sum(load.records, ({ perSecond, bytes }) => perSecond * Math.ceil(bytes / putUnitBytes));
  const putUnits = (units * secondsPerMonth) / million;
  const longTermGb = keptGb(load, longTermHours, retentionHours);
  return load.shards * hoursPerMonth * hour + putUnits * millionPutUnits + longTermGb * longTermGbMonth;
}

/** Together: the least that has to be paid in On-demand Advantage is one of the account, not of a stream. */
function onDemandStreams(
  { retentionHours }: Settings,
  loads: readonly StreamLoad[],
  price: OnDemandPrices,
): number {
  if (loads.length === 0) return 0;
  const least = (price.leastMbPerSecond * mb * secondsPerMonth) / gb;
  const gbIn = sum(loads, (one) => monthlyGb(one, (bytes) => Math.ceil(bytes / kb) * kb));
  const gbOut = sum(loads, (one) => monthlyGb(one, (bytes) => bytes));
  const extendedGb = sum(loads, (one) => keptGb(one, includedHours, Math.min(retentionHours, longTermHours)));
  const longTermGb = sum(loads, (one) => keptGb(one, longTermHours, retentionHours));
  return (
    loads.length * hoursPerMonth * price.streamHour +
    Math.max(gbIn, least) * price.gbIn +
    Math.max(gbOut, least) * price.gbOut +
    extendedGb * price.extendedGbMonth +
    longTermGb * price.longTermGbMonth
  );
}

function monthlyGb({ records }: StreamLoad, billed: (bytes: number) => number): number {
  return (sum(records, ({ perSecond, bytes }) => perSecond * billed(bytes)) * secondsPerMonth) / gb;
}

/** GB that lie in the stream at any time and are between so many hours old. */
function keptGb({ records }: StreamLoad, from: number, to: number): number {
  const bytesPerSecond = sum(records, ({ perSecond, bytes }) => perSecond * bytes);
  return (bytesPerSecond * 3_600 * Math.max(0, to - from)) / gb;
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}

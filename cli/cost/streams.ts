import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work } from './load.ts';
import { hoursPerMonth, type OnDemandPrices, prices, secondsPerMonth } from './prices.ts';

const million = 1e6;
/** Kinesis counts in powers of two: a KB is 1,024 bytes (its pricing page). */
const kb = 2 ** 10;
const mb = 2 ** 20;
const gb = 2 ** 30;

/** Retention that has no price, and the one from which the price of long-term retention holds, h. */
const includedHours = 24;
const longTermHours = 168;

interface StreamLoad {
  readonly mode: Settings['shards'];
  readonly shards: number;
  readonly recordsPerSecond: number;
  readonly recordBytes: number;
}

export interface StreamsOptions {
  /** Whether there is a stream of entries, between user-events and the draw. */
  readonly entries: boolean;
  readonly onDemand: OnDemandPrices;
}

/** What the streams cost a month; every record is read once. */
export function streamsBill(settings: Settings, load: Load, work: Work, options: StreamsOptions): number {
  const all = streamLoads(settings, load, work, options.entries);
  const provisioned = all
    .filter(({ mode }) => mode !== 'on-demand')
    .reduce((sum, one) => sum + provisionedStream(settings, one), 0);
  return (
    provisioned +
    onDemandStreams(
      settings,
      all.filter(({ mode }) => mode === 'on-demand'),
      options.onDemand,
    )
  );
}

function streamLoads(
  settings: Settings,
  { clicksPerSecond }: Load,
  work: Work,
  entries: boolean,
): StreamLoad[] {
  const { click, outcome, partial } = assumptions.recordBytes;
  const { shards: mode, lotteryShards } = settings;
  const clicks = { mode, shards: work.shards, recordsPerSecond: clicksPerSecond };
  const lottery: StreamLoad = {
    mode: lotteryShards,
    shards: lotteryShards === 'on-demand' ? assumptions.onDemandShards : lotteryShards,
    recordsPerSecond: work.draws,
    recordBytes: partial,
  };
  return [
    { ...clicks, recordBytes: click },
    { ...clicks, recordBytes: outcome },
    ...(entries ? [{ ...clicks, recordsPerSecond: work.partials + work.ticks, recordBytes: partial }] : []),
    { ...lottery, recordsPerSecond: 0 },
    lottery,
  ];
}

function provisionedStream({ retentionHours }: Settings, load: StreamLoad): number {
  const { shardHour, extendedShardHour, millionPutUnits, longTermGbMonth } = prices.kinesis.provisioned;
  const hour = shardHour + (retentionHours > includedHours ? extendedShardHour : 0);
  const putUnits = (load.recordsPerSecond * secondsPerMonth) / million;
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
  const total = (amount: (load: StreamLoad) => number) => loads.reduce((sum, one) => sum + amount(one), 0);
  const least = (price.leastMbPerSecond * mb * secondsPerMonth) / gb;
  const gbIn = total((one) => monthlyGb(one, Math.ceil(one.recordBytes / kb) * kb));
  const gbOut = total((one) => monthlyGb(one, one.recordBytes));
  const extendedGb = total((one) => keptGb(one, includedHours, Math.min(retentionHours, longTermHours)));
  const longTermGb = total((one) => keptGb(one, longTermHours, retentionHours));
  return (
    loads.length * hoursPerMonth * price.streamHour +
    Math.max(gbIn, least) * price.gbIn +
    Math.max(gbOut, least) * price.gbOut +
    extendedGb * price.extendedGbMonth +
    longTermGb * price.longTermGbMonth
  );
}

function monthlyGb({ recordsPerSecond }: StreamLoad, bytes: number): number {
  return (recordsPerSecond * secondsPerMonth * bytes) / gb;
}

/** GB that lie in the stream at any time and are between so many hours old. */
function keptGb({ recordsPerSecond, recordBytes }: StreamLoad, from: number, to: number): number {
  return (recordsPerSecond * 3_600 * Math.max(0, to - from) * recordBytes) / gb;
}

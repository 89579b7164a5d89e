import type { Settings } from '../../lib/settings.ts';
import { estimateOf } from './estimate.ts';
import { limitsMet } from './limits/all.ts';
import { isExceeded, type Limit } from './limits/limit.ts';
import type { Load } from './load.ts';
import { prices } from './prices.ts';
import type { PricedEnvironment } from './report.ts';
import { dollars, markdown } from './text-tables.ts';

const sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** So many are on one lottery at most, where there are more of them. */
const clicksOfLottery = 10_000;

/** The load of the second of the sizes' tables: what costs least for each click. */
export const together = { clicksPerUserAndBatch: 10, clicksPerRecord: 100 };

type OtherLoad = Omit<Load, 'clicksPerSecond' | 'lotteries'>;

/** The first tables of docs/scale.md: what to set for each size, and what it costs. */
export function sizesTable({ name, settings, alarmMetrics }: PricedEnvironment, load: OtherLoad): string {
  const head = [
    'clicks/s',
    'lotteries',
    'to set',
    'a month',
    'a million clicks',
    'at its cheapest',
    'with',
    'what no setting lifts',
  ];
  const rows = sizes.map((clicksPerSecond) => {
    const lotteries = Math.ceil(clicksPerSecond / clicksOfLottery);
    const { lottery, scale } = estimateOf({
      ...{ env: name, settings, load: { ...load, clicksPerSecond, lotteries } },
      ...{ alarmMetrics, onDemand: prices.kinesis.onDemand },
    });
    const set = Object.fromEntries((scale?.advice ?? []).map(({ setting, value }) => [setting, value]));
    const exceeded = (scale?.limits ?? []).filter((met) => isExceeded(met) && met.limit.by !== 'itself');
    return [
      number(clicksPerSecond),
      number(lotteries),
      options(set),
      dollars(lottery.total),
      dollars(lottery.total / scaleMillions(clicksPerSecond)),
      `**${dollars(scale?.cheapest.month ?? 0)}**`,
      options(scale?.cheapest.choice ?? {}),
      exceeded.map(({ limit }) => `${limit.service}: ${limit.what}`).join('; ') || 'none',
    ];
  });
  return markdown(head, head.length, rows);
}

const lifts: Readonly<Record<Limit['by'], string>> = {
  setting: 'a setting',
  quota: 'a quota, on request',
  itself: 'time',
  nobody: 'nothing',
};

/** The last one: where each limit is met, as an environment is. */
export function limitsTable(settings: Settings, load: OtherLoad): string {
  const head = ['', 'there is', 'met at clicks/s', 'lifted by', 'how'];
  const rows = limitsMet(settings, { ...load, clicksPerSecond: 1_000, lotteries: 1 }).map(
    ({ limit, there, metAt }) => [
      `${limit.service}: ${limit.what}`,
      number(there),
      metAt === undefined ? '' : number(metAt),
      lifts[limit.by],
      limit.remedy,
    ],
  );
  return markdown(head, head.length, rows);
}

function options(set: Readonly<Record<string, unknown>>): string {
  return (
    Object.entries(set)
      .map(([setting, value]) => `\`${setting}=${value}\``)
      .join(' ') || 'nothing'
  );
}

function scaleMillions(clicksPerSecond: number): number {
  return (clicksPerSecond * 730 * 3_600) / 1e6;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

import type { Settings } from '../../lib/settings.ts';
import { type Advice, advised } from './advice.ts';
import { type Cheapest, cheapest } from './cheapest.ts';
import { limitsMet } from './limits/all.ts';
import { isClose, isExceeded, type Met } from './limits/limit.ts';
import type { Load } from './load.ts';
import { type Bill, flinkBill, lotteryBill } from './model.ts';
import { hoursPerMonth, type OnDemandPrices, secondsPerMonth } from './prices.ts';

export interface EstimateOptions {
  readonly env: string;
  readonly settings: Settings;
  readonly load: Load;
  readonly alarmMetrics: number;
  readonly onDemand: OnDemandPrices;
}

/** What an environment costs under a load, with what the load asks for set. */
export interface Estimate {
  readonly env: string;
  readonly load: Load;
  readonly settings: Settings;
  readonly lottery: Bill;
  readonly flink: Bill;
  /** Undefined where nobody clicks. */
  readonly scale?: {
    readonly advice: readonly Advice[];
    readonly cheapest: Cheapest & { readonly month: number; readonly millionClicks: number };
    readonly limits: readonly Met[];
  };
}

export function estimateOf({
  env,
  settings: given,
  load,
  alarmMetrics,
  onDemand,
}: EstimateOptions): Estimate {
  if (load.clicksPerSecond === 0) {
    const lottery = lotteryBill(given, load, alarmMetrics, onDemand);
    return { env, load, settings: given, lottery, flink: flinkBill(given, load) };
  }
  const { settings, advice } = advised(given, load);
  const least = cheapest(settings, load, alarmMetrics, onDemand);
  const { total: month } = least.bill;
  return {
    ...{ env, load, settings },
    lottery: lotteryBill(settings, load, alarmMetrics, onDemand),
    flink: flinkBill(settings, load),
    scale: {
      advice,
      cheapest: { ...least, month, millionClicks: month / millionClicksOf(load) },
      limits: limitsMet(settings, load),
    },
  };
}

/** Of a month. */
function millionClicksOf({ clicksPerSecond }: Load): number {
  return (clicksPerSecond * secondsPerMonth) / 1e6;
}

/** For programs. Amounts are US dollars; `metAtClicksPerSecond` is null where clicks do not decide it. */
export function jsonOf({ env, load, lottery, flink, scale }: Estimate): object {
  return {
    ...{ environment: env, load },
    lottery: amountsOf(lottery, load),
    flink: amountsOf(flink, load),
    ...(scale !== undefined && {
      set: scale.advice,
      cheapest: { set: scale.cheapest.choice, ...amountsOf(scale.cheapest.bill, load) },
      limits: scale.limits.map((met) => ({
        ...{ service: met.limit.service, what: met.limit.what, needed: met.needed, there: met.there },
        metAtClicksPerSecond: met.metAt ?? null,
        ...{
          isExceeded: isExceeded(met),
          isClose: isClose(met),
          liftedBy: met.limit.by,
          remedy: met.limit.remedy,
        },
      })),
    }),
  };
}

function amountsOf({ lines, total }: Bill, load: Load): object {
  const millionClicks = load.clicksPerSecond > 0 ? total / millionClicksOf(load) : null;
  return { hour: total / hoursPerMonth, month: total, millionClicks, monthByService: lines };
}

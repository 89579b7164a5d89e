import type { Settings } from '../../lib/settings.ts';
import { drawsDecide, lotteryShardsNeeded, shardsOfLoad, spanFor, takes } from './advice.ts';
import { situationOf } from './limits/limit.ts';
import type { Load } from './load.ts';
import { type Bill, lotteryBill } from './model.ts';
import type { OnDemandPrices } from './prices.ts';

/** What may be chosen for its price alone, where a load is steady. Batching is not in it: it delays outcomes. */
export type Choice = Partial<
  Pick<Settings, 'shards' | 'lotteryShards' | 'tableCapacity' | 'aggregateOutputs'>
>;

export interface Cheapest {
  readonly choice: Choice;
  readonly bill: Bill;
}

/** Of every mode of streams and of the table of users, the one that costs least under a load that does not change. */
export function cheapest(
  settings: Settings,
  load: Load,
  alarmMetrics: number,
  onDemand: OnDemandPrices,
): Cheapest {
  const situation = situationOf(settings, load);
  const provisioned = shardsOfLoad(situation);
  const lotteryShards = Math.max(lotteryShardsNeeded(situation.work), asked(settings.lotteryShards));
  const span = spanFor(load);
  const canBeSet = takes('shards', provisioned);
  const modes: readonly Choice[] = [
    ...(canBeSet && drawsDecide(situation)
      ? []
      : [{ shards: 'on-demand', lotteryShards: 'on-demand' } as const]),
    ...(canBeSet ? [{ shards: provisioned, lotteryShards }] : []),
  ];
  const tables: readonly Choice[] = [
    { tableCapacity: 'on-demand' },
    ...(span === undefined ? [] : [{ tableCapacity: span }]),
  ];
  const outputs: readonly Choice[] =
    settings.connector === 'kafka' ? [{}] : [{ aggregateOutputs: 'off' }, { aggregateOutputs: 'on' }];
  const all = modes.flatMap((mode) =>
    tables.flatMap((table) => outputs.map((output): Choice => ({ ...mode, ...table, ...output }))),
  );
  const billed = all.map((choice) => ({
    choice,
    bill: lotteryBill({ ...settings, ...choice }, load, alarmMetrics, onDemand),
  }));
  return billed.reduce((least, one) => (one.bill.total < least.bill.total ? one : least));
}

function asked(shards: Settings['shards']): number {
  return shards === 'on-demand' ? 0 : shards;
}

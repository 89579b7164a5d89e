import { Producer } from '../../client/producer.ts';
import { lotteryResources } from '../../client/resources.ts';
import { writeAggregate } from '../../lambda/core/kpl.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { Random } from '../../local/faults/random.ts';
import { type Count, type Counted, counted, countsOf, eventsIn, invocationsOf } from './call-counts.ts';
import { lotteryRecord, type PlayerRecord, userRecord } from './player-record.ts';
import { startSimulatedRuntime } from './runtime.ts';
import { Scheduler } from './scheduler.ts';
import { SimulationMetrics } from './simulation-metrics.ts';
import { warmUp } from './warm-up.ts';

const START_MS = 1_700_000_000_000;
/** Of lotteries that start, before anything is counted. */
const SETTLING_MS = 30_000;
/**
 * How long after a window began nothing goes on: what its clicks ask for is on its way, the window before is made or waits for
 * its round, and nobody looks yet whether it is complete.
 */
const QUIET_MS = 1_700;
/** Until the same happens in each window. */
const WINDOWS_BEFORE = 3;
/** PutRecords. */
const MOST_RECORDS = 500;

export interface ScaleOptions {
  readonly assembly: Assembly;
  readonly lotteries: number;
  /** How many windows are counted. */
  readonly windows: number;
  /**
   * Clicks that come together, once a second, over the lotteries in turn. Default: each lottery has one click in each window.
   * No user clicks twice in a window: a read that is stale for a second or two would have to be repeated.
   */
  readonly clicksPerSecond?: number;
  /** How many of them producers put into one record. Default: 1, a plain record. */
  readonly clicksPerRecord?: number;
  /** Of the topics, where the outer streams are topics. Default: 1. */
  readonly partitions?: number;
}

/** On average for a window. */
export type Scale = Readonly<Record<Counted, number>>;

/**
 * Counts what goes to and fro until draws are made, with nothing that goes wrong.
 */
export async function scaleOf(options: ScaleOptions): Promise<Scale> {
  await warmUp();
  const scheduler = new Scheduler(new Random('scale', 'order'), START_MS);
  return scheduler.run(() => runOf(options, scheduler));
}

async function runOf(options: ScaleOptions, scheduler: Scheduler): Promise<Scale> {
  const { assembly, lotteries, windows, clicksPerSecond, clicksPerRecord = 1, partitions = 1 } = options;
  const { clock } = scheduler;
  const counts = new Map<Counted, number>();
  let isCounting = false;
  const add = (found: readonly Count[]) => {
    if (isCounting) for (const [what, count] of found) counts.set(what, (counts.get(what) ?? 0) + count);
  };
  const runtime = await startSimulatedRuntime({
    ...{ scheduler, seed: 'scale', assembly, trace: () => {}, telemetry: new SimulationMetrics() },
    onThrottled: () => {},
    emulation: { sqsConcurrency: 10, sqsWaitSeconds: 0 },
    ...{ inputJitterMs: 20, kafka: { partitions, isOnDemand: false, pollers: partitions } },
    intercept: (call, forward) => {
      add(countsOf(call));
      return forward();
    },
    wrapHost: (host) => host,
    observer: (event) => {
      if (event.type === 'mapping' && event.event.type === 'invoked') add(invocationsOf(event.functionName));
    },
    onRecord: (record) => add(eventsIn(record)),
  });
  const resources = lotteryResources(runtime);
  const { windowMs } = resources;
  const producer = new Producer(runtime.outerOf('scale'), resources, clock);
  const put = async (records: readonly PlayerRecord[]) => {
    for (let start = 0; start < records.length; start += MOST_RECORDS) {
      const some = records.slice(start, start + MOST_RECORDS);
      await producer.putAll(some[0]?.channel ?? 'user', some);
    }
  };
  const clicks = clicksPerSecond ?? lotteries;
  const everyMs = clicksPerSecond === undefined ? windowMs : 1_000;
  const rounds = windowMs / everyMs;
  const allWindows = windows + WINDOWS_BEFORE + 1;
  await put(numbered(lotteries).map((lotteryId) => lotteryRecord({ type: 'LotteryStartEvent', lotteryId })));
  await put(
    numbered(clicks * rounds).map((userId) =>
      userRecord({ type: 'UserBuyCouponEvent', userId, purchasedCoupons: allWindows }),
    ),
  );
  await clock.sleep(SETTLING_MS);

  const until = (time: number) => clock.sleep(Math.max(0, time - clock.now()));
  const start = Math.ceil(clock.now() / windowMs) * windowMs;
  const play = async () => {
    for (let round = 0; round < allWindows * rounds; round += 1) {
      await until(start + round * everyMs);
      const timestamp = clock.now();
      const first = (round % rounds) * clicks;
      const records = numbered(clicks).map((number) =>
        userRecord({
          ...{ type: 'UserClickEvent', userId: first + number, timestamp },
          lotteryId: ((number - 1) % lotteries) + 1,
        }),
      );
      await put(aggregated(records, clicksPerRecord));
    }
  };
  const count = async () => {
    const from = start + WINDOWS_BEFORE * windowMs + QUIET_MS;
    await until(from);
    isCounting = true;
    await until(from + windows * windowMs);
    isCounting = false;
  };
  await Promise.all([play(), count()]);
  await runtime.stop();
  const averages = counted.map((what) => [what, (counts.get(what) ?? 0) / windows]);
  // Of each that is counted.
  return Object.fromEntries(averages) as Scale;
}

/** So many of them in each record, under the key of its first. */
function aggregated(records: readonly PlayerRecord[], together: number): readonly PlayerRecord[] {
  if (together === 1) return records;
  return records.flatMap((first, index) => {
    const some = records.slice(index, index + together);
    return index % together === 0 ? [{ ...first, data: writeAggregate(some) }] : [];
  });
}

/** From 1. */
function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

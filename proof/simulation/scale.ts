import { Producer } from '../../client/producer.ts';
import { lotteryResources } from '../../client/resources.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { Random } from '../../local/faults/random.ts';
import { type AwsCall, jsonBody } from '../../local/proxy/aws-call.ts';
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
/** PutRecords. */
const MOST_RECORDS = 500;

export interface ScaleOptions {
  readonly assembly: Assembly;
  readonly lotteries: number;
  /** How many windows are counted. Each lottery has one click in each. */
  readonly windows: number;
}

/** What waiting for a window costs, on average for one. */
export interface Scale {
  /** Put on the ticks queue. */
  readonly messages: number;
  readonly heartbeats: number;
  /** Of shards, and of all of them together. */
  readonly watermarkWrites: number;
  readonly watermarkReads: number;
  readonly draws: number;
  readonly ticks: number;
}

/**
 * Counts what goes to and fro until draws are made, with nothing that goes wrong.
 */
export async function scaleOf(options: ScaleOptions): Promise<Scale> {
  await warmUp();
  const scheduler = new Scheduler(new Random('scale', 'order'), START_MS);
  return scheduler.run(() => runOf(options, scheduler));
}

async function runOf({ assembly, lotteries, windows }: ScaleOptions, scheduler: Scheduler): Promise<Scale> {
  const { clock } = scheduler;
  const counts = new Map<string, number>();
  let isCounting = false;
  const runtime = await startSimulatedRuntime({
    ...{ scheduler, seed: 'scale', assembly, trace: () => {}, telemetry: new SimulationMetrics() },
    onThrottled: () => {},
    emulation: { sqsConcurrency: 10, sqsWaitSeconds: 0 },
    ...{ inputJitterMs: 20, kafka: { partitions: 1, isOnDemand: false, pollers: 1 } },
    intercept: (call, forward) => {
      if (isCounting)
        for (const [what, count] of countsOf(call)) counts.set(what, (counts.get(what) ?? 0) + count);
      return forward();
    },
    wrapHost: (host) => host,
    observer: () => {},
    onRecord: () => {},
  });
  const { kinesis } = runtime.clientsOf('scale');
  const resources = lotteryResources(runtime);
  const { windowMs } = resources;
  const producer = new Producer(new KinesisStreams(kinesis), resources, clock);
  const put = async (records: readonly PlayerRecord[]) => {
    for (let start = 0; start < records.length; start += MOST_RECORDS) {
      const some = records.slice(start, start + MOST_RECORDS);
      await producer.putAll(some[0]?.channel ?? 'user', some);
    }
  };
  const numbers = Array.from({ length: lotteries }, (_, index) => index + 1);
  await put(numbers.map((lotteryId) => lotteryRecord({ type: 'LotteryStartEvent', lotteryId })));
  await put(
    numbers.map((userId) =>
      userRecord({ type: 'UserBuyCouponEvent', userId, purchasedCoupons: windows + 10 }),
    ),
  );
  await clock.sleep(SETTLING_MS);
  const click = () =>
    put(
      numbers.map((userId) =>
        userRecord({ type: 'UserClickEvent', userId, lotteryId: userId, timestamp: clock.now() }),
      ),
    );
  // Counted from within the steady state, whole windows long.
  for (let window = 0; window < windows + 4; window += 1) {
    const next = (Math.floor(clock.now() / windowMs) + 1) * windowMs;
    await click();
    await clock.sleep(next - windowMs + QUIET_MS - clock.now());
    isCounting = window >= 3 && window < windows + 3;
    await clock.sleep(next - clock.now());
  }
  await runtime.stop();
  const average = (what: string) => (counts.get(what) ?? 0) / windows;
  return {
    messages: average('messages'),
    heartbeats: average('heartbeats'),
    watermarkWrites: average('watermarkWrites'),
    watermarkReads: average('watermarkReads'),
    draws: average('draws'),
    ticks: average('ticks'),
  };
}

function countsOf(call: AwsCall): [string, number][] {
  const { operation } = call;
  if (operation === 'SendMessageBatch') return [['messages', lengthOf(jsonBody(call).Entries)]];
  if (operation === 'PutRecords') {
    const texts = dataOf(jsonBody(call).Records);
    const of = (type: string) => texts.filter((text) => text.includes(`"type":"${type}"`)).length;
    return [
      ['heartbeats', of('Heartbeat')],
      ['ticks', of('Tick')],
      ['draws', of('LotteryWinnerEvent')],
    ];
  }
  const text = call.service === 'dynamodb' ? call.body.toString('utf8') : '';
  if (!text.includes('-watermarks"')) return [];
  if (operation === 'BatchGetItem') return [['watermarkReads', text.split('"shardId"').length - 1]];
  return [[operation === 'GetItem' ? 'watermarkReads' : 'watermarkWrites', 1]];
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function dataOf(records: unknown): string[] {
  return Array.isArray(records)
    ? records.map((record) => Buffer.from(String(Object(record).Data), 'base64').toString('utf8'))
    : [];
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { ownBeacon } from '../../client/own-beacon.ts';
import { lotteryResources } from '../../client/resources.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { BenchContext } from '../context.ts';
import { figureOf, inTurns, quantile } from '../measure.ts';
import { PipelineOutputs } from '../pipeline/outputs.ts';
import type { Row } from '../table.ts';

const lotteries = 5;
const users = 500;
/** Then a steady rate, for the delays; those of the burst are its length. */
const clicksPerSecond = 100;
const windowSeconds = 2;
const graceSeconds = 1;
const timeoutMs = 90_000;

/**
 * Everything on this machine: the synthesized app, the embedded engines, the event source mappings. Time by the clock: who has
 * which core when is the machine's affair.
 */
export async function pipeline({ effort, synthesize }: BenchContext): Promise<Row[]> {
  const burst = effort.of(5_000, 50);
  const context = {
    'dev:windowSeconds': String(windowSeconds),
    'dev:graceSeconds': String(graceSeconds),
  };
  const runtime = await startRuntime({ ...ownBeacon, assembly: await synthesize('dev', context) });
  try {
    const resources = lotteryResources(runtime);
    const outputs = new PipelineOutputs(runtime.clients, resources);
    const { kinesis } = runtime.clients;
    await put(kinesis, resources.lotteryEventsInput, range(lotteries).map(lotteryStart));
    await outputs.until(() => outputs.started === lotteries, 'started its lotteries', timeoutMs);
    await put(kinesis, resources.userEventsInput, range(users).map(purchase));
    await outputs.until(() => outputs.bought === users, 'sold its coupons', timeoutMs);
    const { bursts } = await inTurns(
      { bursts: () => clickAtOnce(kinesis, resources.userEventsInput, burst, outputs) },
      { rounds: effort.of(4), warmUp: effort.of(1, 0) },
    );
    const settled = outputs.outcomeDelays.length;
    const steadySince = Date.now() + 1_000 * windowSeconds;
    const total = settled + (await clickSteadily(kinesis, resources.userEventsInput, effort.of(150, 25)));
    await outputs.until(() => outputs.outcomeDelays.length >= total, 'settled the clicks', timeoutMs);
    await outputs.until(() => outputs.allDrawn, 'drawn the winners', timeoutMs);
    return rowsOf(outputs, { burst, bursts, settled, steadySince });
  } finally {
    await runtime.stop();
  }
}

/** @returns clicks a second, until the last outcome was out */
async function clickAtOnce(
  kinesis: KinesisClient,
  stream: string,
  clicks: number,
  outputs: PipelineOutputs,
): Promise<number> {
  const total = outputs.outcomeDelays.length + clicks;
  const began = Date.now();
  await put(
    kinesis,
    stream,
    range(clicks).map((click) => clickOf(click, Date.now())),
  );
  await outputs.until(() => outputs.outcomeDelays.length >= total, 'settled the burst', timeoutMs);
  return (1_000 * clicks) / (outputs.lastOutcome - began);
}

/**
 * Clicks of all users in turn.
 * @param puts ten a second. Each has the time at which it is due: one that is late, as the machine is busy, is as late for its users
 */
async function clickSteadily(kinesis: KinesisClient, stream: string, puts: number): Promise<number> {
  const perPut = clicksPerSecond / 10;
  const began = Date.now();
  for (let index = 0; index < puts; index += 1) {
    const due = began + 100 * index;
    await sleep(Math.max(0, due - Date.now()));
    await put(
      kinesis,
      stream,
      range(perPut).map((click) => clickOf(index * perPut + click, due)),
    );
  }
  return puts * perPut;
}

/** CPU time of each thread, warm, on an idle machine (docs/benchmarks.md, "What the targets meet"). */
const shares =
  'A burst takes 2.7 to 3.9 s of CPU: functions a quarter, kinesalite 17 %, dynalite 13, mappings, proxies and who clicks 23, V8 21 in threads of its own';
const reads =
  'Kinesis lets a shard be read five times a second: a click waits for up to 200 ms, and what is done with it then takes 40';

interface Timing {
  /** Clicks of each. */
  readonly burst: number;
  /** Clicks a second of each. */
  readonly bursts: readonly number[];
  /** Clicks of all of them. */
  readonly settled: number;
  /** ms since the epoch. */
  readonly steadySince: number;
}

function rowsOf(outputs: PipelineOutputs, { burst, bursts, settled, steadySince }: Timing): Row[] {
  const steady = outputs.outcomeDelays.slice(settled).toSorted((left, right) => left - right);
  const winners = outputs.winnerDelays(steadySince).toSorted((left, right) => left - right);
  const note = `${winners.length} winners; windows of ${windowSeconds} s, grace of ${graceSeconds} s`;
  return [
    {
      name: `bursts of ${burst.toLocaleString('en-US')} clicks of ${users} users`,
      unit: 'clicks/s',
      figure: figureOf(bursts),
      atLeast: 3_000,
      reason: shares,
    },
    { name: 'from click to outcome, p50', unit: 'ms', value: quantile(steady, 0.5) },
    {
      name: 'from click to outcome, p99',
      unit: 'ms',
      value: quantile(steady, 0.99),
      ...{ atMost: 250, reason: reads },
    },
    { name: 'from window end to winner, p50', unit: 'ms', value: quantile(winners, 0.5), note },
    { name: 'from window end to winner, p99', unit: 'ms', value: quantile(winners, 0.99) },
  ];
}

interface Put {
  readonly partitionKey: string;
  readonly event: object;
}

const lotteryStart = (index: number): Put => ({
  partitionKey: String(index),
  event: { type: 'LotteryStartEvent', lotteryId: index },
});

const purchase = (index: number): Put => ({
  partitionKey: String(index),
  event: { type: 'UserBuyCouponEvent', userId: index, purchasedCoupons: 1_000 },
});

const clickOf = (index: number, timestamp: number): Put => ({
  partitionKey: String(index % users),
  event: {
    type: 'UserClickEvent',
    timestamp,
    userId: index % users,
    lotteryId: index % lotteries,
  },
});

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** @throws Error when a record is refused: the streams of the local engine take every rate */
async function put(kinesis: KinesisClient, stream: string, puts: readonly Put[]): Promise<void> {
  for (let start = 0; start < puts.length; start += 500) {
    const Records = puts.slice(start, start + 500).map(({ partitionKey, event }) => ({
      PartitionKey: partitionKey,
      Data: Buffer.from(JSON.stringify(event)),
    }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
    if (FailedRecordCount !== 0) throw new Error(`${FailedRecordCount} records were refused by ${stream}`);
  }
}

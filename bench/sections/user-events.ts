import { fileURLToPath } from 'node:url';
import type { Bundle } from '../bundles.ts';
import { HostedFunction } from '../function/hosted.ts';
import type { Load } from '../function/load.ts';
import type { Figure } from '../measure.ts';
import { figureOf } from '../measure.ts';
import type { Stub } from '../stub/stub.ts';
import type { Usage } from '../stub/usage.ts';
import type { Row } from '../table.ts';

const batchSize = 1_000;
/** About 50 KB, as the Producer Library makes them by default. */
const perRecord = 600;
const rounds = 5;

/** How a function did: CPU per click (µs), clicks per second, and what it used per 1,000 clicks. */
export interface Measured {
  readonly cpu: Figure;
  readonly clicksPerSecond: Figure;
  readonly usage: Usage;
  readonly clicks: number;
  readonly peakMemoryMb: number;
}

interface Candidate {
  readonly name: string;
  readonly path: string;
  /** Clicks of a round: slow ones get fewer, none below a batch. */
  readonly clicks: number;
  /** Of node. */
  readonly options?: string[];
}

const baseline = (file: string) => fileURLToPath(new URL(`../baselines/${file}`, import.meta.url));

/** The deployed bundle and two baselines, each in a process of its own, on the stub endpoint. */
export async function userEvents(bundle: Bundle, stub: Stub): Promise<Row[]> {
  const ours = { name: 'user-events', path: bundle.path, clicks: 10_000 };
  const many = await measure(ours, { batchSize }, stub);
  const few = await measure(ours, { batchSize, users: 100 }, stub);
  const aggregated = { batchSize, perRecord };
  const together = await measure(ours, aggregated, stub);
  const fewTogether = await measure(ours, { ...aggregated, users: 100 }, stub);
  const large = { ...ours, clicks: 50_000, options: ['--max-old-space-size=300'] };
  const whole = await measure(large, { batchSize: 50_000, perRecord, users: 5_000 }, stub);
  const perClick = { name: 'one call per click', path: baseline('update-per-click.ts'), clicks: 1_000 };
  const powertools = { name: 'with Powertools', path: baseline('powertools.ts'), clicks: 1_000 };
  const one = await measure(perClick, { batchSize }, stub);
  const idempotent = await measure(powertools, { batchSize }, stub);
  return [
    ...costRows('user-events, every click another user', many, {
      cpu: 80,
      dynamoCalls: 60,
      writeUnits: 1.05,
    }),
    {
      name: 'its CPU beside one call per click',
      unit: '×',
      value: many.cpu.median / one.cpu.median,
      atMost: 1 / 8,
    },
    ...costRows('user-events, 10 clicks per user and batch', few, { writeUnits: 0.15 }),
    ...costRows('user-events, aggregated, every click another user', together),
    ...costRows('user-events, aggregated, 10 clicks per user and batch', fewTogether, { cpu: 100 }),
    ...costRows('user-events, aggregated, batches of 6 MB, 10 clicks per user', whole, { cpu: 100 }),
    {
      name: 'its most memory, of batches of 6 MB',
      unit: 'MB',
      value: Math.round(whole.peakMemoryMb),
      atMost: 512,
    },
    ...costRows('baseline: UpdateItem and PutRecord per click', one),
    ...costRows('baseline: the same with Powertools batch and idempotency', idempotent),
    { name: 'user-events, most memory of the process', unit: 'MB', value: Math.round(many.peakMemoryMb) },
  ];
}

async function measure(
  { path, clicks, options }: Candidate,
  load: Omit<Load, 'clicks'>,
  stub: Stub,
): Promise<Measured> {
  const hosted = await HostedFunction.start(path, stub, options);
  try {
    // Compiled and connected first.
    for (let warmUp = 0; warmUp < 2; warmUp += 1) await hosted.run({ ...load, clicks });
    await stub.takeUsage();
    const results = [];
    for (let round = 0; round < rounds; round += 1) results.push(await hosted.run({ ...load, clicks }));
    return {
      cpu: figureOf(results.map(({ cpuMicroseconds }) => cpuMicroseconds / clicks)),
      clicksPerSecond: figureOf(results.map(({ milliseconds }) => (1_000 * clicks) / milliseconds)),
      usage: await stub.takeUsage(),
      clicks: clicks * rounds,
      peakMemoryMb: Math.max(...results.map(({ peakMemoryMb }) => peakMemoryMb)),
    };
  } finally {
    hosted.stop();
  }
}

interface Targets {
  readonly cpu?: number;
  readonly dynamoCalls?: number;
  readonly writeUnits?: number;
}

function costRows(
  name: string,
  { cpu, clicksPerSecond, usage, clicks }: Measured,
  targets: Targets = {},
): Row[] {
  const perThousand = (count: number) => (1_000 * count) / clicks;
  const callsOf = (wanted: (operation: string) => boolean) =>
    perThousand(
      Object.entries(usage.calls).reduce(
        (sum, [operation, calls]) => sum + (wanted(operation) ? calls : 0),
        0,
      ),
    );
  const isDynamo = (operation: string) => !/^(?:PutRecord|PutObject|Send|Sign)/.test(operation);
  return [
    { name, unit: 'µs CPU/click', figure: cpu, ...target(targets.cpu) },
    { name: '  clicks on one core', unit: 'clicks/s', figure: clicksPerSecond },
    {
      name: '  DynamoDB calls',
      unit: 'per 1,000 clicks',
      value: callsOf(isDynamo),
      ...target(targets.dynamoCalls),
    },
    { name: '  other calls', unit: 'per 1,000 clicks', value: callsOf((operation) => !isDynamo(operation)) },
    {
      name: '  write units',
      unit: 'per click',
      value: usage.writeUnits / clicks,
      ...target(targets.writeUnits),
    },
    { name: '  read units', unit: 'per click', value: usage.readUnits / clicks },
    { name: '  Kinesis PUT units', unit: 'per click', value: usage.putUnits / clicks },
  ];
}

function target(atMost: number | undefined): { atMost?: number } {
  return atMost === undefined ? {} : { atMost };
}

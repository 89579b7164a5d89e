import { PAYLOAD_BYTES } from '../../local/payload.ts';
import { ChildEnded } from '../child.ts';
import type { BenchContext } from '../context.ts';
import { HostedFunction } from '../function/hosted.ts';
import type { Load, LoadResult } from '../payloads/load.ts';
import { payloadOf } from '../payloads/payload.ts';
import type { Row } from '../table.ts';
import { perRecord } from './aggregated.ts';

/** Batches that must pass one after the other: the second finds what the first has left. */
const batches = 2;
const targetMb = 512;
/** A batch that takes more CPU than prod's time-out has seconds does not pass either. */
const mostMicroseconds = 60e6;

/** Heaps that are tried, MB: `--max-old-space-size`. */
interface Range {
  /** Does not pass, or is too little to be of interest. */
  readonly least: number;
  /** Must pass. */
  readonly most: number;
  readonly step: number;
}

interface Passed {
  readonly heapMb: number;
  readonly result: LoadResult;
}

/**
 * The least heap with which batches pass, and what the whole process takes then. Payloads are made by another process. What
 * fails is out of memory; near that the collector works all the time, which its CPU time shows.
 */
export async function memory(context: BenchContext): Promise<Row[]> {
  const { effort } = context;
  const plain = { batches: 1, users: 50_000, clicksPerUser: 1, batchSize: effort.of(1_000, 50) };
  const aggregate = { ...plain, users: 110_000, perRecord };
  const full = { ...aggregate, batchSize: effort.of(clicksThatFit(aggregate), 50) };
  const small = { least: effort.of(16, 256), most: 272, step: 16 };
  const large = { least: effort.of(128, 544), most: 576, step: 32 };
  return [
    ...rowsOf('1,000 plain records', plain, await leastHeap(plain, small, context)),
    // No batch holds more statements, outcomes and receipts than one of another user's click each.
    ...rowsOf('6 MB of aggregated records', full, await leastHeap(full, large, context), {
      atMost: targetMb,
    }),
  ];
}

/** How many clicks Lambda hands over at most. */
function clicksThatFit(load: Omit<Load, 'batchSize'>): number {
  const sample = 20 * perRecord;
  const { length } = payloadOf({ load: { ...load, batchSize: sample }, first: 1_000_000 }, Date.now());
  return Math.floor((PAYLOAD_BYTES * sample) / length);
}

function rowsOf(
  name: string,
  { batchSize }: Load,
  { heapMb, result }: Passed,
  target: Pick<Row, 'atMost'> = {},
): Row[] {
  const note = `${batchSize.toLocaleString('en-US')} clicks, every one another user's`;
  return [
    { name: `${name}: least --max-old-space-size`, unit: 'MB', value: heapMb, note },
    { name: '  most memory of the process', unit: 'MB', value: Math.round(result.peakMemoryMb), ...target },
    { name: '  CPU there', unit: 'µs CPU/click', value: result.cpuMicroseconds / result.clicks },
  ];
}

/** By halves: with more it passes too. @throws Error when it does not with the most */
async function leastHeap(load: Load, { least, most, step }: Range, context: BenchContext): Promise<Passed> {
  let [low, high] = [least, most];
  let passed: Passed | undefined;
  while (passed === undefined || high - low > step) {
    const heapMb = passed === undefined ? most : low + step * Math.floor((high - low) / step / 2);
    const result = await attempt(load, heapMb, context);
    if (result !== undefined) {
      passed = { heapMb, result };
      high = heapMb;
    } else if (passed === undefined) throw new Error(`A batch did not pass with ${most} MB`);
    else low = heapMb;
  }
  return passed;
}

/** @returns of the last batch; undefined where the process has ended, or would have been ended */
async function attempt(
  load: Load,
  heapMb: number,
  { stub, generator, userEvents }: BenchContext,
): Promise<LoadResult | undefined> {
  const hosted = await HostedFunction.start({
    ...{ module: userEvents.path, generator, endpoint: stub.endpoint },
    environment: await stub.usersTable(load.users),
    options: { execArgv: [`--max-old-space-size=${heapMb}`], isQuiet: true },
  });
  try {
    for (let batch = 1; batch < batches; batch += 1) await hosted.run(load);
    const result = await hosted.run(load);
    return result.cpuMicroseconds <= mostMicroseconds ? result : undefined;
  } catch (error) {
    if (error instanceof ChildEnded) return undefined;
    throw error;
  } finally {
    hosted.stop();
  }
}

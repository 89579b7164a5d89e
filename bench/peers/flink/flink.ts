import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../table.ts';
import { build, NotHere } from './build.ts';
import { betweenSizes, steadyOf } from './figures.ts';
import { type Report, runJob, type State } from './job.ts';
import { published } from './published.ts';
import { type Streams, streamsOf } from './streams.ts';

/** A thousand clicks in a draw, most often. */
const clicksPerSecond = 1_000;

interface Run {
  readonly clicks: number;
  readonly users: number;
  /** And subtasks of each operator. */
  readonly shards: number;
  readonly state: State;
}

const heap = { users: 10_000, shards: 1, state: 'hashmap' } as const;
const rocksdb = { ...heap, state: 'rocksdb' } as const;

/** The first two differ in their sizes alone. */
const quick: readonly Run[] = [
  { ...heap, clicks: 500_000 },
  { ...heap, clicks: 5_000_000 },
  { ...heap, clicks: 5_000_000, shards: 2 },
  { ...rocksdb, clicks: 2_000_000 },
];

const full: readonly Run[] = [
  { ...heap, clicks: 1_000_000 },
  { ...heap, clicks: 10_000_000 },
  { ...heap, clicks: 100_000 },
  { ...heap, clicks: 10_000_000, shards: 2 },
  { ...heap, clicks: 10_000_000, users: 1_000_000 },
  { ...rocksdb, clicks: 1_000_000 },
  { ...rocksdb, clicks: 10_000_000 },
  { ...rocksdb, clicks: 10_000_000, shards: 2 },
  { ...rocksdb, clicks: 10_000_000, users: 1_000_000 },
];

/**
 * The same job on Flink: CPU time of its process, all of its threads, and its memory. What comes out of each run is held
 * against what must. Where it cannot run, a line on stderr says why.
 * @param isFull 10^5 to 10^7 clicks, and a million users; else what takes some minutes
 */
export async function flink(isFull: boolean): Promise<Row[]> {
  try {
    return [...published, ...(await measured(isFull ? full : quick))];
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    process.stderr.write(`Our own job on Flink: skipped. ${error.message}\n`);
    return [...published];
  }
}

async function measured(runs: readonly Run[]): Promise<Row[]> {
  const classpath = await build();
  const directory = await mkdtemp(join(tmpdir(), 'lottery-flink-'));
  const streams = new Map<string, Streams>();
  try {
    const reports: Report[] = [];
    for (const { clicks, users, shards, state } of runs) {
      const key = `${clicks} ${users} ${shards}`;
      const input = streams.get(key) ?? streamsOf(directory, { clicks, users, clicksPerSecond }, shards);
      streams.set(key, input);
      reports.push(await runJob(classpath, directory, input, state));
    }
    return [
      ...runs.flatMap((run, index) => rowsOf(run, reports[index])),
      ...differenceOfSizes(runs, reports),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function rowsOf(run: Run, report: Report | undefined): Row[] {
  if (report === undefined) return [];
  const { cpu, eventsPerSecond } = steadyOf(report);
  const [events = 0] = report.marks.at(-1) ?? [];
  return [
    { name: nameOf(run), unit: 'µs CPU/event', figure: cpu },
    { name: '  the same', unit: 'events/s', value: Math.round(eventsPerSecond) },
    {
      name: '  start and warming up',
      unit: 's CPU',
      value: report.cpuNs / 1e9 - (events * cpu.median) / 1e6,
    },
    { name: '  most memory', unit: 'MB', value: Math.round(report.peakRssKb / 1_000) },
    { name: '  heap after a collection', unit: 'MB', value: Math.round(report.heapAfterGc / 1e6) },
    { name: '  checkpoints', unit: '', value: report.checkpoints },
  ];
}

function nameOf({ clicks, users, shards, state }: Run): string {
  const how = `${shards} subtask${shards === 1 ? '' : 's'}`;
  const [many, whose] = [clicks, users].map((value) => value.toLocaleString('en-US'));
  return `${state === 'hashmap' ? 'heap' : 'RocksDB'}, ${how}, ${many} clicks of ${whose} users`;
}

/** The other way to leave the start out, of the first two runs. */
function differenceOfSizes([less, more]: readonly Run[], [small, large]: readonly Report[]): Row[] {
  if (less === undefined || more === undefined || small === undefined || large === undefined) return [];
  const sizes = [more.clicks, less.clicks].map((clicks) => clicks.toLocaleString('en-US')).join(' less ');
  return [
    { name: `heap, 1 subtask, ${sizes} clicks`, unit: 'µs CPU/event', value: betweenSizes(small, large) },
  ];
}

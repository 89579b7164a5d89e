import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../context.ts';
import { HostedFunction } from '../function/hosted.ts';
import { cpuPerClick, figureOf, inTurns, ownCpuPerClick, parsingPerClick, ratioOf } from '../measure.ts';
import type { Load, LoadResult } from '../payloads/load.ts';
import { keyedAndParsedOnce } from '../peers/flink/published.ts';
import type { Row } from '../table.ts';

const users = 10_000;

const modules = {
  floor: 'floor',
  many: 'core',
  few: 'core',
  lotteries: 'core',
  userEvents: 'user-events',
  both: 'both-functions',
} as const;

type Name = keyof typeof modules;

/** Not measured here (`--only flink` measures a job of our own). */
const flinkKeyed: Row = {
  ...{ name: '  the published Flink job, keyed', unit: 'µs CPU/click', value: keyedAndParsedOnce },
  note: 'a documented figure of another day: Flink 1.13, 10,000 users, checkpoints each second; no draws, no receipts',
};

/** The product's own work, on users that are kept in memory, each kind in a process of its own, which take turns. */
export async function core({ generator, effort }: BenchContext): Promise<Row[]> {
  const many: Load = {
    ...{ batches: effort.of(10, 3), batchSize: effort.of(1_000, 50), users, clicksPerUser: 1 },
    // What a shard takes: a window has ten batches. In a test a batch has windows enough.
    clicksPerSecond: effort.of(1_000, 2),
  };
  const loads = { few: { ...many, clicksPerUser: 10 }, lotteries: { ...many, lotteries: 10 } };
  const started = Object.entries(modules).map(async ([name, file]) => {
    const module = fileURLToPath(new URL(`../in-memory/${file}.ts`, import.meta.url));
    const environment = { BENCH_USERS: String(users) };
    return [name as Name, await HostedFunction.start({ module, generator, environment })] as const;
  });
  const hosted = await Promise.all(started);
  try {
    const contenders = Object.fromEntries(
      hosted.map(([name, own]) => [name, () => own.run({ ...many, ...loads[name as keyof typeof loads] })]),
    ) as Record<Name, () => Promise<LoadResult>>;
    return rowsOf(await inTurns(contenders, { rounds: effort.of(15), warmUp: effort.of(10, 0) }));
  } finally {
    for (const [, own] of hosted) own.stop();
  }
}

function rowsOf({ floor, many, few, lotteries, userEvents, both }: Record<Name, LoadResult[]>): Row[] {
  const row = (name: string, values: readonly number[]): Row => {
    return { name, unit: 'µs CPU/click', figure: figureOf(values) };
  };
  return [
    row("parsing the payload's JSON, which Lambda's runtime does", parsingPerClick(many)),
    row('floor: atob and JSON.parse of each record', ownCpuPerClick(floor)),
    {
      ...row('core, every click another user, with blocks', ownCpuPerClick(many)),
      ...{
        atMost: 1.5,
        reason: 'Floor 0.4 µs, and the Merkle tree of a block, which Flink has not, 1.2 µs an entry',
      },
    },
    row('  with the payload parsed', cpuPerClick(many)),
    flinkKeyed,
    { name: '  beside the floor', unit: '×', figure: ratioOf(ownCpuPerClick(many), ownCpuPerClick(floor)) },
    row('core, 10 clicks per user and batch', ownCpuPerClick(few)),
    row('core, every click another user, on 10 lotteries', ownCpuPerClick(lotteries)),
    row('user-events in memory, with receipts and the JSON of outputs', ownCpuPerClick(userEvents)),
    {
      ...row('both functions in memory, up to the sheet of the draw', ownCpuPerClick(both)),
      ...{
        atMost: 2,
        reason: 'The JSON of an outcome with its receipt takes some 1.3 µs, its leaf in a tree 1.2',
      },
    },
    row('  with the payload parsed', cpuPerClick(both)),
  ];
}

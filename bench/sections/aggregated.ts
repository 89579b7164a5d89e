import type { BenchContext } from '../context.ts';
import { HostedFunction } from '../function/hosted.ts';
import { cpuPerClick, figureOf, inTurns } from '../measure.ts';
import type { Load } from '../payloads/load.ts';
import type { Row } from '../table.ts';

/** About 50 KB, as the Producer Library makes them by default. */
export const perRecord = 600;
const whoRunsWhere =
  "by the CPU time of the function's process; the stub and whoever makes the clicks run beside it";
/** About what a shard takes in a second. */
const batchSize = 10_000;
const users = 100_000;

/**
 * The deployed bundle on aggregated records. A core keeps up with as many clicks a second as one second of its time is enough
 * for: CPU time is that of the function's process, all its threads; the stub's is not in it.
 */
export async function aggregated({ stub, generator, userEvents, effort }: BenchContext): Promise<Row[]> {
  const start = async () => {
    const environment = await stub.usersTable(users);
    const { endpoint } = stub;
    return HostedFunction.start({ module: userEvents.path, generator, endpoint, environment });
  };
  const hosted = { few: await start(), many: await start() };
  const load: Load = {
    batches: 1,
    ...{ batchSize: effort.of(batchSize, 50), users, clicksPerUser: 10, perRecord },
  };
  try {
    const results = await inTurns(
      { few: () => hosted.few.run(load), many: () => hosted.many.run({ ...load, clicksPerUser: 1 }) },
      { rounds: effort.of(11), warmUp: effort.of(4, 0) },
    );
    return [
      ...rowsOf('batches of 10,000 clicks, 10 of each user', cpuPerClick(results.few), {
        atLeast: 60_000,
        reason:
          'Records in are fewer, outcomes are not: each has its receipt, some 6 µs of JSON, base64, hash and socket',
      }),
      ...rowsOf('batches of 10,000 clicks, every click another user', cpuPerClick(results.many)),
    ];
  } finally {
    for (const own of Object.values(hosted)) own.stop();
  }
}

function rowsOf(name: string, cpu: readonly number[], target: Pick<Row, 'atLeast' | 'reason'> = {}): Row[] {
  const perSecond = figureOf(cpu.map((each) => 1e6 / each));
  return [
    { name, unit: 'µs CPU/click', figure: figureOf(cpu) },
    { name: '  one core keeps up with', unit: 'clicks/s', figure: perSecond, ...target, note: whoRunsWhere },
  ];
}

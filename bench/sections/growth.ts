import type { BenchContext } from '../context.ts';
import { HostedFunction } from '../function/hosted.ts';
import { cpuPerClick, figureOf, inTurns, ratioOf } from '../measure.ts';
import type { Row } from '../table.ts';

/**
 * CPU per click with a thousand users stored and with a million, each in a table and a process of its own, which take turns.
 * Every click another user, of all of them in turn.
 */
export async function growth({ stub, generator, userEvents, effort }: BenchContext): Promise<Row[]> {
  const [least, most] = [1_000, effort.of(1_000_000, 2_000)];
  const start = async (users: number) => {
    const environment = await stub.usersTable(users);
    const { endpoint } = stub;
    return HostedFunction.start({ module: userEvents.path, generator, endpoint, environment });
  };
  const [few, many] = [await start(least), await start(most)];
  const load = { batches: effort.of(20), batchSize: effort.of(1_000, 50), clicksPerUser: 1 };
  try {
    const results = await inTurns(
      {
        few: () => few.run({ ...load, users: least }),
        many: () => many.run({ ...load, users: most }),
      },
      { rounds: effort.of(11), warmUp: effort.of(3, 0) },
    );
    const cpu = { few: cpuPerClick(results.few), many: cpuPerClick(results.many) };
    const row = (users: number, values: readonly number[]): Row => ({
      name: `user-events, ${users.toLocaleString('en-US')} users stored`,
      ...{ unit: 'µs CPU/click', figure: figureOf(values) },
    });
    return [
      row(least, cpu.few),
      row(most, cpu.many),
      { name: '  the most beside the fewest', unit: '×', figure: ratioOf(cpu.many, cpu.few), atMost: 1.2 },
    ];
  } finally {
    few.stop();
    many.stop();
  }
}

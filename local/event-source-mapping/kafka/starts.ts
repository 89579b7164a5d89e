import type { Reader } from './access.ts';
import type { Commits } from './commits.ts';
import type { KafkaContext } from './context.ts';

/**
 * Where partitions are read from: behind what the group has committed, else at the starting position. One that is the log's end,
 * or a time, is committed at once: looked up again after the next rebalance it would pass over what came meanwhile.
 * @throws what the brokers say
 */
export async function startsOf(
  { properties }: KafkaContext,
  partitions: readonly number[],
  { reader, commits, signal }: { reader: Reader; commits: Commits; signal: AbortSignal },
): Promise<ReadonlyMap<number, bigint>> {
  const committed = await commits.load();
  const without = partitions.filter((partition) => !committed.has(partition));
  if (without.length === 0) return committed;
  const { StartingPosition, StartingPositionTimestamp = 0 } = properties;
  if (StartingPosition === 'TRIM_HORIZON') {
    return new Map([...committed, ...(await reader.offsets('earliest', without))]);
  }
  const ends = await reader.offsets('latest', without);
  const wanted =
    StartingPosition === 'LATEST' ? ends : await reader.offsets(StartingPositionTimestamp * 1000, without);
  // No record is that new: the next one is.
  const starts = new Map(without.map((each) => [each, behind(wanted.get(each), ends.get(each))]));
  await commits.store(starts, signal);
  return new Map([...committed, ...starts]);
}

const behind = (wanted = -1n, end = 0n): bigint => (wanted < 0n ? end : wanted);

/**
 * Offsets that the log still has, or has: one that retention has taken away, or that is of a topic before this one, becomes its
 * beginning. Nothing that is there is passed over.
 * @throws what the brokers say
 */
export async function withinLog(
  offsets: ReadonlyMap<number, bigint>,
  reader: Reader,
): Promise<Map<number, bigint>> {
  const partitions = [...offsets.keys()];
  const first = await reader.offsets('earliest', partitions);
  const end = await reader.offsets('latest', partitions);
  return new Map(
    [...offsets].map(([partition, offset]) => {
      const begin = first.get(partition) ?? 0n;
      return [partition, offset < begin || offset > (end.get(partition) ?? 0n) ? begin : offset];
    }),
  );
}

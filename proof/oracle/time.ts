import type { Settings } from './oracle.ts';
import { type InputRecord, readInput } from './streams.ts';

export type Timed = Settings & {
  /** When all of the input can first have been known up to a time, that included; Infinity: not yet. */
  reached: (time: number) => number;
};

type Shards = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The time of user-events-input. In a replay each shard has a clock, the largest time of its clicks and heartbeats so far; a
 * child's begins with the largest of its ancestors. Else arrivals are the time, and there is no clock.
 * @param records those of one shard in their order there
 * @param ancestors of each shard that there is, those before it
 */
export function timeOf(records: readonly InputRecord[], ancestors: Shards, { toleranceMs }: Settings) {
  const clocks = new Map<InputRecord, number>();
  if (toleranceMs !== undefined) return { clocks, reached: (time: number) => time };
  const steps = new Map<string, { clock: number; at: number }[]>();
  const stepsTo = (id: string) => [id, ...(ancestors.get(id) ?? [])].map((one) => steps.get(one) ?? []);
  const byShard = Map.groupBy(records, ({ shardId }) => shardId);
  const shards = [...new Set([...ancestors.keys(), ...byShard.keys()])].sort();
  // By their ids: a child's is above its parents'.
  for (const shard of shards) {
    let clock = Math.max(0, ...stepsTo(shard).map((all) => all.at(-1)?.clock ?? 0));
    const own = (byShard.get(shard) ?? []).flatMap((record) => {
      const time = timeIn(record);
      const isStep = time > clock;
      clock = Math.max(clock, time);
      clocks.set(record, clock);
      return isStep ? [{ clock, at: record.arrival }] : [];
    });
    steps.set(shard, own);
  }
  const open = shards.filter((shard) => ![...ancestors.values()].some((before) => before.has(shard)));
  const reached = (time: number) => {
    const first = (id: string) => stepsTo(id).flatMap((all) => all.find((one) => one.clock > time)?.at ?? []);
    return Math.max(...open.map((shard) => Math.min(...first(shard))));
  };
  return { clocks, reached };
}

/** Of any click under its user's key, and any heartbeat; else 0. */
function timeIn({ data, partitionKey, refused }: InputRecord): number {
  const event = readInput('user', data);
  return refused || 'reason' in event
    ? 0
    : ((event.userId === partitionKey ? event.timestamp : event.time) ?? 0);
}

import type { Event, Said } from './streams.ts';

/** A valid event of an input stream, with what became of it. */
export type Settled = { id: string; shardId: string; arrival: number; event: Event; said: Said };

/**
 * Looks for an order of one key's events in which every step is right (freedom 3 in oracle.ts).
 * @param ancestors of each shard
 * @param step the state after an event, or what is wrong with its outcome in this state
 * @returns the last state, or what is wrong after the most steps that were right
 */
export function inSomeOrder<State extends object>(
  events: readonly Settled[],
  ancestors: ReadonlyMap<string, ReadonlySet<string>>,
  start: State,
  step: (state: State, settled: Settled) => State | string,
): State | string {
  const shards = [...Map.groupBy(events, ({ shardId }) => shardId)];
  const isAncestor = (shard: string, child: string) => ancestors.get(child)?.has(shard) === true;
  const before = shards.map(([child]) => shards.map(([shard]) => isAncestor(shard, child)));
  const open = [{ done: shards.map(() => 0), state: start }];
  const seen = new Set<string>();
  let furthest = { count: -1, problems: [''] };
  for (let node = open.pop(); node; node = open.pop()) {
    const { done, state } = node;
    const problems: string[] = [];
    const next = shards.flatMap(([, chain], shard) => {
      const settled = chain[done[shard] ?? 0];
      const isFree = shards.every(([, { length }], at) => !before[shard]?.[at] || done[at] === length);
      if (!settled || !isFree) return [];
      const after = step(state, settled);
      if (typeof after !== 'string')
        return [{ done: done.with(shard, (done[shard] ?? 0) + 1), state: after }];
      problems.push(`event ${settled.id}: ${after}`);
      return [];
    });
    if (next.length + problems.length === 0) return state;
    const count = done.reduce((sum, each) => sum + each, 0);
    if (next.length === 0 && count > furthest.count) furthest = { count, problems };
    // What changes nothing can as well come at once. With one choice there is no other way to what follows.
    const idle = next.find((each) => each.state === state);
    const names = next.length < 2 ? [] : next.map((each) => JSON.stringify(each));
    open.push(...(idle ? [idle] : next.filter((_, at) => !seen.has(names[at] ?? ''))));
    for (const name of idle ? [] : names) seen.add(name);
  }
  return furthest.problems.join('; ');
}

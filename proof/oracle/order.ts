import type { Event, Said } from './streams.ts';

/** A valid event of an input stream, with what became of it. */
export interface Settled {
  id: string;
  shardId: string;
  arrival: number;
  event: Event;
  said: Said;
}

/**
 * Looks for an order of one key's events in which every step is right (freedom 3 in oracle.ts): those of one shard as
 * they lie there, those of a shard after those of its ancestors.
 * @param step the state after an event, or what is wrong with its outcome in this state
 * @returns the last state, or what is wrong after the most steps that were right
 */
export function inSomeOrder<State extends object>(
  events: readonly Settled[],
  ancestors: (shardId: string) => ReadonlySet<string>,
  start: State,
  step: (state: State, settled: Settled) => State | string,
): State | string {
  const shards = [...Map.groupBy(events, ({ shardId }) => shardId)].map(([shardId, chain]) => ({
    shardId,
    chain,
  }));
  const parents = shards.map((child) =>
    shards.flatMap((shard, at) => (ancestors(child.shardId).has(shard.shardId) ? [at] : [])),
  );
  const open = [{ done: shards.map(() => 0), state: start }];
  const seen = new Set<string>();
  let furthest = { count: -1, problem: '' };
  for (let node = open.pop(); node; node = open.pop()) {
    const { done, state } = node;
    const problems: string[] = [];
    const next = shards.flatMap(({ chain }, shard) => {
      const settled = chain[done[shard] ?? 0];
      const isNext = parents[shard]?.every((parent) => done[parent] === shards[parent]?.chain.length);
      if (!settled || !isNext) return [];
      const after = step(state, settled);
      if (typeof after === 'string') problems.push(`event ${settled.id}: ${after}`);
      return typeof after === 'string'
        ? []
        : [{ done: done.with(shard, (done[shard] ?? 0) + 1), state: after }];
    });
    if (next.length + problems.length === 0) return state;
    const count = done.reduce((sum, each) => sum + each, 0);
    if (next.length === 0 && count > furthest.count) furthest = { count, problem: problems.join('; ') };
    // What changes nothing can as well come at once.
    const idle = next.find((each) => each.state === state);
    const isNew = (each: (typeof next)[number]) => {
      const name = next.length === 1 ? '' : JSON.stringify(each);
      return name === '' || (!seen.has(name) && seen.add(name));
    };
    open.push(...(idle ? [idle] : next.filter(isNew)));
  }
  return furthest.problem;
}

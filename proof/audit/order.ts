import type { May, Settled } from '../oracle/rules.ts';
import { says } from './outputs.ts';

/**
 * Looks for an order of one key's events in which each outcome is one that may be (freedom 2 in oracle.ts).
 * @param may all outcomes that an event may have in a state
 * @returns the last state, or what is wrong after the most steps that were right
 */
export function inSomeOrder<State extends object>(
  events: readonly Settled[],
  ancestors: ReadonlyMap<string, ReadonlySet<string>>,
  start: State,
  may: (state: State, settled: Settled) => readonly May<State>[],
): State | string {
  const shards = [...Map.groupBy(events, ({ shardId }) => shardId).values()];
  // Most keys: nothing is to be chosen.
  if (shards.length === 1) return inOrder(events, start, may);
  const open = [{ done: shards.map(() => 0), state: start }];
  const seen = new Set<string>();
  let furthest = { count: -1, problems: [''] };
  for (let node = open.pop(); node; node = open.pop()) {
    const { done, state } = node;
    const heads = shards.map((shard, at) => shard[done[at] ?? 0]);
    const problems: string[] = [];
    const next = heads.flatMap((head, at) => {
      if (!head || heads.some((other) => other && ancestors.get(head.shardId)?.has(other.shardId))) return [];
      const all = may(state, head);
      const right = all.find(({ event }) => says(head.said, event));
      if (right) return [{ done: done.with(at, (done[at] ?? 0) + 1), state: right.next }];
      problems.push(problemOf(head, state, all));
      return [];
    });
    if (next.length + problems.length === 0) return state;
    const count = done.reduce((sum, each) => sum + each, 0);
    if (next.length === 0 && count > furthest.count) furthest = { count, problems };
    // What changes nothing can as well come at once. With one choice there is no other way to what follows.
    const idle = next.find((each) => each.state === state);
    const names = idle || next.length < 2 ? [] : next.map((each) => JSON.stringify(each));
    open.push(...(idle ? [idle] : next.filter((_, at) => !seen.has(names[at] ?? ''))));
    for (const name of names) seen.add(name);
  }
  return furthest.problems.join('; ');
}

function inOrder<State extends object>(
  events: readonly Settled[],
  start: State,
  may: (state: State, settled: Settled) => readonly May<State>[],
): State | string {
  let state = start;
  for (const settled of events) {
    const all = may(state, settled);
    const right = all.find(({ event }) => says(settled.said, event));
    if (!right) return problemOf(settled, state, all);
    state = right.next;
  }
  return state;
}

function problemOf({ id, said }: Settled, state: object, all: readonly May<object>[]): string {
  const [was, must, before] = [said.json, all.map(({ event }) => event), state].map((json) =>
    JSON.stringify(json),
  );
  return `event ${id}: in ${before} it was ${was}, and must be one of ${must}`;
}

/** Of each shard, by the ids of those that it was split or merged from. */
export function ancestorsIn(parents: ReadonlyMap<string, readonly string[]>) {
  const all = new Map<string, ReadonlySet<string>>();
  // By their ids: a child's is above its parents'.
  for (const [shardId, own] of [...parents].sort())
    all.set(shardId, new Set(own.flatMap((parent) => [parent, ...(all.get(parent) ?? [])])));
  return all;
}

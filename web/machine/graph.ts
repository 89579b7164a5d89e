/** The pipeline as a graph: what reads from what and writes to what, and in which column each stands. Pure. */
import type { MappingState, PipelineState } from './types.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Against the stream: refunds and heartbeats go back to the inputs, ticks are asked for again. */
  readonly isBack: boolean;
}

export interface Graph {
  /** Streams, queues and functions, from the left; `channelNode` and `functionNode` tell them apart. */
  readonly columns: readonly (readonly string[])[];
  readonly edges: readonly Edge[];
}

/** A queue and the function that reads it may have one name. */
export const channelNode = (name: string): string => `channel ${name}`;
export const functionNode = (name: string): string => `function ${name}`;
export const nameOfNode = (node: string): string => node.slice(node.indexOf(' ') + 1);

export function graphOf({ streams, queues, functions }: PipelineState): Graph {
  const channels = [...streams, ...queues].map(({ name }) => name);
  const nodes = [...channels.map(channelNode), ...functions.map(({ name }) => functionNode(name))];
  const isStream = (channel: string) => streams.some(({ name }) => name === channel);
  // Who reads a stream is told its name to know it by. Back into the queue that it reads a function puts ticks again.
  const isOnlyRead = (channel: string, mappings: readonly MappingState[]) =>
    isStream(channel) && mappings.some(({ source }) => source === channel);
  const pairs = functions.flatMap(({ name, mappings, uses }) => [
    ...mappings.map(({ source }): [string, string] => [channelNode(source), functionNode(name)]),
    ...uses
      .filter((one) => channels.includes(one) && !isOnlyRead(one, mappings))
      .map((one): [string, string] => [functionNode(name), channelNode(one)]),
  ]);
  const distinct = [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
  const inputs = streams.filter(({ isInput }) => isInput).map(({ name }) => channelNode(name));
  const back = backEdges(nodes, distinct, new Set(inputs));
  const forward = distinct.filter((pair) => !back.has(pair));
  const ranks = ranksOf(nodes, forward);
  const isUsed = (node: string) => distinct.some((pair) => pair.includes(node));
  const columns: string[][] = [];
  for (const node of nodes.filter(isUsed)) {
    const rank = ranks.get(node) ?? 0;
    columns[rank] = [...(columns[rank] ?? []), node];
  }
  return {
    columns: Array.from(columns, (column = []) => column).filter((column) => column.length > 0),
    edges: distinct.map((pair) => ({ from: pair[0], to: pair[1], isBack: back.has(pair) })),
  };
}

/** Those that close a circle, and all that lead to where events come in. */
function backEdges(
  nodes: readonly string[],
  pairs: readonly [string, string][],
  inputs: ReadonlySet<string>,
): Set<[string, string]> {
  const back = new Set(pairs.filter(([, to]) => inputs.has(to)));
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]) => {
    if (done.has(node)) return;
    for (const pair of pairs.filter(([from]) => from === node)) {
      if (path.includes(pair[1])) back.add(pair);
      else if (!back.has(pair)) visit(pair[1], [...path, pair[1]]);
    }
    done.add(node);
  };
  for (const node of nodes.toSorted((left, right) => Number(inputs.has(right)) - Number(inputs.has(left))))
    visit(node, [node]);
  return back;
}

/** The longest way to each. */
function ranksOf(nodes: readonly string[], forward: readonly [string, string][]): Map<string, number> {
  const ranks = new Map(nodes.map((node) => [node, 0]));
  for (let round = 0; round < nodes.length; round += 1)
    for (const [from, to] of forward) ranks.set(to, Math.max(ranks.get(to) ?? 0, (ranks.get(from) ?? 0) + 1));
  return ranks;
}

/** The graph: cards in columns, and lines from each to what it feeds. Where there is no room for lines, the cards say it. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { channelNode, type Edge, functionNode, type Graph, graphOf, nameOfNode } from '../machine/graph.ts';
import type { FunctionState, MappingState, PipelineState, StreamState } from '../machine/types.ts';
import { count, counted } from './text.tsx';

interface GraphProps {
  readonly state: PipelineState;
  short(name: string): string;
}

interface Line extends Edge {
  readonly path: string;
}

export function PipelineGraph({ state, short }: GraphProps) {
  const place = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const graph = graphOf(state);
  const shape = JSON.stringify(graph);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = () => setLines(linesIn(element, JSON.parse(shape) as Graph));
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, [shape]);
  return (
    <section class="graph" aria-label="Streams and functions" ref={place}>
      <svg aria-hidden="true">
        {lines.map(({ from, to, path, isBack }) => (
          <path key={`${from} ${to}`} d={path} class={isBack ? 'is-back' : ''} />
        ))}
      </svg>
      {graph.columns.map((column) => (
        <ul key={column[0]}>
          {column.map((node) => (
            <li key={node} data-node={node}>
              <Card node={node} state={state} graph={graph} short={short} />
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
}

function Card({ node, state, graph, short }: GraphProps & { node: string; graph: Graph }) {
  const one = state.functions.find(({ name }) => functionNode(name) === node);
  const stream = state.streams.find(({ name }) => channelNode(name) === node);
  const queue = state.queues.find(({ name }) => channelNode(name) === node);
  const to = graph.edges.filter(({ from }) => from === node).map((edge) => short(nameOfNode(edge.to)));
  return (
    <div class={`node ${one === undefined ? 'is-channel' : ''}`}>
      <b>{short(nameOfNode(node))}</b>
      {stream !== undefined && <Flow stream={stream} />}
      {queue !== undefined && (
        <span class="aside">
          queue, {count(queue.waiting + queue.inFlight)} waiting, {count(queue.delayed)} delayed
        </span>
      )}
      {one !== undefined && <Work one={one} state={state} short={short} />}
      {to.length > 0 && <span class="aside flows">goes to {to.join(', ')}</span>}
    </div>
  );
}

function Flow({ stream: { kind, shards, inPerSecond, outPerSecond } }: { stream: StreamState }) {
  return (
    <>
      <span class="aside">
        {kind}, {counted(shards, kind === 'topic' ? 'partition' : 'shard')}
      </span>
      <span class="aside flow">
        <span>
          <b>{rate(inPerSecond)}</b> in/s
        </span>
        <span>
          <b>{rate(outPerSecond)}</b> out/s
        </span>
      </span>
    </>
  );
}

function Work({ one, state, short }: GraphProps & { one: FunctionState }) {
  const { recordsPerSecond, failed, mappings, uses } = one;
  const stores = uses.filter((name) => state.stores.includes(name)).map(short);
  const isPaused = mappings.some(({ isEnabled }) => !isEnabled);
  const lag = Math.max(0, ...mappings.map(({ lagMs }) => lagMs));
  return (
    <>
      <span class="rate">
        {rate(recordsPerSecond)} <span class="aside">records/s</span>
      </span>
      <span class="aside">
        lag {(lag / 1000).toFixed(1)} s{unfinishedIn(mappings)}
      </span>
      <span class="chips">
        {isPaused && <span class="chip is-wait">paused</span>}
        {failed > 0 && <span class="chip is-bad">{count(failed)} failed</span>}
      </span>
      {stores.length > 0 && <span class="aside stores">{stores.join(', ')}</span>}
    </>
  );
}

function unfinishedIn(mappings: readonly MappingState[]): string {
  const unfinished = mappings.reduce((sum, one) => sum + one.unfinished, 0);
  return unfinished === 0 ? '' : `, ${count(unfinished)} under way`;
}

const rate = (perSecond: number) => (perSecond < 100 ? perSecond.toFixed(1) : count(Math.round(perSecond)));

interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly middle: number;
}

/** How far below the cards the ways back run, px. */
const below = 34;

function linesIn(element: HTMLElement, { edges }: Graph): Line[] {
  const frame = element.getBoundingClientRect();
  const boxes = new Map(
    [...element.querySelectorAll<HTMLElement>('[data-node]')].map((card): [string, Box] => {
      const { left, right, top, bottom } = card.getBoundingClientRect();
      const [x, y] = [element.scrollLeft - frame.left, -frame.top];
      return [
        card.dataset.node ?? '',
        { left: left + x, right: right + x, bottom: bottom + y, middle: (top + bottom) / 2 + y },
      ];
    }),
  );
  return edges.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    return [{ ...edge, path: edge.isBack ? wayBack(from, to) : wayOn(from, to) }];
  });
}

/** From the right of one card to the left of the next. */
function wayOn(from: Box, to: Box): string {
  const bend = Math.max(20, (to.left - from.right) / 2);
  return `M${from.right},${from.middle} C${from.right + bend},${from.middle} ${to.left - bend},${to.middle} ${to.left},${to.middle}`;
}

/** Below all that is between them. */
function wayBack(from: Box, to: Box): string {
  const [start, end] = [(from.left + from.right) / 2, (to.left + to.right) / 2];
  const low = Math.max(from.bottom, to.bottom) + below;
  return `M${start},${from.bottom} C${start},${low} ${end},${low} ${end},${to.bottom}`;
}

/** What the page computes, without a browser. */
import { describe, expect, it } from 'vitest';
import { quicknet as verifiers } from '../../verify/beacon.ts';
import { quicknet } from '../../web/check/quicknet.ts';
import { ServerClock } from '../../web/live/server-clock.ts';
import { channelNode, functionNode, graphOf } from '../../web/machine/graph.ts';
import type { PipelineState } from '../../web/machine/types.ts';
import { phaseOf, prizeAt, prizesLeft, roundTime } from '../../web/page/phase.ts';
import { pipelineState } from './support/machine.ts';
import { firstWindow, record, startOf, viewOf, windowMs } from './support/recorded.ts';

describe('the clock of the server', () => {
  it('goes by the stamp that was under way for the shortest time', () => {
    let own = 5_000;
    const clock = new ServerClock(() => own);
    clock.learn(99_000);
    clock.learn(100_000);
    clock.learn(98_000);
    expect(clock.now()).toBe(100_000);
    own += 250;
    // An old snapshot does not turn it back.
    clock.learn(90_000);
    clock.learn(Number.NaN);
    expect(clock.now()).toBe(100_250);
    // After a break what is known counts until there is something new: the clock of the machine may be wrong by hours.
    clock.doubt();
    expect(clock.now()).toBe(100_250);
    clock.learn(50_000);
    expect(clock.now()).toBe(50_000);
    clock.learn(40_000);
    expect(clock.now()).toBe(50_000);
  });
});

describe('a lottery at a time', () => {
  const view = viewOf(record([1, 2], ['car', 'bike', 'pen', 'tea']), { drawn: 1, open: 2 });

  it.each([
    [firstWindow - 1, { kind: 'before', startsAt: firstWindow }],
    [firstWindow, { kind: 'open', windowStart: firstWindow, windowEnd: startOf(1) }],
    [startOf(4) - 1, { kind: 'open', windowStart: startOf(3), windowEnd: startOf(4) }],
    [startOf(4), { kind: 'last-draws' }],
  ])('is at %i', (now, phase) => {
    expect(phaseOf(view, now)).toEqual(phase);
  });

  it('is none of these in a replay, or once it has ended', () => {
    expect(phaseOf({ ...view, isReplay: true }, firstWindow)).toEqual({ kind: 'replay' });
    expect(phaseOf({ ...view, isReplay: true, state: 'ended' }, firstWindow)).toEqual({ kind: 'ended' });
  });

  it('has the prize of each window', () => {
    expect([0, 1, 2, 3, 4].map((window) => prizeAt(view, startOf(window)))).toEqual([
      undefined,
      'bike',
      'pen',
      'tea',
      undefined,
    ]);
    expect([-1, 0, 1, 3, 4, 9].map((window) => prizesLeft(view, firstWindow + window * windowMs))).toEqual([
      4, 4, 3, 1, 0, 0,
    ]);
  });
});

it('has no prizes left behind the last window, nor those that a replay has drawn', () => {
  const view = viewOf(record([1, 2], ['car', 'bike', 'pen', 'tea']), { drawn: 1, open: 2 });
  const stopped = { ...view, lastWindowStart: startOf(1) };
  expect([0, 1, 2].map((window) => prizesLeft(stopped, startOf(window)))).toEqual([2, 1, 0]);
  expect(prizesLeft({ ...view, lastWindowStart: startOf(-1) }, firstWindow)).toBe(0);
  expect(prizesLeft({ ...view, state: 'ended' }, firstWindow)).toBe(0);
  expect(prizesLeft({ ...view, isReplay: true }, startOf(1_000))).toBe(3);
});

it('takes nobody’s word for when a round of the public chain is published', () => {
  expect(verifiers).toMatchObject(quicknet);
  const view = viewOf(record([1]), { drawn: 1 });
  const [window] = view.windows;
  if (window === undefined) throw new Error('No window');
  const chain = { ...verifiers, genesisSeconds: verifiers.genesisSeconds + 3_600 };
  expect(roundTime({ ...view, chain }, { ...window, round: 2 })).toBe(1_692_803_370_000);
});

it('has the inputs first whatever their names: topics have others', () => {
  const renamed = JSON.stringify(pipelineState).replaceAll('-events-input', '-input-topic');
  const columns = graphOf(JSON.parse(renamed) as PipelineState).columns;
  expect(JSON.stringify(columns).replaceAll('-input-topic', '-events-input')).toBe(
    JSON.stringify(graphOf(pipelineState).columns),
  );
});

it('puts the pipeline into columns, with ways back where there is a circle', () => {
  const { columns, edges } = graphOf(pipelineState);
  const columnOf = (node: string) => columns.findIndex((column) => column.includes(node));
  for (const { from, to, isBack } of edges) if (!isBack) expect(columnOf(from)).toBeLessThan(columnOf(to));
  expect(columnOf(channelNode('dev-user-events-input'))).toBe(0);
  // A queue and its function have one name.
  expect(columnOf(channelNode('dev-ticks'))).toBeLessThan(columnOf(functionNode('dev-ticks')));
  expect(edges).toContainEqual({
    from: functionNode('dev-draw'),
    to: channelNode('dev-user-events-input'),
    isBack: true,
  });
  expect(columns.flat()).not.toContain(functionNode('dev-receipts-public-key'));
  // The archive is told the names of the streams that it reads, and puts nothing on them.
  const to = edges.filter(({ from }) => from === functionNode('dev-archive'));
  expect(to).toEqual([]);
  for (const reader of ['archive', 'live'])
    expect(columnOf(functionNode(`dev-${reader}`))).toBe(columns.length - 1);
  // Ticks go into the queue again.
  expect(edges).toContainEqual({
    from: functionNode('dev-ticks'),
    to: channelNode('dev-ticks'),
    isBack: true,
  });
});

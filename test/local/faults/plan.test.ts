import { describe, expect, it } from 'vitest';
import { plannedFaults } from '../../../local/faults/environment-faults.ts';
import { callFaults, deliveryFaults } from '../../../local/faults/kinds.ts';
import { defaultRates, FaultPlan } from '../../../local/faults/plan.ts';

const victims = { streams: [], functionNames: ['f', 'g'], readers: new Map<string, string[]>() };

const plan = (seed: number) => new FaultPlan(seed, defaultRates);

function calls(seed: number) {
  return Array.from({ length: 2_000 }, (_, number) => plan(seed).call('dev-draw', 'PutItem', number));
}

describe('the plan of faults', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    const kinds = (seed: number) => calls(seed).map((decision) => decision?.kind);
    expect(kinds(7)).toEqual(kinds(7));
    expect(kinds(7)).not.toEqual(kinds(8));
  });

  it('does not depend on what else was asked for', () => {
    const asked = plan(7);
    asked.call('dev-ticks', 'PutRecords', 1);
    asked.delivery('dev-draw', true, 5);
    expect(asked.call('dev-draw', 'PutItem', 3)?.kind).toBe(plan(7).call('dev-draw', 'PutItem', 3)?.kind);
  });

  it('has every kind of fault of a call and of a delivery', () => {
    const planned = new Set(calls(7).map((decision) => decision?.kind));
    expect(callFaults.filter((kind) => !planned.has(kind))).toEqual([]);
    const deliveries = Array.from({ length: 2_000 }, (_, number) =>
      plan(7).delivery('dev-draw', true, number),
    );
    expect(deliveryFaults.filter((kind) => !deliveries.includes(kind))).toEqual([]);
  });

  it('ends no window early where there is none', () => {
    const deliveries = Array.from({ length: 2_000 }, (_, number) =>
      plan(7).delivery('dev-user', false, number),
    );
    expect(deliveries).not.toContain('windowEndedEarly');
  });

  it('lets at least one entry of a batch fail, and never none', () => {
    const decisions = calls(7).filter((decision) => decision !== undefined);
    for (const decision of decisions) expect(decision.entries(3)).toContain(true);
    expect(decisions.some((decision) => decision.entries(25).includes(false))).toBe(true);
  });

  it('lets each topic grow, and a group that reads it change hands', () => {
    const readers = new Map([
      ['clicks', ['f', 'g']],
      ['stops', ['h']],
    ]);
    const planned = plannedFaults(7, defaultRates, { ...victims, streams: ['a'], readers });
    const first = Array.from({ length: 8 }, () => planned.next().value);
    const grown = first.flatMap((fault) => (fault.type === 'addPartition' ? [fault.topic] : []));
    expect(grown.toSorted()).toEqual(['clicks', 'stops']);
    const rebalanced = first.flatMap((fault) => (fault.type === 'rebalance' ? [fault.functionName] : []));
    expect(rebalanced).toHaveLength(2);
    expect(rebalanced).toContain('h');
  });

  it('reshards each stream once before any is resharded again', () => {
    const streams = ['a', 'b', 'c', 'd', 'e'];
    const planned = plannedFaults(7, defaultRates, { ...victims, streams });
    const first = Array.from({ length: 2 * streams.length }, () => planned.next().value);
    const resharded = first.flatMap((fault) => (fault.type === 'reshard' ? [fault.stream] : []));
    expect(resharded.toSorted()).toEqual(streams);
    expect(resharded).not.toEqual(streams);
  });
});

import { expect, it } from 'vitest';
import { conditionsOf, conditionsOnTopics } from '../../../proof/simulation/conditions.ts';
import { simulate } from '../../../proof/simulation/simulate.ts';
import { Templates } from '../../../proof/simulation/templates.ts';
import { soakContext } from '../../../proof/soak/options.ts';

const environment = 'dev';
const templates = new Templates(environment, soakContext(environment));

/** Partitions are added, and change hands. One has Lambda poll on demand, the other in provisioned mode. */
const seeds = [3, 2] as const;

it('both modes of Lambda are among the seeds', () => {
  expect(new Set(seeds.map((seed) => conditionsOf(seed).kafka.isOnDemand)).size).toBe(2);
});

it('outer streams that are topics: nothing is violated, and a seed is the whole run', async () => {
  const traceOf = async (seed: number) => {
    const lines: string[] = [];
    const { violations, undrained, faults } = await simulate({
      ...{ seed, events: 120, environment, assembly: templates.of('kafka') },
      trace: (line) => lines.push(line),
    });
    expect({ seed, violations, undrained }).toEqual({ seed, violations: [], undrained: [] });
    return { lines, faults };
  };
  const runs = [];
  for (const seed of seeds) runs.push(await traceOf(seed));
  expect(runs.some(({ faults }) => 'partitionAdded' in faults.byKind)).toBe(true);
  expect((await traceOf(seeds[0])).lines).toEqual(runs[0]?.lines);
});

it('broken code on topics: batches are given up after their retries, and redriven from the bucket', async () => {
  const seed = 4;
  const { outage, kafka } = conditionsOnTopics(seed);
  expect(outage).toBeDefined();
  expect(kafka.isOnDemand).toBe(false);
  const lines: string[] = [];
  const { violations, undrained, givenUp, passedOver } = await simulate({
    ...{ seed, events: 120, environment, assembly: templates.of('kafka') },
    trace: (line) => lines.push(line),
  });
  expect({ violations, undrained }).toEqual({ violations: [], undrained: [] });
  expect(givenUp).toBeGreaterThan(passedOver);
  expect(lines.filter((line) => /redrive: .*-input-topic-.*: redriven$/.test(line))).not.toEqual([]);
});

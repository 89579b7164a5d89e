import type { Bundle } from '../bundles.ts';
import { Child } from '../child.ts';
import type { BenchContext } from '../context.ts';
import { nowhere, variables } from '../function/variables.ts';
import { figureOf, inTurns } from '../measure.ts';
import type { Row } from '../table.ts';

const largestKb = 380;
const longestMs = 60;
/** By esbuild's metafile of draw, minified. */
const parts =
  'Half of it is the SDK, 113 KB its two cores; BLS is 72, the product itself 53, zod 33, Powertools 31';

interface Took {
  readonly milliseconds: number;
  /** CPU time of all threads, ms. */
  readonly cpu: number;
}

interface Cold {
  readonly load: Took;
  readonly first?: Took;
}

/** Sizes of the bundles as they are deployed, and what a fresh process takes for them and for its first invocation. */
export async function coldStart(context: BenchContext): Promise<Row[]> {
  const { bundles, effort, userEvents } = context;
  const sorted = bundles.toSorted((left, right) => right.bytes - left.bytes);
  const rounds = { rounds: effort.of(5), warmUp: effort.of(1, 0) };
  const loads = await inTurns(
    Object.fromEntries(sorted.map(({ name, path }) => [name, () => cold(path, variables(nowhere))])),
    rounds,
  );
  const environment = {
    ...variables(context.stub.endpoint),
    ...(await context.stub.usersTable(1_000)),
    BENCH_GENERATOR: context.generator.url,
  };
  const firstOf = (clicks: number) => () =>
    cold(userEvents.path, { ...environment, BENCH_CLICKS: String(clicks) });
  const firsts = await inTurns({ one: firstOf(1), thousand: firstOf(1_000) }, rounds);
  const [largest, ...others] = sorted;
  if (largest === undefined) throw new Error('The app has no function');
  return [
    {
      name: `largest bundle: ${largest.name}`,
      unit: 'KB',
      value: largest.bytes / 1_024,
      atMost: largestKb,
      reason: parts,
    },
    loadRow(loads[largest.name], { atMost: longestMs, reason: parts }),
    cpuRow(loads[largest.name]?.map(({ load }) => load) ?? []),
    ...others.flatMap((bundle) => bundleRows(bundle, loads[bundle.name])),
    ...firstRows('of 1 click', firsts.one),
    ...firstRows('of 1,000 clicks', firsts.thousand),
  ];
}

/** @throws Error when the process fails */
async function cold(module: string, environment: Record<string, string>): Promise<Cold> {
  const child = new Child('./function/cold.ts', { ...environment, BENCH_MODULE: module });
  try {
    return (await child.answer()) as Cold;
  } finally {
    child.stop();
  }
}

function bundleRows({ name, bytes }: Bundle, loads: readonly Cold[] | undefined): Row[] {
  return [{ name, unit: 'KB', value: bytes / 1_024 }, loadRow(loads)];
}

function loadRow(loads: readonly Cold[] = [], target: Pick<Row, 'atMost' | 'reason'> = {}): Row {
  const figure = figureOf(loads.map(({ load }) => load.milliseconds));
  return { name: '  time to load', unit: 'ms', figure, ...target };
}

function cpuRow(took: readonly Took[]): Row {
  return { name: '  CPU time of it', unit: 'ms', figure: figureOf(took.map(({ cpu }) => cpu)) };
}

function firstRows(name: string, colds: readonly Cold[]): Row[] {
  const firsts = colds.flatMap(({ first }) => (first === undefined ? [] : [first]));
  const figure = figureOf(firsts.map(({ milliseconds }) => milliseconds));
  return [{ name: `user-events, its first invocation, ${name}`, unit: 'ms', figure }, cpuRow(firsts)];
}
